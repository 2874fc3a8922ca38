import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ParameterError } from "../../src/core/parameters.ts";
import { type Cell, canonicalJson, cellKey, manifestOf, readManifest, scenarioById } from "../../src/experiments/cell.ts";
import { simulateCells, thresholdsCell } from "../../src/experiments/sweep.ts";
import { version } from "../../src/experiments/version.ts";
import { linearRegression } from "./fixtures/ridge.ts";

const cell: Cell = { scenario: "s", kind: "simulate", params: { alpha: 0.1, prior: "binary" }, seed: 3, version: "0.1.0" };

test("the key is the SHA-256 of the canonical JSON, whatever the order of the properties", () => {
  const text = '{"kind":"simulate","params":{"alpha":0.1,"prior":"binary"},"scenario":"s","seed":3,"version":"0.1.0"}';
  expect(canonicalJson(cell)).toBe(text);
  expect(cellKey(cell)).toBe(createHash("sha256").update(text).digest("hex"));
  const { scenario, ...rest } = cell;
  expect(cellKey({ ...rest, params: { prior: "binary", alpha: 0.1 }, scenario })).toBe(cellKey(cell));
});

test("anything in a cell changes its key: parameter, seed, version, kind, trajectory", () => {
  const others: Cell[] = [
    { ...cell, seed: 4 },
    { ...cell, seed: null },
    { ...cell, version: "0.1.1" },
    { ...cell, kind: "predict" },
    { ...cell, trajectory: true },
    { ...cell, params: { ...cell.params, alpha: 0.1 + 2 ** -54 * 2 } }
  ];
  expect(new Set([cell, ...others].map(cellKey)).size).toBe(others.length + 1);
});

test("canonical JSON parses back to what was written", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    })
  );
  expect(canonicalJson(-0)).toBe("0");
  expect(() => canonicalJson(Number.NaN)).toThrow("finite");
});

test("a manifest keeps each cell once and reads back as it was", async () => {
  const cells = simulateCells(linearRegression, { alpha: "0.5" }, [0, 1, 1, 2], { trajectory: true });
  const manifest = manifestOf("three runs", cells);
  expect(manifest.cells).toHaveLength(3);
  expect(manifest.cells[0].params).toEqual({ alpha: 0.5, noise: 0.1, size: 40, mode: "plain" });
  expect(manifest.cells[0].version).toBe(version);
  expect(await readManifest(JSON.stringify(manifest))).toEqual(manifest);
});

test("theory does not depend on the size, so neither does its key", () => {
  expect(cellKey(thresholdsCell(linearRegression, { size: 10, alpha: 2 }))).toBe(
    cellKey(thresholdsCell(linearRegression, { size: 1000, alpha: 1 }))
  );
});

test("a manifest that is not one is refused with the place of the first mistake", async () => {
  await expect(readManifest("{", "m.json")).rejects.toThrow(ParameterError);
  const bad = { ...manifestOf("x", [cell]), cells: [{ ...cell, kind: "guess" }] };
  await expect(readManifest(JSON.stringify(bad), "m.json")).rejects.toThrow("m.json: cells.0.kind");
});

test("an unknown scenario is refused with a suggestion", () => {
  expect(() => scenarioById({ linearRegression }, "linear-regresion")).toThrow("did you mean linear-regression?");
});

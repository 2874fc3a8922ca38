/** examples/hidden-manifold, run as its README says on small inputs: a plateau without structure, none with it, and where students agree. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { built } from "./process.ts";

const script = fileURLToPath(new URL("../../examples/hidden-manifold/compare.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "spinodal-hidden-manifold-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Point {
  readonly error: number;
  readonly disagreement: number;
  readonly elsewhere: number;
}
interface Row {
  readonly name: string;
  readonly plateau: { readonly height: number } | null;
  readonly early: Point;
  readonly end: Point;
}

describe("examples/hidden-manifold", () => {
  let table: readonly Row[] = [];
  beforeAll(async () => {
    await built();
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, "1", "out", "250"], { cwd: folder, encoding: "utf8" });
    expect(status, `${stdout}${stderr}`).toBe(0);
    table = JSON.parse(readFileSync(join(folder, "out/table.json"), "utf8")) as readonly Row[];
  }, 180_000);
  const of = (name: string) => table.find((row) => row.name.startsWith(name)) as Row;

  test("unstructured inputs have a plateau, structured ones and digits none", () => {
    expect(table.map(({ plateau }) => plateau !== null)).toEqual([true, false, false, false]);
    expect(of("unstructured").plateau?.height).toBeCloseTo(0.0127, 3);
  });

  test("students of unstructured inputs agree alike everywhere, those of digits on digits alone", () => {
    const { early, end } = of("unstructured");
    expect(early.elsewhere / early.disagreement).toBeGreaterThan(0.7);
    expect(early.elsewhere / early.disagreement).toBeLessThan(1.4);
    expect(end.disagreement).toBeLessThan(1e-3);
    expect(of("digits").end.elsewhere).toBeGreaterThan(2 * of("digits").end.disagreement);
  });
});

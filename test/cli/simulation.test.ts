import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { built, spinodal } from "./process.ts";

const folder = mkdtempSync(join(tmpdir(), "spinodal-cli-"));
beforeAll(built);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const small = ["perceptron", "--size", "200"];

describe("simulate", () => {
  test("bricks and layers that are refused exit with 2 and one sentence, as in predict", async () => {
    for (const [words, sentence] of [
      [["multilayer", "--layers", "foo"], /unknown activation "foo"/],
      [["multilayer", "--layers", "relu:ratoi=2"], /layer relu:ratoi=2 has no ratoi; did you mean ratio\?/],
      [["rotational-glm", "--ensemble", "partial-fourier"], /take all real or all complex/]
    ] as const) {
      const ended = await spinodal(["simulate", ...words, "--size", "20", "--workers", "0"]);
      expect(ended.code).toBe(2);
      expect(ended.stdout).toBe("");
      expect(ended.stderr).toMatch(sentence);
    }
  });
  test("the JSON is the contract: runs, mean, sem, success", async () => {
    const ended = await spinodal(["simulate", ...small, "--seeds", "3", "--json"]);
    expect(ended.stderr).toBe("");
    expect(ended.code).toBe(0);
    const s = JSON.parse(ended.stdout);
    expect(s).toMatchObject({ scenario: "perceptron", params: { size: 200 } });
    expect(s.runs.map((r: { seed: number }) => r.seed)).toEqual([1, 2, 3]);
    const values = s.runs.map((r: { observables: { overlap: number } }) => r.observables.overlap);
    expect(s.mean.overlap).toBeCloseTo((values[0] + values[1] + values[2]) / 3, 12);
    expect(s.success).toBe(s.runs.filter((r: { outcome: { kind: string } }) => r.outcome.kind === "converged").length / 3);
    expect(s.runs[0].trajectory).toBeUndefined();
  });
  test("the same seed is the same run, whatever runs beside it; one run has no standard error", async () => {
    const [a, b] = await Promise.all([
      spinodal(["simulate", ...small, "--seeds", "3", "--json"]),
      spinodal(["simulate", ...small, "--seed", "2", "--trajectory", "--json", "--workers", "0"])
    ]);
    const [many, one] = [JSON.parse(a.stdout), JSON.parse(b.stdout)];
    expect(one.runs[0].observables).toEqual(many.runs[1].observables);
    expect(one.runs[0].instance).toMatch(/^[0-9a-f]{16}$/);
    expect(many.runs.map((r: { instance: string }) => r.instance).indexOf(one.runs[0].instance)).toBe(1);
    expect(one.sem.overlap).toBeNull();
    expect(one.runs[0].trajectory.overlap).toHaveLength(one.runs[0].trajectory.t.length);
  });
  test("seed 0 is a seed, and not seed 1", async () => {
    const run = async (seed: string) => JSON.parse((await spinodal(["simulate", ...small, "--seed", seed, "--json"])).stdout).runs[0];
    const [zero, one] = [await run("0"), await run("1")];
    expect(zero.seed).toBe(0);
    expect(zero.observables).not.toEqual(one.observables);
  });
  test("a success is what the rule says", async () => {
    const ended = await spinodal(["simulate", ...small, "--seeds", "2", "--success", "overlap>=2", "--json"]);
    expect(JSON.parse(ended.stdout).success).toBe(0);
  });
  test.each([
    [["--seeds", "0"], /--seeds must be an integer in \[1, 1000000\], got 0/],
    [["--seeds", "1.5"], /--seeds must be an integer/],
    [["--seed", "-1"], /--seed must be an integer in \[0, 2\^53\), got -1/],
    [["--success", "overlap"], /--success: expected an observable and a bound/],
    [["--success", "overlp>1"], /did you mean overlap\?/],
    [["--size", "0"], /size must be an integer/],
    [["--out", "/dev/null/x"], /--out \/dev\/null\/x: cannot make this folder/]
  ])("%j is refused", async (words, sentence) => {
    const ended = await spinodal(["simulate", ...small, ...words]);
    expect(ended.stderr).toMatch(sentence);
    expect(ended.stdout).toBe("");
    expect(ended.code).toBe(2);
  });
  test("runs that use up their iterations exit with 3 and stay in the table", async () => {
    const ended = await spinodal(["simulate", ...small, "--iterations", "1", "--seeds", "2"]);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/horizon/);
    expect(ended.stdout).toMatch(/success: 0 of 2/);
  });
});

describe("compare", () => {
  const words = ["compare", ...small, "--prior", "binary", "--along", "alpha=0.5:1.5:0.5", "--seeds", "2"];
  test("table, thresholds, plot and files; the JSON says the same", async () => {
    const out = join(folder, "compare");
    const ended = await spinodal([...words, "--out", out]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain("thresholds: algorithmic 1.4926318182, informationTheoretic 1.2446839899");
    expect(readdirSync(out)).toEqual(
      expect.arrayContaining([
        "runs.csv",
        "theory.csv",
        "summary.csv",
        "manifest.json",
        "compare-overlap.svg",
        "compare-overlap.png",
        "compare-overlap.pdf",
        "cells"
      ])
    );
    expect(readFileSync(join(out, "runs.csv"), "utf8").trim().split("\n")).toHaveLength(1 + 3 * 2);
    const again = await spinodal([...words, "--out", out, "--json"]);
    const c = JSON.parse(again.stdout);
    expect(c.points).toHaveLength(3);
    expect(c.along).toEqual({ name: "alpha", values: [0.5, 1, 1.5] });
    expect(c.files).toContain(join(out, "runs.csv"));
  });
  test("theory alone", async () => {
    const ended = await spinodal(["compare", "compressed-sensing", "--along", "alpha=0.3,0.5", "--seeds", "0"]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).not.toMatch(/success/);
  });
  test.each([
    [["compare", "perceptron"], /--along is missing/],
    [["compare", "perceptron", "--along", "alpha"], /expected name=start:stop:step/],
    [["compare", "perceptron", "--along", "alpha=2:1:0.1"], /the stop must not be less than the start/],
    [["compare", "perceptron", "--along", "alpah=1:2:0.1"], /did you mean alpha\?/],
    [["compare", "perceptron", "--along", "alpha=1,2", "--observable", "overlp"], /--observable must be one of .*did you mean overlap\?/]
  ])("%j is refused", async (bad, sentence) => {
    const ended = await spinodal(bad);
    expect(ended.stderr).toMatch(sentence);
    expect(ended.code).toBe(2);
  });
  test("Ctrl-C keeps what was finished, exits with 130, and the same command goes on to the same numbers", async () => {
    const long = ["compare", "perceptron", "--size", "600", "--along", "alpha=0.5:2:0.25", "--seeds", "40"];
    const out = join(folder, "stopped");
    const stopped = await spinodal([...long, "--out", out], { interruptAfter: 2500 });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/interrupted: \d+ of \d+ cells are finished and kept; the same command continues from there/);
    const kept = readdirSync(join(out, "cells"))
      .map(
        (name) =>
          readFileSync(join(out, "cells", name), "utf8")
            .trim()
            .split("\n").length
      )
      .reduce((a, b) => a + b, 0);
    expect(kept).toBeGreaterThan(0);
  });
});

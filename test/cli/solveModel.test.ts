/** `spinodal solve --model`: files beside the JSON, named observations and truths, npy and report out, exit codes. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readNpy, writeNpy } from "../../src/io/npy.ts";
import { activations, layers, likelihoods, model, observe, priors } from "../../src/models/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { built, spinodal } from "./process.ts";

const folder = mkdtempSync(join(tmpdir(), "spinodal-model-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const real = (data: ArrayLike<number>, shape: readonly number[]) => writeNpy({ scalar: "real", shape, data: Float64Array.from(data) });

beforeAll(async () => {
  await built();
  mkdirSync(join(folder, "mine"));
  const x = priors.gaussBernoulli({ rho: 0.1 }).variable("x", [10, 20]);
  const h = activations.relu()(layers.ensemble("gaussian-iid", { ratio: 4 })(x), { name: "h", noiseBefore: 0.01 });
  const { model: run, truth, observations } = model(observe(likelihoods.gaussian({ noise: 0.01 }), h)).sample(makeRng(1));
  const json = run.toJSON((name, { shape, data }) => {
    writeFileSync(join(folder, "mine", `${name}.npy`), real(data, shape));
    return `${name}.npy`;
  });
  writeFileSync(join(folder, "mine", "model.json"), JSON.stringify(json));
  const bare = json.factors.map(({ data: _, ...rest }) => rest);
  writeFileSync(join(folder, "bare.json"), JSON.stringify({ ...json, factors: bare }));
  writeFileSync(join(folder, "law.json"), JSON.stringify({ ...json, factors: bare.map(({ seed: _, ...rest }) => rest) }));
  writeFileSync(join(folder, "y.npy"), real(observations.y, [800]));
  writeFileSync(join(folder, "x0.npy"), real(truth.x, [10, 20]));
  writeFileSync(join(folder, "broken.json"), "{");
}, 120_000);

const solve = (...words: string[]) => spinodal(["solve", ...words], { cwd: folder });

describe("solve --model", () => {
  test("finds the signal, and writes estimate, error bars, graph and report", { timeout: 60_000 }, async () => {
    const end = await solve("--model", "mine/model.json", "--truth", "x=x0.npy", "--out", "out", "--json");
    expect(end.code, end.stderr).toBe(0);
    const report = JSON.parse(end.stdout);
    expect(report.outcome.kind).toBe("converged");
    expect(report.variables.x.metrics.raw.mse).toBeLessThan(0.01);
    expect(report.parameters["x.rho"]).toBe(0.1);
    expect(Number.isFinite(report.freeEntropy)).toBe(true);
    const estimate = readNpy(readFileSync(join(folder, "out", "x-estimate.npy")), "estimate");
    const truth = readNpy(readFileSync(join(folder, "x0.npy")), "truth");
    const std = readNpy(readFileSync(join(folder, "out", "x-std.npy")), "std");
    expect(estimate.shape).toEqual([10, 20]);
    expect(std.shape).toEqual([10, 20]);
    const mse = Array.from(estimate.data).reduce((s, v, i) => s + (v - truth.data[i]) ** 2, 0) / 200;
    expect(mse).toBeCloseTo(report.variables.x.metrics.raw.mse, 12);
    // the mean of the squared error bars is the estimated mse
    expect(Array.from(std.data).reduce((s, v) => s + v * v, 0) / 200).toBeCloseTo(report.variables.x.estimatedMse, 8);
    expect(readFileSync(join(folder, "out", "graph.svg"), "utf8")).toContain("<svg");
    expect(JSON.parse(readFileSync(join(folder, "out", "report.json"), "utf8")).outcome).toEqual(report.outcome);
  });

  test("observations by name or, when there is one, by file alone; the same result", { timeout: 60_000 }, async () => {
    const ends = await Promise.all([
      solve("--model", "bare.json", "--observations", "y=y.npy", "--json"),
      solve("--model", "bare.json", "--observations", "y.npy", "--json")
    ]);
    for (const end of ends) expect(end.code, end.stderr).toBe(0);
    expect(JSON.parse(ends[0].stdout).variables).toEqual(JSON.parse(ends[1].stdout).variables);
  });

  test("learns parameters by name", { timeout: 60_000 }, async () => {
    const end = await solve("--model", "bare.json", "--observations", "y.npy", "--learn", "x.rho", "--json");
    expect(end.code, end.stderr).toBe(0);
    const [learned] = JSON.parse(end.stdout).learned;
    // 200 unknowns: rho = 0.1 within four standard errors of a share of 200, 4 sqrt(0.09 / 200)
    expect(Math.abs(learned.value - 0.1)).toBeLessThan(0.085);
  });

  test("an iteration limit that is too low is exit code 3, not a success", { timeout: 60_000 }, async () => {
    const end = await solve("--model", "mine/model.json", "--iterations", "2", "--json");
    expect(end.code, end.stderr).toBe(3);
    expect(JSON.parse(end.stdout).outcome.kind).toBe("horizon");
  });

  test.each([
    ["no data", ["--model", "bare.json"], /y has no data; give --observations y=y\.npy/],
    [
      "a law in place of a matrix",
      ["--model", "law.json", "--observations", "y.npy"],
      /z1 comes from the law gaussian-iid, not from a matrix/
    ],
    ["another name", ["--model", "bare.json", "--observations", "z=y.npy"], /the model has no z/],
    ["data that do not fit", ["--model", "bare.json", "--observations", "x0.npy"], /y: h has 800 components .* got 200/],
    ["flags of the other kind", ["--model", "bare.json", "--matrix", "y.npy"], /--matrix does not go with --model/],
    ["no file", ["--model", "none.json"], /--model none\.json: cannot be read/],
    ["not JSON", ["--model", "broken.json"], /--model broken\.json: is not JSON/],
    ["a truth of another size", ["--model", "mine/model.json", "--truth", "x=y.npy"], /--truth x: x has 200 real components/]
  ])("%s is bad usage, in one sentence", { timeout: 60_000 }, async (_, words, expected) => {
    const end = await solve(...words);
    expect(end.code).toBe(2);
    expect(end.stderr).toMatch(expected);
    expect(end.stderr.trim().split("\n").length).toBe(1);
  });
});

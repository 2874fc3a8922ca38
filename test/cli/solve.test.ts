import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modulus } from "../../src/channels/index.ts";
import { make } from "../../src/core/parameters.ts";
import { complexGaussianIid } from "../../src/ensembles/index.ts";
import { readNpy, writeNpy } from "../../src/io/npy.ts";
import { writeNpz } from "../../src/io/npz.ts";
import type { DenseMatrix } from "../../src/linalg/dense.ts";
import { makeOperator } from "../../src/linalg/operators/named.ts";
import { randomSubset } from "../../src/linalg/operators/index.ts";
import * as models from "../../src/models/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { complexGaussBernoulli } from "../../src/priors/index.ts";
import { built, spinodal } from "./process.ts";

const folder = mkdtempSync(join(tmpdir(), "spinodal-solve-"));
const [rows, cols, rho, noise] = [240, 400, 0.1, 1e-4];
const at = (name: string) => join(folder, name);
const put = (name: string, shape: number[], data: Float64Array, scalar: "real" | "complex" = "real") =>
  writeFileSync(at(name), writeNpy({ scalar, shape, data }));

/** y = A x + noise, entries of A N(0, 1/cols) (complex: CN); x sparse. `mean` is added to every entry of A. */
function instance(label: string, width: 1 | 2, mean = 0) {
  const rng = makeRng(7, label);
  const A = new Float64Array(width * rows * cols);
  rng.fillNormal(A, 1 / Math.sqrt(width * cols));
  for (let k = 0; k < A.length; k += width) A[k] += mean;
  const x = new Float64Array(width * cols);
  for (let i = 0; i < cols; i++)
    if (rng.uniform() < rho) for (let c = 0; c < width; c++) x[width * i + c] = rng.normal() / Math.sqrt(width);
  const y = new Float64Array(width * rows);
  rng.fillNormal(y, Math.sqrt(noise / width));
  for (let m = 0; m < rows; m++)
    for (let i = 0; i < cols; i++) {
      const k = m * cols + i;
      if (width === 1) y[m] += A[k] * x[i];
      else {
        y[2 * m] += A[2 * k] * x[2 * i] - A[2 * k + 1] * x[2 * i + 1];
        y[2 * m + 1] += A[2 * k] * x[2 * i + 1] + A[2 * k + 1] * x[2 * i];
      }
    }
  return { A, x, y };
}

const real = instance("real", 1);
beforeAll(async () => {
  await built();
  put("A.npy", [rows, cols], real.A);
  put("x.npy", [cols], real.x);
  put("y.npy", [rows], real.y);
  writeFileSync(
    at("all.npz"),
    writeNpz({ A: { scalar: "real", shape: [rows, cols], data: real.A }, y: { scalar: "real", shape: [rows, 1], data: real.y } })
  );
  writeFileSync(at("y.csv"), `y\n${[...real.y].join("\n")}\n`);
  const complex = instance("complex", 2);
  put("C.npy", [rows, cols], complex.A, "complex");
  put("xc.npy", [cols], complex.x, "complex");
  put("yc.npy", [rows], complex.y, "complex");
  const shifted = instance("shifted", 1, 0.5);
  put("shifted.npy", [rows, cols], shifted.A);
  put("shifted-x.npy", [cols], shifted.x);
  put("shifted-y.npy", [rows], shifted.y);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const model = ["--prior", `gauss-bernoulli:rho=${rho}`, "--channel", `gaussian:noise=${noise}`];
const solve = (...words: string[]) => spinodal(["solve", ...words], { cwd: folder });
const data = ["--matrix", "A.npy", "--observations", "y.npy"];

describe("what it recovers", () => {
  test("a sparse signal, with honest error bars, everything written", async () => {
    const ended = await solve(...data, "--truth", "x.npy", ...model, "--out", "out", "--json");
    expect(ended.stderr).toBe("");
    expect(ended.code).toBe(0);
    const r = JSON.parse(ended.stdout);
    expect(r.outcome.kind).toBe("converged");
    expect(r.mse.true).toBeLessThan(1e-4);
    // estimated, predicted and true agree within the fluctuation of some 40 nonzero components
    expect(r.mse.estimated / r.mse.true).toBeGreaterThan(0.5);
    expect(r.mse.estimated / r.mse.true).toBeLessThan(2);
    expect(r.mse.predicted / r.mse.true).toBeGreaterThan(0.5);
    expect(r.mse.predicted / r.mse.true).toBeLessThan(2);
    expect(r.effectiveNoise).toMatchObject({ from: "truth", kind: "gaussian" });
    expect(readdirSync(at("out")).sort()).toEqual(
      [
        "estimate.npy",
        "report.json",
        "std.npy",
        ...["convergence", "effective-noise", "estimate"].flatMap((n) => [`${n}.pdf`, `${n}.png`, `${n}.svg`])
      ].sort()
    );
    const estimate = readNpy(new Uint8Array(readFileSync(at("out/estimate.npy"))), "estimate");
    const deviation = readNpy(new Uint8Array(readFileSync(at("out/std.npy"))), "std");
    expect(estimate.shape).toEqual([cols]);
    let error = 0;
    let claimed = 0;
    for (let i = 0; i < cols; i++) {
      error += (estimate.data[i] - real.x[i]) ** 2 / cols;
      claimed += deviation.data[i] ** 2 / cols;
    }
    expect(error).toBeCloseTo(r.mse.true, 12);
    expect(claimed).toBeCloseTo(r.mse.estimated, 12);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });
  test("npz and csv give what npy gives; single precision the same to its digits", async () => {
    const plain = JSON.parse((await solve(...data, ...model, "--json")).stdout);
    const archive = JSON.parse((await solve("--matrix", "all.npz:A", "--observations", "y.csv", ...model, "--json")).stdout);
    expect(archive.mse).toEqual(plain.mse);
    const single = JSON.parse((await solve(...data, ...model, "--precision", "f32", "--json")).stdout);
    expect(single.mse.estimated).toBeCloseTo(plain.mse.estimated, 7);
    expect(plain.effectiveNoise.from).toBe("outputs");
  });
  test("rho and noise are learned from wrong starts", async () => {
    const ended = await solve(
      ...data,
      "--prior",
      "gauss-bernoulli:rho=0.3",
      "--channel",
      "gaussian:noise=0.01",
      "--learn",
      "rho,noise",
      "--json"
    );
    const learned = Object.fromEntries(JSON.parse(ended.stdout).learned.map((l: { name: string; value: number }) => [l.name, l.value]));
    expect(Math.abs(learned.rho - rho)).toBeLessThan(4 * Math.sqrt((rho * (1 - rho)) / cols)); // four standard errors of a fraction
    expect(learned.noise / noise).toBeGreaterThan(0.5);
    expect(learned.noise / noise).toBeLessThan(2);
  });
  test("a noise a hundred times too large: too wide error bars are a note; in the JSON and on screen", async () => {
    const words = [...data, "--prior", `gauss-bernoulli:rho=${rho}`, "--channel", "gaussian:noise=0.01"];
    const r = JSON.parse((await solve(...words, "--json")).stdout);
    expect(r.errorBars).toBe("unreliable");
    expect(r.notes.join()).toMatch(/times too wide.*try --learn noise/);
    expect((await solve(...words)).stdout.replace(/\s+/g, " ")).toMatch(/note: the error bars are about .* times too wide/);
  });
  test("dependent rows under --auto: error bars are written, and said not to be trusted", async () => {
    const repeated = real.A.slice();
    repeated.copyWithin(cols, 0, cols);
    put("dependent.npy", [rows, cols], repeated);
    const ended = await solve("--matrix", "dependent.npy", "--observations", "y.npy", ...model, "--auto", "--out", "dependent", "--json");
    expect(existsSync(at("dependent/std.npy"))).toBe(true);
    const r = JSON.parse(ended.stdout);
    expect(r.errorBars).toBe("unreliable");
    expect(r.notes.join()).toMatch(/AMP's theory does not cover this matrix/);
  });
  test("complex data", async () => {
    const ended = await solve(
      "--matrix",
      "C.npy",
      "--observations",
      "yc.npy",
      "--truth",
      "xc.npy",
      "--prior",
      `complex-gauss-bernoulli:rho=${rho}`,
      "--channel",
      `complex-gaussian:noise=${noise}`,
      "--out",
      "outc",
      "--json"
    );
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout).mse.true).toBeLessThan(1e-4);
    expect(readNpy(new Uint8Array(readFileSync(at("outc/estimate.npy"))), "e")).toMatchObject({ scalar: "complex", shape: [cols] });
  });
  test("complex phase retrieval at alpha = 2.2: undamped it converges or says diverged and what to do, --auto recovers, as a matrix and as a model", async () => {
    const [rows, cols] = [880, 400]; // of this test
    const rng = makeRng(3, "phases");
    const A = make(complexGaussianIid).sample(rng.fork("W"), rows, cols) as DenseMatrix;
    const signal = make(complexGaussBernoulli, { rho: 1 });
    const eye = make(modulus, { noise: 0 });
    const [x, z, y] = [new Float64Array(2 * cols), new Float64Array(2 * rows), new Float64Array(rows)];
    signal.sample(rng.fork("x0"), x);
    A.apply(x, z);
    eye.sample(rng.fork("y"), z, y);
    put("phases.npy", [rows, cols], Float64Array.from(A.data), "complex");
    put("moduli.npy", [rows], y);
    put("phases-x.npy", [cols], x, "complex");
    const words = [
      "--matrix",
      "phases.npy",
      "--observations",
      "moduli.npy",
      "--truth",
      "phases-x.npy",
      "--prior",
      "complex-gauss-bernoulli:rho=1",
      "--channel",
      "modulus:noise=0",
      "--json"
    ];
    const plain = JSON.parse((await solve(...words)).stdout);
    if (plain.outcome.kind !== "exact-recovery") {
      expect(plain.outcome.kind).toBe("diverged");
      expect(plain.outcome.advice).toMatch(/damping/);
    }
    const cured = await solve(...words, "--auto");
    expect(cured.code, cured.stderr).toBe(0);
    expect(JSON.parse(cured.stdout).outcome.kind).toBe("exact-recovery");

    const unknown = models.priors.complexGaussBernoulli({ rho: 1 }).variable("x", cols);
    const told = models.model(models.observe(models.likelihoods.modulus({ noise: 0 }), models.layers.linear(A)(unknown), y));
    writeFileSync(at("phases.json"), JSON.stringify(told.toJSON()));
    const both = await solve("--model", "phases.json", "--truth", "x=phases-x.npy", "--auto", "--json");
    expect(both.code, both.stderr).toBe(0);
    expect(JSON.parse(both.stdout).variables.x.metrics.aligned.mse).toBeLessThan(1e-6);
  }, 120_000);
  test("a matrix with a mean diverges, says why, and --auto cures it, learning too", async () => {
    const words = ["--matrix", "shifted.npy", "--observations", "shifted-y.npy", "--truth", "shifted-x.npy", ...model];
    const ill = await solve(...words);
    expect(ill.code).toBe(3);
    expect(ill.stdout).toMatch(/the entries have mean/);
    expect(ill.stdout).toMatch(/--auto applies it/);
    const cured = await solve(...words, "--auto", "--json");
    expect(cured.code).toBe(0);
    const r = JSON.parse(cured.stdout);
    expect(r.cures.length).toBeGreaterThan(0);
    expect(r.mse.true).toBeLessThan(1e-4);
    const learned = await solve(...words, "--auto", "--learn", "rho", "--json");
    expect(learned.code).toBe(0);
    expect(JSON.parse(learned.stdout).mse.true).toBeLessThan(1e-4);
  });
  test("a named operator in a wavelet basis; rows drawn by seed or listed in a file are the same operator", async () => {
    const side = 32;
    const spec = `subsampled-dct:rows=600,cols=${side * side},seed=3,signs=random`;
    const A = makeOperator(spec);
    const image = new Float64Array(side * side);
    for (let i = 8; i < 20; i++) for (let j = 10; j < 26; j++) image[i * side + j] = i < 14 ? 1 : -0.5;
    const y = new Float64Array(600);
    A.apply(image, y);
    put("image.npy", [side, side], image);
    put("image-y.npy", [600], y);
    put("k.npy", [600], Float64Array.from(randomSubset(makeRng(3, "subsampled-dct").fork("rows"), side * side, 600)));
    const rest = [
      "--basis",
      "haar2d:rows=32,cols=32",
      "--observations",
      "image-y.npy",
      "--truth",
      "image.npy",
      "--prior",
      "gauss-bernoulli:rho=0.1,variance=0.5",
      "--channel",
      "gaussian:noise=1e-6"
    ];
    const ended = await solve("--operator", spec, ...rest, "--out", "image", "--json");
    expect(ended.code).toBe(0);
    const r = JSON.parse(ended.stdout);
    // some 100 of 1024 Haar coefficients from 600 measurements: far on the easy side, so the noise alone limits it
    expect(r.mse.true).toBeLessThan(1e-5);
    expect(readNpy(new Uint8Array(readFileSync(at("image/estimate.npy"))), "e").shape).toEqual([side, side]);
    const listed = await solve(
      "--operator",
      `subsampled-dct:cols=${side * side},seed=3,signs=random`,
      "--rows",
      "k.npy",
      ...rest,
      "--json"
    );
    expect(JSON.parse(listed.stdout).mse).toEqual(r.mse);
  });
  test("a prior from a file that exports a density", async () => {
    writeFileSync(at("laplace.mjs"), "export const logDensity = (x) => -3 * Math.abs(x);\nexport const breaks = [0];\n");
    const mine = JSON.parse(
      (await solve(...data, "--truth", "x.npy", "--prior", "laplace.mjs", "--channel", "gaussian:noise=1e-4", "--json")).stdout
    );
    const ours = JSON.parse(
      (await solve(...data, "--truth", "x.npy", "--prior", "laplace:rate=3", "--channel", "gaussian:noise=1e-4", "--json")).stdout
    );
    expect(mine.mse.true).toBeCloseTo(ours.mse.true, 6);
  });
  test("ran out of iterations: exit 3, and the best estimate is still written", async () => {
    const ended = await solve(...data, ...model, "--iterations", "2", "--out", "short", "--json");
    expect(ended.code).toBe(3);
    const r = JSON.parse(ended.stdout);
    expect(r.outcome.kind).toBe("horizon");
    expect(r.errorBars).toBe("unreliable");
    expect(r.notes.join()).toMatch(/not to be trusted/);
    expect(existsSync(at("short/estimate.npy"))).toBe(true);
  });
});

describe("what it refuses: one sentence, exit code 2, nothing written", () => {
  beforeAll(() => {
    writeFileSync(at("text.npy"), "1,2\n3,4\n");
    writeFileSync(at("empty.npy"), "");
    writeFileSync(at("cut.npy"), readFileSync(at("A.npy")).subarray(0, 1000));
    const withNaN = real.A.slice();
    withNaN[cols + 2] = Number.NaN;
    put("nan.npy", [rows, cols], withNaN);
    const repeated = real.A.slice();
    repeated.copyWithin(cols, 0, cols);
    put("repeated.npy", [rows, cols], repeated);
    put("zero.npy", [rows, cols], new Float64Array(rows * cols));
    const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (60000, 60000), }".padEnd(117);
    writeFileSync(
      at("huge.npy"),
      Buffer.concat([Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]), Buffer.from(`${header}\n`)])
    );
    writeFileSync(at("odd.mjs"), "export const nothing = 1;\n");
    writeFileSync(at("broken.mjs"), "export const = 1;\n");
  });
  const y = ["--observations", "y.npy"];
  test.each([
    [["--matrix", "text.npy", ...y, ...model], /text\.npy: this is a text file, not \.npy/],
    [["--matrix", "empty.npy", ...y, ...model], /empty\.npy: the file is empty/],
    [["--matrix", "cut.npy", ...y, ...model], /cut\.npy: the file is truncated/],
    [["--matrix", "nan.npy", ...y, ...model], /nan\.npy: NaN at row 2, column 3/],
    [
      ["--matrix", "repeated.npy", ...y, ...model],
      /repeated\.npy: the matrix of 240x400 has only rank 239.*error bars that are not to be trusted/
    ],
    [["--matrix", "zero.npy", ...y, ...model], /zero\.npy: every entry of the matrix is zero/],
    [["--matrix", "huge.npy", ...y, ...model], /huge\.npy: an array of 60000x60000 takes 26\.8 GiB/],
    [["--matrix", "missing.npy", ...y, ...model], /missing\.npy: no such file/],
    [["--matrix", "y.npy", ...y, ...model], /y\.npy: a matrix has two dimensions, this array is 240/],
    [
      ["--matrix", "A.npy", "--observations", "x.npy", ...model],
      /A\.npy has 240 rows but x\.npy has length 400; is the matrix transposed\?/
    ],
    [[...data, "--truth", "y.npy", ...model], /A\.npy has 400 columns but y\.npy has length 240/],
    [["--matrix", "all.npz", ...y, ...model], /all\.npz: several arrays; say which, such as all\.npz:A/],
    [["--matrix", "all.npz:B", ...y, ...model], /all\.npz: no array called B/],
    [["--matrix", "A.npy", "--observations", "yc.npy", ...model], /the observations are complex but the model is real/],
    [["--matrix", "C.npy", ...y, ...model], /the matrix is complex but the observations are real/],
    [[...data, "--prior", "complex-gauss-bernoulli", "--channel", "gaussian"], /the prior is complex but the channel takes real signals/],
    [[...data, "--prior", "gauss-bernouli", "--channel", "gaussian"], /unknown prior "gauss-bernouli"; did you mean gauss-bernoulli\?/],
    [[...data, "--prior", "gauss-bernoulli:rho=2", "--channel", "gaussian"], /rho must be a number in/],
    [[...data, "--prior", "odd.mjs", "--channel", "gaussian"], /odd\.mjs: must export a function density/],
    [[...data, "--prior", "broken.mjs", "--channel", "gaussian"], /broken\.mjs: the module cannot be loaded/],
    [[...data, "--prior", "none.mjs", "--channel", "gaussian"], /none\.mjs: no such file/],
    [[...data, "--channel", "gaussian"], /--prior is missing/],
    [[...y, ...model], /give either --matrix FILE or --operator SPEC/],
    [["--operator", "subsampled-dt:rows=3", ...y, ...model], /unknown operator "subsampled-dt"; did you mean subsampled-dct\?/],
    [["--operator", "subsampled-dct:rows=100,cols=400", ...y, ...model], /the operator has 100 rows but there are 240 observations/],
    [[...data, ...model, "--basis", "haar3d"], /unknown basis "haar3d"; did you mean haar[12]d\?/],
    [[...data, ...model, "--basis", "haar2d:rows=10,cols=10"], /an image of 10x10 has 100 pixels, but the operator takes 400/],
    [[...data, ...model, "--learn", "rhoo"], /rhoo/],
    [[...data, ...model, "--damping", "1"], /--damping must be a number in \[0, 0\.999\], got 1/],
    [[...data, ...model, "--init", "informed"], /--init informed needs --truth/],
    [[...data, ...model, "--precision", "f16"], /--precision must be f64 or f32, got f16/],
    [[...data, ...model, "--iterations", "0"], /--iterations must be an integer in \[1, 1000000\]/],
    [[...data, ...model, "--out", "y.npy"], /--out y\.npy: cannot be written/]
  ])("%j", async (words, sentence) => {
    const before = readdirSync(folder).sort();
    const ended = await solve("--out", "refused", ...words);
    expect(ended.stderr).toMatch(sentence);
    expect(ended.stderr.trim().split("\n")).toHaveLength(1);
    expect(ended.stdout).toBe("");
    expect(ended.code).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});

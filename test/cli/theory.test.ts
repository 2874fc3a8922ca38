import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { built, spinodal } from "./process.ts";

const folder = mkdtempSync(join(tmpdir(), "spinodal-cli-"));
beforeAll(built);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function good(...words: string[]) {
  const ended = await spinodal(words);
  expect(ended.stderr).toBe("");
  expect(ended.code).toBe(0);
  return ended.stdout;
}

async function refused(sentence: string | RegExp, ...words: string[]) {
  const ended = await spinodal(words);
  expect(ended.stderr).toMatch(sentence);
  expect(ended.stderr.trim().split("\n")).toHaveLength(1);
  expect(ended.stdout).toBe("");
  expect(ended.code).toBe(2);
}

describe("the front door", () => {
  test("--version and list", async () => {
    expect(await good("--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await good("list")).toContain("compressed-sensing");
    const list = JSON.parse(await good("list", "--json"));
    expect(list.scenarios.map((s: { id: string }) => s.id)).toContain("perceptron");
    expect(list.priors.map((p: { id: string }) => p.id)).toContain("gauss-bernoulli");
  });
  test("no command at all prints the help", async () => expect(await good()).toContain("Usage: spinodal"));
  test("a misspelt command, scenario or flag is answered with the right one", async () => {
    await refused(/unknown command "predct"; did you mean predict\?/, "predct");
    await refused(/unknown scenario "perceptro"; did you mean perceptron\?/, "predict", "perceptro");
    await refused(
      /unknown option --alpah; did you mean --alpha\? see spinodal predict perceptron --help/,
      "predict",
      "perceptron",
      "--alpah",
      "2"
    );
    await refused(/missing required argument scenario/, "thresholds");
    await refused(/unknown option --jsn; a command comes first/, "--jsn");
  });
  test("a value out of range names the flag, the range and the value", async () => {
    await refused(/perceptron: alpha must be a number in \[0.001, 1000\], got -1/, "predict", "perceptron", "--alpha", "-1");
    await refused(
      /perceptron: prior must be one of gaussian, binary, got bnary; did you mean binary\?/,
      "predict",
      "perceptron",
      "--prior",
      "bnary"
    );
    await refused(/alpha must be a number in .*, got $/m, "predict", "perceptron", "--alpha", "");
  });
  test("the help of a scenario lists its own flags with their ranges", async () => {
    const help = await good("predict", "compressed-sensing", "--help");
    expect(help).toMatch(/--rho <x>/);
    expect(help).toMatch(/\[0\.001, 1000\]/);
  });
});

describe("describe and cite", () => {
  test("a scenario, a prior and a channel", async () => {
    const words = await good("describe", "perceptron");
    for (const part of ["--alpha", "generalizationError", "published numbers", "references"]) expect(words).toContain(part);
    const plain = JSON.parse(await good("describe", "perceptron", "--json"));
    expect(plain).toMatchObject({ id: "perceptron", thresholds: ["algorithmic", "informationTheoretic"] });
    expect(plain.landmarks[0]).toHaveProperty("source");
    expect(await good("describe", "gauss-bernoulli")).toContain("a prior");
    expect(JSON.parse(await good("describe", "gaussian", "--json"))).toMatchObject({ kind: "prior", also: [{ kind: "channel" }] });
    await refused(/unknown id "gauss-bernouli"; did you mean gauss-bernoulli\?/, "describe", "gauss-bernouli");
  });
  test("BibTeX with a doi for every paper that has one", async () => {
    const text = await good("cite", "perceptron");
    expect(text).toContain("@misc{barbier2019");
    expect(text).toContain("doi = {10.1073/pnas.1802705116}");
    expect(JSON.parse(await good("cite", "--json")).references).toHaveLength(1);
  });
});

describe("predict", () => {
  test("the JSON is the contract: branches, phase, fixed points, trajectory", async () => {
    const p = JSON.parse(await good("predict", "perceptron", "--prior", "binary", "--alpha", "1.3", "--json"));
    expect(Object.keys(p)).toEqual(["scenario", "params", "version", "branches", "phase", "fixedPoints", "trajectory"]);
    expect(p.phase).toBe("hard");
    expect(p.params).toMatchObject({ alpha: 1.3, prior: "binary" });
    expect(p.branches.optimal.observables.overlap).toBeCloseTo(1, 10);
    expect(p.branches.algorithmic.outcome.kind).toBe("converged");
    const { t, overlap, ...others } = p.trajectory;
    expect(overlap).toHaveLength(t.length);
    expect(Object.keys(others)).toContain("mse");
    expect(overlap[t.length - 1]).toBeCloseTo(p.branches.algorithmic.observables.overlap, 6);
    expect(p.fixedPoints.filter((f: { stable: boolean }) => f.stable)).toHaveLength(2);
  });
  test("the table shows both branches and the phase; --out keeps the JSON and a figure", async () => {
    const out = join(folder, "predict");
    const text = await good("predict", "perceptron", "--prior", "binary", "--alpha", "1.3", "--out", out);
    expect(text).toMatch(/phase: hard/);
    expect(text).toMatch(/^optimal /m);
    expect(readdirSync(out).sort()).toEqual(["predict.json", "trajectory-mse.pdf", "trajectory-mse.png", "trajectory-mse.svg"]);
    expect(JSON.parse(readFileSync(join(out, "predict.json"), "utf8")).phase).toBe("hard");
  });
});

describe("thresholds and phase", () => {
  test("ten digits of both transitions", async () => {
    const text = await good("thresholds", "perceptron", "--prior", "binary");
    expect(text).toContain("1.4926318182");
    expect(text).toContain("1.2446839899");
  });
  test("the JSON names the axis, and null where there is none", async () => {
    const t = JSON.parse(await good("thresholds", "perceptron", "--json"));
    expect(t).toMatchObject({ scenario: "perceptron", along: "alpha" });
    for (const value of Object.values(t.thresholds)) expect(value === null || typeof value === "number").toBe(true);
  });
  test("phase prints every line, and writes table, manifest and figure", async () => {
    const out = join(folder, "phase");
    const ended = await spinodal(["phase", "compressed-sensing", "--x", "rho=0.1:0.5:0.2", "--out", out, "--json"]);
    expect(ended.code).toBe(0);
    const p = JSON.parse(ended.stdout);
    expect(p.scenario).toBe("compressed-sensing");
    expect(p.thresholdNames).toContain("l1");
    expect(readdirSync(out)).toEqual(expect.arrayContaining(["manifest.json", "thresholds.csv"]));
    await refused(/phase: --x is missing/, "phase", "compressed-sensing");
    await refused(/--seeds needs --y/, "phase", "compressed-sensing", "--x", "rho=0.1:0.5:0.2", "--seeds", "2");
  });
});

test("selftest reproduces every published number", async () => {
  const s = JSON.parse(await good("selftest", "--json"));
  expect(s.failed).toBe(0);
  expect(s.passed).toBeGreaterThan(15);
});

test("doctor names the backend and how to get the faster one", async () => {
  const d = JSON.parse(await good("doctor", "--json"));
  expect(d.backend.name).toMatch(/^(wasm|openblas)$/);
  if (d.backend.name === "wasm") expect(d.backend.advice).toBeTruthy();
  expect(await good("doctor")).toMatch(/backend {3}/);
});

test("a closed pipe is not an error", async () => {
  const { execSync } = await import("node:child_process");
  const bin = new URL("../../bin/spinodal.js", import.meta.url).pathname;
  expect(execSync(`${process.execPath} ${bin} describe perceptron --json | head -1`, { encoding: "utf8" })).toBe("{\n");
});

test("an empty weights file is refused, not taken for none; a file is not printed back in the header", async () => {
  const empty = join(folder, "empty.json");
  writeFileSync(empty, "");
  expect((await spinodal(["predict", "layer-entropy", "--weights-file", empty])).stderr).toMatch(/empty\.json: the file is empty/);
  const file = join(folder, "W.json");
  writeFileSync(file, JSON.stringify({ arrays: [{ name: "W1", shape: [2, 2], data: [1, 0, 0, 1] }] }));
  const told = await good("predict", "layer-entropy", "--weights-file", file, "--layers", "linear:noise=0.1");
  expect(told).toMatch(/--weights-file \(a file of \d+ characters\)/);
});

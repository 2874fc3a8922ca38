/** "Show me the code" does what it says: its command lines and programs are run, and their numbers are those of the page's cells. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { VIEWS, type Setting } from "../../lab/src/address/address.ts";
import type { Entry } from "../../lab/src/catalogue/types.ts";
import { inked } from "../../lab/src/code/colours.ts";
import { quoted } from "../../lab/src/code/shell.ts";
import { type Snippet, snippetsOf } from "../../lab/src/code/snippets.ts";
import { imageSnippets, solveSnippets } from "../../lab/src/code/solveSnippets.ts";
import { formOf } from "../../lab/src/solve/form.ts";
import { drawExample } from "../../lab/src/solve/work/examples.ts";
import { phantom } from "../../lab/src/solve/pictureFile.ts";
import { parse } from "../../src/core/parameters.ts";
import type { Value } from "../../src/core/types.ts";
import { type AnyScenario, scenarioById } from "../../src/experiments/cell.ts";
import { runCell } from "../../src/experiments/runCell.ts";
import { simulateCells } from "../../src/experiments/sweep.ts";
import { writeNpy } from "../../src/io/npy.ts";
import { writeNpz } from "../../src/io/npz.ts";
import * as scenarios from "../../src/scenarios/index.ts";
import { built } from "../cli/process.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "spinodal-snippets-"));
beforeAll(async () => {
  await built();
  // as in a project that has installed the package
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/spinodal"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a shell makes of it, with `spinodal` the one that is built here. */
function shell(text: string): string {
  const run = spawnSync("sh", ["-c", `spinodal() { node ${quoted(join(ROOT, "bin/spinodal.js"))} "$@"; }\n${text}`], {
    cwd: folder,
    encoding: "utf8"
  });
  expect(run.stderr).not.toMatch(/spinodal: (unknown|a mistake)/);
  return run.stdout;
}
function program(text: string): string {
  writeFileSync(join(folder, "program.js"), text);
  const run = spawnSync(process.execPath, ["program.js"], { cwd: folder, encoding: "utf8" });
  expect(run.stderr).toBe("");
  return run.stdout;
}

function entryOf(id: string): Entry {
  const { simulate, evolve, predict, thresholds, thresholdsNote, landscape, caveat, landmarks, agreement, ...declaration } = scenarioById(
    scenarios,
    id
  );
  return {
    ...declaration,
    landmarks: [],
    hasLandscape: landscape !== undefined,
    hasMatrices: true,
    hasPictures: true,
    hasEffectiveNoise: true
  };
}
function setting(
  scenario: string,
  view: Setting["view"],
  params: Readonly<Record<string, Value>>,
  options: Setting["options"] = {}
): Setting {
  return { scenario, view, params, seed: 3, seeds: 2, options };
}
const by = (snippets: readonly Snippet[], language: Snippet["language"]) => snippets.find((s) => s.language === language) as Snippet;

/** Small, and with what needs quotes. */
const POINTS: readonly (readonly [string, Readonly<Record<string, Value>>, string])[] = [
  ["perceptron", { prior: "binary", size: 120, iterations: 60 }, "alpha=0.8,1.6"],
  ["compressed-sensing", { prior: "gauss-bernoulli:rho=0.2,variance=2", noise: "0.01", size: 150 }, "alpha=0.5,0.7"],
  ["multilayer", { size: 100, layers: "relu:ratio=2,noise=0.01;linear:ratio=1,noise=0.1" }, "alpha=0.6,1.2"]
];
const known = POINTS.filter(([id, params]) => Object.keys(params).every((k) => k in scenarioById(scenarios, id).params));

describe.each(known)("%s", (id, params, along) => {
  const entry = entryOf(id);
  const scenario: AnyScenario = scenarioById(scenarios, id);
  const axis = Object.keys(entry.params).includes("alpha") ? along : `${Object.keys(entry.params)[0]}=1`;
  const [name, list] = axis.split("=");
  const values = list.split(",").map(Number);
  const first = Object.keys(entry.observables)[0];
  /** What a cell of the page gives. */
  const cell = (x: number | null, seed: number) => {
    const [one] = simulateCells(entry, x === null ? params : { ...params, [name]: x }, [seed]);
    const { result } = runCell(one, { scenario });
    if (result.kind !== "simulate") throw new Error(JSON.stringify(result));
    return result;
  };

  test("curve: every run of the command line and of the program has the number of the page's cell", () => {
    const snippets = snippetsOf(entry, setting(id, "curve", params, { along: axis }));
    const line = by(snippets, "shell").text.replace(/--out [^ ]+$/, "--workers 0 --json");
    const { runs } = JSON.parse(shell(line)) as { runs: { x: number; seed: number; observables: Record<string, number> }[] };
    expect(runs.map((r) => r.observables[first])).toEqual(values.flatMap((x) => [3, 4].map((seed) => cell(x, seed).observables[first])));
    const means = program(
      by(snippets, "typescript")
        .text.replace("console.log(x, all", "console.log(JSON.stringify")
        .replace(/\]\);\n$/, "]?.mean ?? null));\n")
        .replace("JSON.stringify[", "JSON.stringify(all[")
    );
    const expected = values.map((x) => (cell(x, 3).observables[first] + cell(x, 4).observables[first]) / 2);
    const found = means.trim().split("\n").map(Number);
    expect(found.length).toBe(expected.length);
    for (const [k, m] of found.entries()) expect(m).toBeCloseTo(expected[k], 12);
  });

  test("convergence: the last frame of the command line is the page's run", () => {
    const snippets = snippetsOf(entry, setting(id, "convergence", params));
    const [simulate] = by(snippets, "shell").text.split(/\n(?=spinodal predict)/);
    const { runs } = JSON.parse(shell(simulate)) as { runs: { observables: Record<string, number>; trajectory: { t: number[] } }[] };
    const own = cell(null, 3);
    expect(runs[0].observables).toEqual(own.observables);
    expect(runs[0].trajectory.t[runs[0].trajectory.t.length - 1]).toBe(own.outcome.iterations);
    const out = program(
      by(snippets, "typescript")
        .text.replace("console.log(run.t, run.series, run.outcome);", `console.log(run.series[${JSON.stringify(first)}].at(-1));`)
        .replace("console.log(theory.t, theory.series);", "")
    );
    expect(Number(out)).toBe(own.observables[first]);
  });

  test.each(VIEWS.filter((v) => v !== "curve" && v !== "convergence"))("%s: the program runs and says something", (view) => {
    if (view === "landscape" && !entry.hasLandscape) return;
    if (view === "phase" && entry.thresholdNames.length === 0) return;
    const options = view === "phase" ? { x: "noise=0.01,0.1" } : {};
    if (view === "phase" && !("noise" in entry.params)) return;
    const snippets = snippetsOf(entry, setting(id, view, params, options));
    expect(program(by(snippets, "typescript").text).length).toBeGreaterThan(0);
  });
});

describe("solve", () => {
  const { matrix, observations, truth } = drawExample("sparse", 1);
  const form = formOf({ learn: "rho,noise", prior: "gauss-bernoulli:rho=0.2" });
  test("command line and program recover the same signal from the files that the page saves", () => {
    writeFileSync(join(folder, "example.npz"), writeNpz({ A: matrix.array, y: observations.array, truth: truth.array }));
    const snippets = solveSnippets(form, { matrix, observations, truth });
    const report = JSON.parse(shell(by(snippets, "shell").text.replace(/--out out\/solve$/, "--json"))) as {
      outcome: { kind: string };
      mse: { true: number };
    };
    expect(report.outcome.kind).toBe("converged");
    const out = program(by(snippets, "typescript").text.replace(/console\.log\(outcome[^\n]*/, "console.log(metrics.raw.mse);"));
    expect(Number(out)).toBeCloseTo(report.mse.true, 14);
  });
  test("the picture's program runs on the picture that the page saves", () => {
    const { pixels, side } = phantom(32);
    writeFileSync(join(folder, "picture.npy"), writeNpy({ scalar: "real", shape: [side, side], data: pixels }));
    const [snippet] = imageSnippets({ task: "denoise", model: "wavelets", share: 0.5, noise: 0.01, weight: 0.5, side, seed: 1 });
    expect(program(snippet.text)).toContain("converged");
  });
});

test("quotes: words with blanks, semicolons and quotes arrive as they are", () => {
  const words = ["relu:ratio=2;linear", "it's", "", "$HOME `x` \\", "--along=a:b"];
  const out = spawnSync("sh", ["-c", `printf '%s\\n' ${words.map(quoted).join(" ")}`], { encoding: "utf8" });
  expect(out.stdout.split("\n").slice(0, -1)).toEqual(words);
});

test("colours never change the text", () => {
  for (const language of ["shell", "typescript"] as const) {
    const text = readFileSync(import.meta.filename, "utf8");
    expect(
      inked(text, language)
        .map((i) => i.text)
        .join("")
    ).toBe(text);
  }
});

test("phase: a window without runs names its vertical axis in the program before it uses it", () => {
  const [, code] = snippetsOf(entryOf("perceptron"), setting("perceptron", "phase", {}, { x: "noise=0.01,0.1", y: "alpha=0.8,1.6" }));
  expect(code.text).toContain('const y = parseAxis("alpha=0.8,1.6", scenario);');
  expect(code.text).not.toContain("simulate");
});

test("parameters at their default are left out, typed ones are typed", () => {
  const entry = entryOf("compressed-sensing");
  const alpha = (parse(entry, {}) as Record<string, Value>).alpha;
  const [line, code] = snippetsOf(entry, setting("compressed-sensing", "landscape", { alpha, noise: "1e-3" }));
  expect(line.text).toBe("spinodal predict compressed-sensing --noise 1e-3 --json");
  expect(code.text).toContain("const params = { noise: 0.001 };");
});

/** Figures of dynamics: logarithmic time, marked heights, matrices of order parameters; phase diagrams along any parameter with phases of the scenario's own. */
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { matrixMapsFigure, matrixTracesFigure, phaseFigure, trajectoryFigure } from "../../src/experiments/figures/index.ts";
import { type AnyScenario, inProcessExecutor, memoryStore, parseAxis, phaseDiagram } from "../../src/experiments/index.ts";
import { linearRegression } from "./fixtures/ridge.ts";

const t = [0, ...Array.from({ length: 31 }, (_, k) => 10 ** (-1 + k / 10))];
const R = t.map((x) => [
  [x / (1 + x), 0.1],
  [0.2, -x / (10 + x)]
]);
const Q = t.map((x) => [
  [1, 0.3 / (1 + x)],
  [0.3 / (1 + x), 1]
]);
const v = t.map(() => [[1, 1]]);
const run = { t, series: { e: t.map((x) => 1 / (1 + x)) }, matrices: { Q, R, v } };
const words = (svg: string) => [...parseHTML(svg).document.querySelectorAll("text")].map((e) => e.textContent);

test("traces show every entry of R, the upper half of symmetric Q, theory as lines and runs as dots", () => {
  const svg = matrixTracesFigure({ theory: run, runs: [run], names: ["Q", "R"], logX: true, timeTitle: "*t*" });
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
  const { document } = parseHTML(svg);
  const panels = [...document.querySelectorAll("g")];
  const lines = panels.map((g) => [...g.querySelectorAll("path")].filter((p) => p.getAttribute("stroke-width") === "1.7").length);
  expect(lines).toEqual([3, 4]);
  // 24 dots at most, the last frame among them, each on its line
  expect(panels[1].querySelectorAll("circle").length).toBeGreaterThan(4 * 12);
  const dots = [...panels[1].querySelectorAll("circle")].map((c) => `${c.getAttribute("cx")},${c.getAttribute("cy")}`);
  const d = [...panels[1].querySelectorAll("path")].map((p) => p.getAttribute("d")).join("");
  for (const dot of dots) expect(d).toContain(dot);
  expect(words(svg)).toEqual(expect.arrayContaining(["Q", "R", "theory", "one run"]));
});

test("a run whose units came out in another order is put in the theory's order, and what never moves is left out", () => {
  const swapped = {
    t,
    matrices: {
      Q: Q.map((M) => [
        [M[1][1], M[1][0]],
        [M[0][1], M[0][0]]
      ]),
      R: R.map((M) => [M[1], M[0]]),
      T: v
    }
  };
  const there = { t, matrices: { Q, R, T: v } };
  const strip = (svg: string) => svg.replace(/one run/g, "");
  expect(strip(matrixTracesFigure({ theory: there, runs: [swapped] }))).toBe(strip(matrixTracesFigure({ theory: there, runs: [there] })));
  expect(words(matrixTracesFigure({ theory: there }))).not.toContain("T");
});

test("maps show each matrix at six times, its entries written in, with one colour at zero", () => {
  const svg = matrixMapsFigure({ theory: run, names: ["R"], logX: true, timeTitle: "*t*" });
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
  expect(words(svg).filter((w) => w?.startsWith("t = "))).toEqual(["t = 0.1", "t = 0.398", "t = 1.58", "t = 6.31", "t = 25.1", "t = 100"]);
  expect(words(svg)).toContain("0.99"); // R_11 at t = 100
  expect(words(svg)).toContain("−0.91");
  expect(matrixMapsFigure({ theory: { t: [0] } })).toBe("");
  expect(matrixTracesFigure({ runs: [] })).toBe("");
});

test("time on a logarithmic axis leaves out t = 0 and has powers of ten; a level is drawn and named", () => {
  const svg = trajectoryFigure({
    name: "e",
    observable: { symbol: "e", about: "", range: [0, 1] },
    theory: run,
    runs: [],
    logX: true,
    timeTitle: "*t*  (samples / *N*)",
    levels: [{ name: "plateau 0.3", value: 0.3 }]
  });
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  expect(words(svg)).toEqual(expect.arrayContaining(["plateau 0.3", "10−1", "102"]));
  const path = [...parseHTML(svg).document.querySelectorAll("path")].find(
    (p) => p.getAttribute("stroke-width") === "2.2" && p.closest("g")
  );
  expect((path?.getAttribute("d") ?? "").split(/[ML]/).length - 1).toBe(31);
});

test("a phase diagram lies along the parameter its scenario says, below zero too, in phases of its own names", async () => {
  const diagram = { ...linearRegression, along: "shift", phases: ["frozen", "flowing"], thresholdNames: ["onset"] } as AnyScenario;
  const scenario: AnyScenario = {
    ...diagram,
    params: { ...linearRegression.params, shift: { kind: "real", default: 0, min: -2, max: 2, symbol: "δ", about: "" } },
    thresholds: (p: { noise: number }) => ({ onset: -p.noise }),
    predict: (p: { noise: number; shift: number }) => ({
      ...linearRegression.predict({ ...p, alpha: 1, size: 40, mode: "plain" }),
      phase: p.shift > -p.noise ? "flowing" : "frozen"
    })
  };
  const lab = { scenarios: { scenario }, executor: inProcessExecutor(), store: memoryStore() };
  const p = await phaseDiagram({ scenario, params: {}, x: parseAxis("noise=0.1:1:0.1", scenario) }, lab);
  expect(p.y.name).toBe("shift");
  expect(p.window.y[0]).toBeLessThan(-1);
  for (const column of p.columns) {
    expect(column.thresholds.onset).toBeCloseTo(-column.x, 12);
    expect(column.bands.map((b) => b.phase)).toEqual(["frozen", "flowing"]);
  }
  const labels = words(phaseFigure(p));
  for (const word of ["frozen", "flowing", "δ"]) expect(labels).toContain(word);
  await expect(phaseDiagram({ scenario, params: {}, x: parseAxis("shift=0:1:0.1", scenario) }, lab)).rejects.toThrow(
    /other than shift and size/
  );
});

test("names of traces that end close together stand apart, and none lies on another", () => {
  const K = 4;
  const t = [0.1, 1, 10, 100];
  const R = t.map((_, n) => Array.from({ length: K }, (_, i) => Array.from({ length: K }, (_, j) => 0.4 + (n * (i * K + j)) / 400)));
  const svg = matrixTracesFigure({ theory: { t, matrices: { R } }, logX: true, width: 300, height: 330 });
  const right = Math.max(
    ...[...svg.matchAll(/<rect x="([\d.]+)"[^>]*? width="([\d.]+)"[^>]*? fill="none"/g)].map(([, x, w]) => Number(x) + Number(w))
  );
  const heights = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>/g)]
    .filter(([, x]) => Number(x) > right)
    .map(([, , y]) => Number(y));
  expect(heights.length).toBeGreaterThan(3);
  const steps = heights.slice(1).map((y, k) => y - heights[k]);
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(13.9);
});

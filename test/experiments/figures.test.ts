import fc from "fast-check";
import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type AnyScenario,
  compare,
  comparisonPlot,
  type Comparison,
  inProcessExecutor,
  memoryStore,
  parseAxis,
  type PhaseDiagram,
  phaseDiagram,
  phasePlot,
  terminalPlot
} from "../../src/experiments/index.ts";
import {
  comparisonFigure,
  landscapeFigure,
  phaseFigure,
  qqFigure,
  symbolMarkup,
  trajectoryFigure
} from "../../src/experiments/figures/index.ts";
import { observableMarkup, thresholdMarkup } from "../../src/experiments/figures/names.ts";
import { text, widthOf, wrapped } from "../../src/experiments/figures/markup.ts";
import { pixelX, pixelY, planeOf, valueX, valueY } from "../../src/experiments/figures/plane.ts";
import { linearScale, logScale } from "../../src/experiments/figures/scale.ts";
import { toPdf, toPng } from "../../src/experiments/node/render.ts";
import { linearRegression } from "./fixtures/ridge.ts";

const scenario: AnyScenario = linearRegression;
let c: Comparison;
let p: PhaseDiagram;
let heated: PhaseDiagram;
let figures: Record<string, string>;
beforeAll(async () => {
  const lab = { scenarios: { linearRegression }, executor: inProcessExecutor(), store: memoryStore() };
  c = await compare(
    {
      scenario,
      params: { mode: "diverging", noise: 0.2, size: 20 },
      along: parseAxis("alpha=0.2:2:0.2", scenario),
      seeds: [0, 1, 2, 3, 4, 5]
    },
    lab
  );
  p = await phaseDiagram({ scenario, params: {}, x: parseAxis("noise=log:0.01:1:9", scenario) }, lab);
  heated = await phaseDiagram(
    {
      scenario,
      params: { size: 10 },
      x: parseAxis("noise=0.1:0.4:0.1", scenario),
      y: parseAxis("alpha=0.5:2:0.5", scenario),
      simulate: { seeds: [0, 1] }
    },
    lab
  );
  const observable = { symbol: "E", about: "error", range: [0, 1] as const };
  const t = Array.from({ length: 30 }, (_, k) => k);
  const run = (a: number) => ({ t, series: { mse: t.map((v) => a * Math.exp(-v / 3) + 1e-4) } });
  figures = {
    comparison: comparisonFigure(c),
    logarithmic: comparisonFigure(c, { observable: "mse", logY: true, title: "" }),
    phase: phaseFigure(p),
    heat: phaseFigure(heated),
    trajectory: trajectoryFigure({ name: "mse", observable, theory: run(1), runs: [run(0.9), run(1.1)] }),
    landscape: landscapeFigure({
      landscape: { order: "overlap", x: [0, 0.5, 1], freeEntropy: [0, -0.01, 0.002] },
      fixedPoints: [
        { order: { overlap: 0.5 }, freeEntropy: -0.01, stable: false },
        { order: { overlap: 1 }, freeEntropy: null, stable: true }
      ]
    }),
    qq: qqFigure({ residuals: Array.from({ length: 500 }, (_, k) => Math.sin(k * k)) })
  };
});

const names = ["comparison", "logarithmic", "phase", "heat", "trajectory", "landscape", "qq"] as const;

describe.each(names)("the %s figure", (name) => {
  test("is well-formed SVG without a NaN in it", () => {
    expect(figures[name]).not.toMatch(/NaN|Infinity|undefined|null/);
    const { document } = parseHTML(figures[name]);
    expect(document.querySelector("svg")?.getAttribute("viewBox")).toBe("0 0 600 400");
    expect(document.querySelectorAll("text").length).toBeGreaterThan(5);
  });
  test("has every label inside the sheet", () => {
    const { document } = parseHTML(figures[name]);
    for (const label of document.querySelectorAll("text")) {
      const [x, y, size] = ["x", "y", "font-size"].map((k) => Number(label.getAttribute(k)));
      const wide = widthOf(label.textContent ?? "", size);
      const anchor = label.getAttribute("text-anchor");
      const from = anchor === "middle" ? -wide / 2 : anchor === "end" ? -wide : 0;
      const upright = !label.getAttribute("transform");
      const [left, right] = upright ? [x + from, x + from + wide] : [x - size, x + 0.3 * size];
      const [top, bottom] = upright ? [y - size, y + 0.3 * size] : [y + from, y + from + wide];
      expect(left, label.textContent ?? "").toBeGreaterThanOrEqual(0);
      expect(right, label.textContent ?? "").toBeLessThanOrEqual(600);
      expect(top, label.textContent ?? "").toBeGreaterThanOrEqual(0);
      expect(bottom, label.textContent ?? "").toBeLessThanOrEqual(400);
    }
  });
});

test("the comparison names both thresholds, the three phases and the failed runs, in the letters of the papers", () => {
  const { document } = parseHTML(figures.comparison);
  const words = [...document.querySelectorAll("text")].map((t) => t.textContent);
  const failed = c.runs.filter((r) => r.outcome === "diverged").length;
  for (const word of ["αIT", "αalg", "impossible", "hard", "easy", "α", `failed (${failed} of 60)`]) expect(words).toContain(word);
  expect(figures.comparison).toContain('<tspan font-style="italic">α</tspan>');
});

const wordsOf = (svg: string) =>
  [...parseHTML(svg).document.querySelectorAll("text")].map((t) => (t.textContent ?? "").replaceAll("\u200a", "")).join(" | ");
test("thresholds at one place have one label, α_IT = α_alg, and no line that crosses another's label", () => {
  const [first, second] = c.transitions;
  const words = wordsOf(comparisonFigure({ ...c, transitions: [first, { ...second, x: first.x }] }));
  expect(words).toMatch(/αIT \|\s+=\s+\| αalg|αalg \|\s+=\s+\| αIT/);
});
test("branches have the scenario's own names: a magnet has no algorithm and no optimum", () => {
  const words = wordsOf(comparisonFigure({ ...c, branchNames: { algorithmic: "dynamics", optimal: "equilibrium" } }));
  expect(words).toContain("theory, dynamics");
  expect(words).toContain("theory, equilibrium");
});
test("runs that stop at zero overlap, where the theory does too, are not called failed", () => {
  const runs = c.runs.map((r) => (r.good ? r : { ...r, outcome: "trivial-fixed-point" }));
  const words = wordsOf(comparisonFigure({ ...c, runs }));
  expect(words).toContain("at a trivial fixed point (");
  expect(words).not.toContain("failed");
});
test("names are written as the field writes them", () => {
  expect(observableMarkup("twoNN", "d_2NN")).toMatch(/^TwoNN /);
  expect(thresholdMarkup("β", "critical")).toBe("*β*_{c}");
  expect(thresholdMarkup("α", "sparseInformationTheoretic")).toBe("*α*_{IT, sparse}");
});
test("a vertical axis that is declared logarithmic is so by default, from below the lowest line", async () => {
  const { alpha } = scenario.params;
  const declared = { ...scenario, params: { ...scenario.params, alpha: { ...alpha, scale: "log" } } } as AnyScenario;
  const lab = {
    scenarios: { linearRegression: declared },
    executor: inProcessExecutor(),
    store: memoryStore()
  };
  const d = await phaseDiagram({ scenario: declared, params: {}, x: parseAxis("noise=log:0.01:1:5", declared) }, lab);
  expect(d.y.log).toBe(true);
  expect(d.window.y[0]).toBeGreaterThan(0);
  expect(phaseFigure(d)).not.toContain("NaN");
});
test("one diverged run with a value far off does not move the mean that is drawn", async () => {
  const far = c.runs.map((r) => (r.outcome === "diverged" ? { ...r, observables: { mse: 1e9, overlap: 0 } } : r));
  const figure = comparisonFigure({ ...c, runs: far });
  expect(figure).toContain("converged runs");
  expect(figures.comparison).toContain("mean ± s.e. of 6 runs");
});

test("theory that does not describe the runs is dashed, with the sentence under the legend", () => {
  const sentence = "the iteration has no memory term, so the effective noise depends on the estimate and is not Gaussian at any time";
  const figure = comparisonFigure({ ...c, caveat: sentence });
  expect(figure).toMatch(/stroke="#0072b2" stroke-width="2.2"[^>]*stroke-dasharray="3,3"/);
  expect(figures.comparison).not.toContain('stroke-dasharray="3,3"');
  const { document } = parseHTML(figure);
  const words = [...document.querySelectorAll("text")].map((t) => t.textContent).join(" ");
  expect(words).toContain(`dashed: ${sentence}`);
});

test("a page reads off a figure where its panel is, what its axes measure and what each mark says", () => {
  expect(planeOf(figures.comparison)).toBeNull();
  const figure = comparisonFigure(c, { readable: true, logY: true, observable: "mse", compact: true, yMin: 0.01, yMax: 10, width: 400 });
  const plane = planeOf(figure);
  if (!plane) throw new Error("no plane");
  expect(plane).toMatchObject({ width: 400, height: 400, y: { from: 0.01, to: 10, log: true }, x: { log: false } });
  expect(valueX(plane, pixelX(plane, 1.2))).toBeCloseTo(1.2, 10);
  expect(valueY(plane, pixelY(plane, 0.3))).toBeCloseTo(0.3, 10);
  expect(pixelY(plane, 0.01)).toBeCloseTo(plane.bottom, 10);
  const readings = [...figure.matchAll(/data-read="([^"]*)" cx="([\d.]+)"/g)];
  expect(readings.length).toBeGreaterThan(5);
  const [, words, at] = readings[readings.length - 1];
  expect(words).toMatch(/^α = 2\n/);
  expect(Number(at)).toBeCloseTo(pixelX(plane, 2), 1);
  expect(figure).not.toContain("<tspan>theory"); // compact: neither title nor legend in little room
  expect(figure).not.toContain(c.scenario.title);
});

test("an end of the vertical axis that leaves nothing is not taken", () => {
  expect(comparisonFigure(c, { yMin: 5, yMax: 1 })).toBe(figures.comparison);
  expect(comparisonFigure(c, { observable: "mse", logY: true, title: "", yMin: -1 })).toBe(figures.logarithmic);
});

test("lines break between words where they are too long", () => {
  expect(wrapped("one two three", 12, widthOf("one two", 12) + 1)).toEqual(["one two", "three"]);
  expect(wrapped("incomprehensibilities", 12, 10)).toEqual(["incomprehensibilities"]);
});

test("a heat map of an even grid can be one picture: a pixel a cell, the lowest row last", () => {
  let seen: { pixels: Uint8ClampedArray; columns: number; rows: number } | null = null;
  const figure = phaseFigure(heated, {
    picture: (pixels, columns, rows) => {
      seen = { pixels, columns, rows };
      return "data:image/png;base64,";
    }
  });
  expect(figure.match(/<image /g)).toHaveLength(1);
  expect(seen).toMatchObject({ columns: 4, rows: 4 });
  const lowest = [...(seen as unknown as { pixels: Uint8ClampedArray }).pixels].slice(4 * 12, 4 * 12 + 4);
  const cell = heated.heat.find((h) => h.x === 0.1 && h.y === 0.5);
  const fill = /<rect [^>]*fill="(#[0-9a-f]{6})" stroke="\1" stroke-width="0.4"/.exec(
    phaseFigure({ ...heated, heat: cell ? [cell] : [] })
  )?.[1];
  expect(
    `#${lowest
      .slice(0, 3)
      .map((v) => v.toString(16).padStart(2, "0"))
      .join("")}`
  ).toBe(fill);
  expect(lowest[3]).toBe(255);
});

test("one run that blew up does not darken a cell where the others ended well", () => {
  const name = Object.keys(heated.heat[0].all)[0];
  const cell = heated.heat.find((h) => h.converged[name]) ?? heated.heat[0];
  const found = cell.converged[name];
  if (!found) throw new Error("no run of the map ended well");
  const fills = (figure: string) => [...figure.matchAll(/<rect [^>]*fill="(#[0-9a-f]{6})" stroke="\1"/g)].map((m) => m[1]);
  const blown = { ...cell, all: { ...cell.all, [name]: { ...found, mean: 1e9 } } };
  const usual = { ...cell, all: { ...cell.all, [name]: found } };
  const drawn = (c: typeof cell) =>
    fills(phaseFigure({ ...heated, heat: heated.heat.map((h) => (h === cell ? c : h)) }, { observable: name }));
  expect(drawn(usual).length).toBeGreaterThan(0);
  expect(drawn(blown)).toEqual(drawn(usual));
});

test("while a heat map fills, what it does not cover keeps its phase", () => {
  const half = phaseFigure({ ...heated, heat: heated.heat.slice(0, 5) });
  expect(half).toContain("#deeef8");
  expect(figures.heat).not.toContain("#deeef8");
  expect(figures.phase).toContain("#deeef8");
});

test("logarithmic ticks are powers of ten with superscripts, never 500m", () => {
  const scale = logScale([1e-5, 2], [0, 100]);
  expect(scale.ticks.filter((t) => t.label).map((t) => t.label)).toEqual(["10^{−5}", "10^{−4}", "10^{−3}", "10^{−2}", "10^{−1}", "1"]);
  expect(text(0, 0, "10^{−5}")).toContain('<tspan dy="-4.68" font-size="9.36">−5</tspan>');
  const long = logScale([1e-30, 1], [0, 100]).ticks.filter((t) => t.label);
  expect(long.length).toBeLessThanOrEqual(9);
  const short = logScale([0.2, 0.9], [0, 100]).ticks.filter((t) => t.label);
  expect(short.map((t) => t.label)).toEqual(["0.2", "0.5"]);
});

test("linear ticks are round, inside the domain, two to twelve of them, with distinct labels, for any domain", () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (from, length) => {
      fc.pre(length > 1e-6 * Math.abs(from));
      const { ticks } = linearScale([from, from + length], [0, 1]);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(12);
      for (const t of ticks) expect(t.value >= from - 1e-6 * length && t.value <= from + length * (1 + 1e-6)).toBe(true);
      expect(new Set(ticks.map((t) => t.label)).size).toBe(ticks.length);
    })
  );
});

test("symbols are set as papers set them", () => {
  expect(symbolMarkup("α")).toBe("*α*");
  expect(symbolMarkup("q/ρ")).toBe("*q*/*ρ*");
  expect(symbolMarkup("MSE")).toBe("MSE");
  expect(symbolMarkup("P_0")).toBe("*P*_{0}");
  expect(symbolMarkup("x̂")).toBe("*x̂*");
  expect(symbolMarkup("λ*")).toBe("*λ*^{∗}");
  expect(text(0, 0, "*λ*^{∗} = 1")).toMatch(/>\*<\/tspan>/); // an asterisk that the font has, and that slants nothing
});

test("PNG and PDF come out of every figure; the PDF is vector with its fonts embedded", { timeout: 60_000 }, async () => {
  for (const name of names) {
    const png = await toPng(figures[name], { scale: 2 });
    const view = new DataView(png.buffer, png.byteOffset);
    expect([view.getUint32(0), view.getUint32(16), view.getUint32(20)]).toEqual([0x89504e47, 1200, 800]);
    const pdf = Buffer.from(await toPdf(figures[name])).toString("latin1");
    expect(pdf.startsWith("%PDF-")).toBe(true);
    expect(pdf).toMatch(/\/MediaBox \[0 0 600 400\]/);
    expect(pdf).toMatch(/\/FontFile[23]? /);
    expect(pdf).toContain("STIXTwoText");
    expect(pdf).not.toContain("/Subtype /Image");
  }
});

test("terminal plots have the size they were given and mark both branches, dots and transitions", () => {
  const lines = comparisonPlot(c, "mse", { width: 50, height: 12 }).split("\n");
  expect(lines).toHaveLength(1 + 12 + 3);
  for (const line of lines.slice(0, 14)) expect(line.length).toBeLessThanOrEqual(60);
  expect(lines.join("\n")).toMatch(/o[\s\S]*algorithmic 1\.2, informationTheoretic 1/);
  expect(phasePlot(p)).toContain("1e-2");
  expect(terminalPlot([])).toBe("(nothing to plot)");
  expect(terminalPlot([{ x: [1], y: [2], style: "line" }])).toContain("┬");
});

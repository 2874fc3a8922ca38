/** Plots in a terminal: braille dots (2 x 4 to a character) for lines, letters for points, ticks in plain text. */
import type { Comparison } from "./compare.ts";
import { linearScale, logScale } from "./figures/scale.ts";
import type { PhaseDiagram } from "./phase.ts";

export interface PlotSeries {
  readonly x: readonly number[];
  /** null breaks a line. */
  readonly y: readonly (number | null)[];
  /** "line" joins the points in braille; "dashed" leaves gaps; any single character is printed at each point, above the lines. */
  readonly style: "line" | "dashed" | "upright" | (string & {});
  readonly label?: string;
}
export interface PlotOptions {
  /** Columns and rows of the panel, 64 x 16 by default. */
  readonly width?: number;
  readonly height?: number;
  readonly logX?: boolean;
  readonly logY?: boolean;
  readonly title?: string;
  readonly xLabel?: string;
}

/** "upright" series are vertical lines at their x values. Returns lines joined by \n. */
export function terminalPlot(series: readonly PlotSeries[], options: PlotOptions = {}): string {
  const width = options.width ?? 64;
  const height = options.height ?? 16;
  const sx = (v: number) => (options.logX ? Math.log10(v) : v);
  const sy = (v: number) => (options.logY ? Math.log10(v) : v);
  const ok = (x: number, y: number | null): y is number => y !== null && Number.isFinite(sx(x)) && Number.isFinite(sy(y));
  const points = series
    .filter((s) => s.style !== "upright")
    .flatMap((s) => s.x.flatMap((x, k) => (ok(x, s.y[k]) ? [[sx(x), sy(s.y[k] as number)]] : [])));
  if (points.length === 0) return `${options.title ? `${options.title}\n` : ""}(nothing to plot)`;
  const range = (i: number): [number, number] => {
    const v = points.map((p) => p[i]);
    const [low, high] = [Math.min(...v), Math.max(...v)];
    return high > low ? [low, high] : [low - 0.5, high + 0.5];
  };
  const [x0, x1] = range(0);
  const [y0, y1] = range(1);
  const col = (x: number) => ((sx(x) - x0) / (x1 - x0)) * (2 * width - 1);
  const row = (y: number) => (1 - (sy(y) - y0) / (y1 - y0)) * (4 * height - 1);

  const dots = new Uint8Array(width * height);
  const bits = [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80];
  const set = (c: number, r: number) => {
    const [i, j] = [Math.round(c), Math.round(r)];
    if (i >= 0 && j >= 0 && i < 2 * width && j < 4 * height) dots[(j >> 2) * width + (i >> 1)] |= bits[(i & 1) * 4 + (j & 3)];
  };
  const glyphs = new Map<number, string>();
  for (const s of series) {
    if (s.style === "upright") {
      for (const x of s.x) for (let r = 0; r < 4 * height; r += 3) set(col(x), r);
      continue;
    }
    if (s.style !== "line" && s.style !== "dashed") {
      s.x.forEach((x, k) => {
        const y = s.y[k];
        if (ok(x, y)) glyphs.set((Math.round(row(y)) >> 2) * width + (Math.round(col(x)) >> 1), s.style);
      });
      continue;
    }
    let walked = 0;
    for (let k = 0; k + 1 < s.x.length; k++) {
      const [ya, yb] = [s.y[k], s.y[k + 1]];
      if (!ok(s.x[k], ya) || !ok(s.x[k + 1], yb)) continue;
      const [ca, ra, cb, rb] = [col(s.x[k]), row(ya), col(s.x[k + 1]), row(yb)];
      const steps = Math.max(1, Math.ceil(Math.max(Math.abs(cb - ca), Math.abs(rb - ra))));
      const length = Math.hypot(cb - ca, rb - ra) / steps;
      for (let i = 0; i <= steps; i++) {
        if (s.style === "line" || walked % 6 < 3) set(ca + ((cb - ca) * i) / steps, ra + ((rb - ra) * i) / steps);
        if (i < steps) walked += length;
      }
    }
  }

  const marks = new Map<number, string>();
  const yTicks = options.logY ? logScale([10 ** y0, 10 ** y1], [4 * height - 1, 0], 5) : linearScale([y0, y1], [4 * height - 1, 0], 5);
  for (const t of yTicks.ticks) if (t.label) marks.set(Math.min(height - 1, Math.round(yTicks.at(t.value)) >> 2), inText(t.label));
  const gutter = Math.max(0, ...[...marks.values()].map((m) => m.length));
  const out: string[] = options.title ? [options.title] : [];
  for (let j = 0; j < height; j++) {
    let line = `${(marks.get(j) ?? "").padStart(gutter)} ${marks.has(j) ? "┤" : "│"}`;
    for (let i = 0; i < width; i++) {
      const bitsHere = dots[j * width + i];
      line += glyphs.get(j * width + i) ?? (bitsHere ? String.fromCharCode(0x2800 + bitsHere) : " ");
    }
    out.push(line.trimEnd());
  }
  const pad = " ".repeat(gutter + 1);
  const xTicks = options.logX ? logScale([10 ** x0, 10 ** x1], [0, 2 * width - 1], 6) : linearScale([x0, x1], [0, 2 * width - 1], 6);
  const rule = "─".repeat(width).split("");
  const words = " ".repeat(width + 12).split("");
  let free = 0;
  for (const t of xTicks.ticks) {
    const at = Math.min(width - 1, Math.round(xTicks.at(t.value)) >> 1);
    const word = inText(t.label);
    const from = Math.max(0, at - (word.length >> 1));
    if (!word || from < free) continue;
    rule[at] = "┬";
    for (let k = 0; k < word.length; k++) words[from + k] = word[k];
    free = from + word.length + 1;
  }
  out.push(`${pad}└${rule.join("")}`, `${pad} ${words.join("").trimEnd()}${options.xLabel ? `   ${options.xLabel}` : ""}`);
  const legend = series
    .filter((s) => s.label)
    .map((s) => `${s.style === "line" ? "⠤⠤" : s.style === "dashed" ? "⠤ ⠤" : s.style === "upright" ? "⡇" : s.style} ${s.label}`);
  if (legend.length) out.push(`${pad} ${legend.join("    ")}`);
  return out.join("\n");
}

/** A tick label without its markup: 10^{−3} is 1e-3. */
function inText(label: string): string {
  return label.replace(/(?:^|×)10\^\{([^}]*)\}/, (_, k: string, at: number) => `${at === 0 ? "1" : ""}e${k}`).replace(/−/g, "-");
}

/** Both branches as lines, means as o, failed runs as x, transitions upright. */
export function comparisonPlot(c: Comparison, observable = Object.keys(c.observables)[0], options: PlotOptions = {}): string {
  const xs = c.theory.map((p) => p.x);
  const both = c.theory.some((p) => p.optimal);
  const series: PlotSeries[] = [];
  if (c.transitions.length)
    series.push({
      x: c.transitions.map((t) => t.x),
      y: [],
      style: "upright",
      label: c.transitions.map((t) => `${t.name} ${Number(t.x.toPrecision(6))}`).join(", ")
    });
  if (both) series.push({ x: xs, y: c.theory.map((p) => p.optimal?.[observable] ?? null), style: "dashed", label: c.branchNames.optimal });
  series.push({
    x: xs,
    y: c.theory.map((p) => p.algorithmic[observable] ?? null),
    style: "line",
    label: both ? c.branchNames.algorithmic : "theory"
  });
  const dots = c.dots.flatMap((d) => {
    const s = d.converged[observable] ?? d.all[observable];
    return s ? [{ x: d.x, y: s.mean }] : [];
  });
  if (dots.length)
    series.push({
      x: dots.map((d) => d.x),
      y: dots.map((d) => d.y),
      style: "o",
      label: c.seeds.length === 1 ? "run" : `mean of ${c.seeds.length} runs`
    });
  return terminalPlot(series, { logX: c.along.log, title: observable, xLabel: c.along.symbol, ...options });
}

/** Threshold lines over x. */
export function phasePlot(p: PhaseDiagram, options: PlotOptions = {}): string {
  const xs = p.columns.map((c) => c.x);
  const series = p.thresholdNames.map((name): PlotSeries => {
    const style = name === "informationTheoretic" ? "dashed" : "line";
    return { x: xs, y: p.columns.map((c) => c.thresholds[name] ?? null), style, label: name };
  });
  return terminalPlot(series, { logX: p.x.log, title: `${p.y.symbol} thresholds`, xLabel: p.x.symbol, ...options });
}

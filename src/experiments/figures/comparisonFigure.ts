/** Theory as lines, runs as dots: the figure of `compare`. */
import type { Comparison, TheoryPoint } from "../compare.ts";
import {
  axes,
  cross,
  crossKey,
  curve,
  dashed,
  dot,
  dotKey,
  errorBar,
  groundOf,
  INK,
  type LegendEntry,
  type Layout,
  lineKey,
  ribbonOf,
  sheet,
  svg
} from "./frame.ts";
import { escapeXml, round, symbolMarkup, text, widthOf } from "./markup.ts";
import { observableMarkup, parametersMarkup, thresholdMarkup, thresholdStroke } from "./names.ts";
import { extent, linearScale, logScale, path, plain, type Scale } from "./scale.ts";

export interface FigureOptions {
  /** Markup; "" for none. The scenario's title by default. */
  readonly title?: string;
  readonly subtitle?: string;
  readonly width?: number;
  readonly height?: number;
  /** For cards and pages that say it themselves: no title, and no legend where there is little room. */
  readonly compact?: boolean;
  /** For a page that points at it: marks carry what they say, the panel what its axes measure (plane.ts). */
  readonly readable?: boolean;
}
export interface ComparisonOptions extends FigureOptions {
  /** The first one by default. */
  readonly observable?: string;
  /** Powers of ten upwards; only positive values are drawn. By default for an error (range from 0) that is positive and falls by 1000. */
  readonly logY?: boolean;
  /** Ends of the vertical axis, by default what holds lines and dots. */
  readonly yMin?: number | undefined;
  readonly yMax?: number | undefined;
}

/**
 * Means are over every run that has a value. Only when a failed run left a value far off (beyond the others by three times
 * their height) are they over the runs that ended well; the others are then crosses only.
 */
export function populationOf(c: Comparison, name: string): "all" | "converged" {
  const sane = [...c.theory.map((p) => p.algorithmic[name]), ...c.runs.filter((r) => r.good).map((r) => r.observables[name])].filter(
    (v) => v !== undefined
  );
  const [low, high] = extent(sane, 3);
  const far = (v: number) => v < low || v > high;
  return c.runs.some((r) => !r.good && r.observables[name] !== undefined && far(r.observables[name])) ? "converged" : "all";
}

/** Over three decades; along a logarithmic axis one and a half are enough, so that power laws are straight. */
function fallsFar(c: Comparison, name: string): boolean {
  const values = c.theory.flatMap((p) => [p.algorithmic[name], p.optimal?.[name]]).filter((v) => v !== undefined);
  const least = Math.min(...values);
  return c.observables[name].range[0] === 0 && least > 0 && Math.max(...values) / least > (c.along.log ? 30 : 1000);
}

/** Returns SVG. Throws RangeError for an observable the comparison does not have. */
export function comparisonFigure(c: Comparison, options: ComparisonOptions = {}): string {
  const name = options.observable ?? Object.keys(c.observables)[0];
  const observable = c.observables[name];
  if (!observable)
    throw new RangeError(`figure: ${c.scenario.id} has no observable ${name}; it has ${Object.keys(c.observables).join(", ")}`);
  const over = populationOf(c, name);
  const logY = options.logY ?? fallsFar(c, name);
  const shown = (v: number | undefined): v is number => v !== undefined && (!logY || v > 0);

  const dots = c.dots.flatMap((d) => {
    const s = d[over][name];
    return s && shown(s.mean) ? [{ x: d.x, y: s.mean, sem: s.sem ?? 0 }] : [];
  });
  const values = [
    ...c.theory.flatMap((p) => [p.algorithmic[name], p.optimal?.[name]]).filter(shown),
    ...dots.flatMap((d) => [d.y - d.sem, d.y, d.y + d.sem]).filter(shown)
  ];
  const [low, high] = observable.range;
  const tight = extent(values, 0.04);
  // the declared range when it is nearly filled, else what there is
  const near = (end: number, edge: number) => Number.isFinite(end) && Math.abs(edge - end) < 0.35 * (tight[1] - tight[0]);
  const found: [number, number] = logY
    ? [Math.min(...values) / 1.6, Math.max(...values) * 1.6]
    : [
        near(low, tight[0]) ? Math.min(low, tight[0]) : tight[0] > 0 && near(0, tight[0]) ? 0 : tight[0],
        near(high, tight[1]) ? Math.max(high, tight[1]) : tight[1]
      ];
  const yDomain = within(found, options.yMin, options.yMax, logY);
  const xValues = c.along.values;
  const span: [number, number] = [xValues[0], xValues[xValues.length - 1]];
  const xDomain: [number, number] = c.along.log
    ? [span[0] / (span[1] / span[0]) ** 0.02, span[1] * (span[1] / span[0]) ** 0.02]
    : extent(span, 0.02);

  const width = options.width ?? 600;
  const height = options.height ?? 400;
  const makeY = (range: readonly [number, number]): Scale => (logY ? logScale(yDomain, range) : linearScale(yDomain, range));
  const phased = c.theory.some((p) => p.phase !== null);
  const crosses = c.runs.filter((r) => !r.good && r.outcome !== "horizon");
  const { layout, head } = sheet({
    width,
    height,
    title: options.title ?? (options.compact ? "" : c.scenario.title),
    subtitle:
      options.subtitle ??
      (options.compact ? "" : parametersMarkup(c.params, c.symbols, c.notable, c.dots.length ? [c.along.name] : [c.along.name, "size"])),
    legend: options.compact && width < 420 ? [] : legendOf(c, over, crosses, logY && c.dots.some((d) => (d[over][name]?.mean ?? 1) <= 0)),
    ...(c.caveat && !options.compact ? { note: `dashed: ${c.caveat}` } : {}),
    above: (phased ? 17 : 0) + (c.transitions.length ? 17 : 0),
    yLabels: makeY([0, 1]).ticks.map((t) => t.label)
  });
  const x = c.along.log
    ? logScale(xDomain, [layout.left, layout.right])
    : linearScale(xDomain, [layout.left, layout.right], width < 450 ? 5 : 7);
  const y = makeY([layout.bottom, layout.top]);

  const line = (pick: (p: TheoryPoint) => number | undefined) =>
    path(
      c.theory.map((p) => {
        const v = pick(p);
        return shown(v) ? [x.at(p.x), y.at(v)] : null;
      })
    );
  let marks = transitionLines(c, x, layout, phased);
  marks += curve(
    line((p) => p.algorithmic[name]),
    INK.blue,
    2.2,
    c.caveat ? BESIDE : ""
  );
  // dashes over the line: both are seen where the branches meet
  if (c.theory.some((p) => p.optimal))
    marks += curve(
      line((p) => p.optimal?.[name]),
      INK.vermilion,
      2,
      "7,4"
    );
  const points: string[] = [];
  for (const d of dots) {
    if (d.sem > 0)
      points.push(errorBar(x.at(d.x), y.at(logY ? Math.max(d.y - d.sem, yDomain[0]) : d.y - d.sem), y.at(d.y + d.sem), INK.text));
    points.push(dot(x.at(d.x), y.at(d.y), INK.text));
  }
  // a run that left no value, or one outside the panel, is marked at the edge that the theory stays away from
  const heights = c.theory
    .map((p) => p.algorithmic[name])
    .filter(shown)
    .map((v) => y.at(v));
  const mostlyHigh = heights.filter((h) => h < (layout.top + layout.bottom) / 2).length > heights.length / 2;
  const edge = mostlyHigh ? layout.bottom - 7 : layout.top + 7;
  for (const r of crosses) {
    const v = r.observables[name];
    const inside = shown(v) && v >= yDomain[0] && v <= yDomain[1];
    points.push(cross(x.at(r.x), inside ? y.at(v) : edge, INK.purple));
  }
  const readings = options.readable ? readingsOf(c, name, over, x, y, (v) => shown(v) && v >= yDomain[0] && v <= yDomain[1]) : "";
  const ribbons = phased ? regions(c, x, layout) : { ground: "", ribbon: "" };
  const labels = transitionLabels(c, x, layout, phased);
  return svg(
    layout,
    head,
    ribbons.ground,
    marks + points.join(""),
    ribbons.ribbon + labels + axes(layout, x, y, symbolMarkup(c.along.symbol), observableMarkup(name, observable.symbol)) + readings,
    options.readable ? { x, y } : undefined
  );
}

/** Of theory that does not describe the runs. */
const BESIDE = "3,3";

/** A given end that leaves nothing of the axis, or none on a logarithmic one, is not taken. */
function within(found: readonly [number, number], low: number | undefined, high: number | undefined, log: boolean): [number, number] {
  const usable = (v: number | undefined): v is number => v !== undefined && Number.isFinite(v) && (!log || v > 0);
  const [from, to] = [usable(low) ? low : found[0], usable(high) ? high : found[1]];
  return from < to ? [from, to] : [found[0], found[1]];
}

/** At each value of the axis: what runs and theory say there. */
function readingsOf(
  c: Comparison,
  name: string,
  over: "all" | "converged",
  x: Scale,
  y: Scale,
  inside: (v: number | undefined) => boolean
): string {
  const dots = new Map(c.dots.map((d) => [d.x, d]));
  const theory = new Map(c.theory.map((p) => [p.x, p]));
  return c.along.values
    .map((value) => {
      const [d, p] = [dots.get(value), theory.get(value)];
      const s = d?.[over][name];
      const lines = [`${c.along.symbol} = ${plain(value)}`];
      if (d && s) lines.push(`runs ${plain(s.mean)}${s.sem === null ? "" : ` ± ${plain(s.sem, 2)}`} (${s.n})`);
      if (d && d.good < d.runs) lines.push(`${d.runs - d.good} of ${d.runs} did not end well`);
      if (p?.error) lines.push(p.error);
      if (p?.algorithmic[name] !== undefined)
        lines.push(`theory${p.optimal ? `, ${c.branchNames.algorithmic}` : ""} ${plain(p.algorithmic[name])}`);
      if (p?.optimal?.[name] !== undefined) lines.push(`theory, ${c.branchNames.optimal} ${plain(p.optimal[name])}`);
      if (p?.phase) lines.push(p.phase);
      const at = [s?.mean, p?.algorithmic[name]].find(inside);
      if (lines.length === 1 || at === undefined) return "";
      return `<circle data-read="${escapeXml(lines.join("\n"))}" cx="${round(x.at(value))}" cy="${round(y.at(at))}" r="7" fill="none" stroke="none"/>`;
    })
    .join("");
}

function legendOf(c: Comparison, over: string, crosses: readonly Comparison["runs"][number][], unseen: boolean): LegendEntry[] {
  const entries: LegendEntry[] = [];
  const both = c.theory.some((p) => p.optimal);
  entries.push({ label: both ? `theory, ${c.branchNames.algorithmic}` : "theory", key: lineKey(INK.blue, 2.2, c.caveat ? BESIDE : "") });
  if (both) entries.push({ label: `theory, ${c.branchNames.optimal}`, key: lineKey(INK.vermilion, 2, "7,4") });
  const n = c.seeds.length;
  const mean = over === "converged" ? "mean ± s.e. of converged runs" : `mean ± s.e. of ${n} runs`;
  const floor = unseen ? " (where positive)" : "";
  if (c.dots.length) entries.push({ label: n === 1 ? `one run a point${floor}` : `${mean}${floor}`, key: dotKey(INK.text, n > 1) });
  if (crosses.length > 0) {
    // where the theory has zero overlap too, a run that stops there has not failed
    const what = crosses.every((r) => r.outcome === "trivial-fixed-point") ? "at a trivial fixed point" : "failed";
    entries.push({ label: `${what} (${crosses.length} of ${c.runs.length})`, key: crossKey(INK.purple) });
  }
  return entries;
}

function transitionLines(c: Comparison, x: Scale, layout: Layout, phased: boolean): string {
  return c.transitions
    .map((t, k) => {
      const { stroke, dash } = verticalStroke(t.name, k);
      return `<path d="M${round(x.at(t.x))},${layout.bottom}V${round(layout.top - (phased ? 17 : 0))}" stroke="${stroke}" stroke-width="1.1" fill="none"${dashed(dash)}/>`;
    })
    .join("");
}

/** Upright lines: IT dashed, algorithmic dotted, in the colours of the branches that jump there. */
function verticalStroke(name: string, k: number): { readonly stroke: string; readonly dash: string } {
  return name === "algorithmic" ? { stroke: INK.blue, dash: "1.5,3" } : thresholdStroke(name, k);
}

/** Transitions closer than this in pixels are at one place: one label, α_{IT} = α_{alg}. */
const SAME = 0.25;

/** Labels above the panel, pushed apart when transitions are close; a thin leader joins a label that was moved. */
function transitionLabels(c: Comparison, x: Scale, layout: Layout, phased: boolean): string {
  const base = layout.top - (phased ? 17 : 0) - 5;
  const labels = c.transitions
    .map((t, k) => ({ at: x.at(t.x), markup: thresholdMarkup(c.along.symbol, t.name), ...verticalStroke(t.name, k) }))
    .sort((a, b) => a.at - b.at);
  const groups: (typeof labels)[] = [];
  for (const label of labels) {
    const last = groups[groups.length - 1];
    if (last && label.at - last[0].at < SAME) last.push(label);
    else groups.push([label]);
  }
  const placed = groups.map((members) => {
    const pieces = members.flatMap((m, k) => (k === 0 ? [m] : [{ ...m, markup: " = ", stroke: INK.soft }, m]));
    const half = pieces.reduce((sum, p) => sum + widthOf(p.markup, 13), 0) / 2 + 4;
    return { at: members[0].at, pieces, half, centre: members[0].at, stroke: members[0].stroke };
  });
  for (let round = 0; round < 40; round++)
    for (let k = 0; k + 1 < placed.length; k++) {
      const overlap = placed[k].centre + placed[k].half - (placed[k + 1].centre - placed[k + 1].half);
      if (overlap <= 0) continue;
      placed[k].centre -= overlap / 2;
      placed[k + 1].centre += overlap / 2;
    }
  return placed
    .map((p) => {
      const centre = Math.min(layout.right - p.half, Math.max(layout.left + p.half, p.centre));
      const leader =
        Math.abs(centre - p.at) > 6
          ? `<path d="M${round(p.at)},${round(base + 5)}L${round(centre)},${round(base + 2)}" stroke="${p.stroke}" stroke-width="0.7" fill="none"/>`
          : "";
      let left = centre - p.half + 4;
      const written = p.pieces.map((piece) => {
        const width = widthOf(piece.markup, 13);
        left += width;
        return text(left - width / 2, base, piece.markup, { anchor: "middle", fill: piece.stroke });
      });
      return leader + written.join("");
    })
    .join("");
}

/** Light ground behind the panel and a named ribbon over it: where inference is impossible, hard, easy, or whatever the phases are. */
function regions(c: Comparison, x: Scale, layout: Layout): { readonly ground: string; readonly ribbon: string } {
  let ground = "";
  let ribbon = "";
  const points = c.theory;
  for (let start = 0; start < points.length; ) {
    const phase = points[start].phase;
    let end = start;
    while (end + 1 < points.length && points[end + 1].phase === phase) end++;
    const from = start === 0 ? layout.left : (x.at(points[start - 1].x) + x.at(points[start].x)) / 2;
    const to = end === points.length - 1 ? layout.right : (x.at(points[end].x) + x.at(points[end + 1].x)) / 2;
    start = end + 1;
    if (!phase) continue;
    const box = (y: number, height: number, fill: string) =>
      `<rect x="${round(from)}" y="${round(y)}" width="${round(to - from)}" height="${round(height)}" fill="${fill}"/>`;
    ground += box(layout.top, layout.bottom - layout.top, groundOf(phase, c.phases));
    ribbon += box(layout.top - 17, 17, ribbonOf(phase, c.phases));
    if (to - from > widthOf(phase, 12) + 6)
      ribbon += text((from + to) / 2, layout.top - 5, phase, { anchor: "middle", size: 12, italic: true });
  }
  return { ground, ribbon };
}

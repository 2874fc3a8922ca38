/** An observable against time: state evolution (or any theory) as a line, every run faintly, their mean as dots. */
import { average } from "../../core/scenario.ts";
import type { Observable } from "../../core/types.ts";
import type { FigureOptions } from "./comparisonFigure.ts";
import { axes, curve, dot, dotKey, errorBar, INK, type LegendEntry, lineKey, sheet, svg } from "./frame.ts";
import { escapeXml, round, text } from "./markup.ts";
import { observableMarkup } from "./names.ts";
import { extent, linearScale, logScale, path, plain } from "./scale.ts";

/** What of a Run is drawn. */
export interface Trajectory {
  readonly t: readonly number[];
  readonly series: Readonly<Record<string, readonly number[]>>;
}
export interface TrajectoryRequest extends FigureOptions {
  /** The observable's name in `series`, and what it is. */
  readonly name: string;
  readonly observable: Observable;
  readonly theory?: Trajectory | undefined;
  readonly runs: readonly Trajectory[];
  /** Axis title of time, "iteration *t*" by default. */
  readonly timeTitle?: string;
  /** Powers of ten upwards: by default when the values are positive and span more than two decades. */
  readonly logY?: boolean;
  /** Time on a logarithmic axis; its first frame, t = 0, is then left out. Default false. */
  readonly logX?: boolean;
  /** Heights marked by a dashed line and named: plateaus, limits. */
  readonly levels?: readonly Level[];
  /** Of a theory that does not describe these runs: what the legend calls it. Its line is dashed. */
  readonly beside?: string | undefined;
  /** Another run to compare with, hollow squares on a thin line. */
  readonly ghost?: { readonly name: string; readonly run: Trajectory } | undefined;
  /** Dots carry what they say, for a page that reads them out. */
  readonly readable?: boolean;
}
export interface Level {
  readonly name: string;
  readonly value: number;
}

/** Returns SVG. */
export function trajectoryFigure(request: TrajectoryRequest): string {
  const { name, observable, theory, runs, levels = [], beside, ghost } = request;
  const all = [...(theory ? [theory] : []), ...runs, ...(ghost ? [ghost.run] : [])];
  const finite = (v: number) => Number.isFinite(v);
  const values = [...all.flatMap((r) => r.series[name] ?? []), ...levels.map((l) => l.value)].filter(finite);
  const positive = values.filter((v) => v > 0);
  const spans = positive.length > 0 && Math.max(...positive) / Math.min(...positive) > 100 && positive.length === values.length;
  const logY = (request.logY ?? spans) && positive.length > 0;
  const shown = logY ? positive : values;
  const means = runs.length > 1 ? meanOver(runs, name) : [];
  const [low, high] = extent(shown, 0.05);
  const yDomain: [number, number] = logY ? [Math.min(...shown) / 1.5, Math.max(...shown) * 1.5] : [low, high];
  const times = all.flatMap((r) => r.t);
  const tMax = Math.max(1e-12, ...times);
  const positiveTimes = times.filter((t) => t > 0);
  const logX = request.logX === true && positiveTimes.length > 0;

  const legend: LegendEntry[] = [];
  const dash = beside === undefined ? "" : "6,4";
  if (theory) legend.push({ label: beside ?? "theory", key: lineKey(INK.blue, 2.2, dash) });
  if (runs.length === 1) legend.push({ label: "one run", key: dotKey(INK.text, false) });
  if (runs.length > 1) {
    legend.push({ label: `mean of ${runs.length} runs ± s.e.`, key: dotKey(INK.text, true) });
    legend.push({ label: "single runs", key: lineKey(INK.grey, 0.9) });
  }
  if (ghost) legend.push({ label: ghost.name, key: { width: 10, draw: (px, py) => square(px + 5, py) } });
  const makeY = (range: readonly [number, number]) => (logY ? logScale(yDomain, range) : linearScale(yDomain, range));
  const { layout, head } = sheet({
    width: request.width ?? 600,
    height: request.height ?? 400,
    title: request.title ?? "",
    subtitle: request.subtitle ?? "",
    legend,
    yLabels: makeY([0, 1]).ticks.map((t) => t.label)
  });
  const width: [number, number] = [layout.left, layout.right];
  const x = logX ? logScale([Math.min(...positiveTimes), tMax * 1.05], width) : linearScale([-0.02 * tMax, 1.02 * tMax], width, 7);
  const drawn = (t: number, v: number) => finite(v) && (!logY || v > 0) && (!logX || t > 0);
  const y = makeY([layout.bottom, layout.top]);
  const line = (r: Trajectory) => path(r.t.map((t, k) => (drawn(t, r.series[name][k]) ? [x.at(t), y.at(r.series[name][k])] : null)));

  let marks = "";
  for (const { name: level, value } of levels.filter((l) => drawn(1, l.value))) {
    marks += curve(`M${layout.left},${round(y.at(value))}H${layout.right}`, INK.soft, 1.1, "5,4");
    marks += text(layout.right - 6, y.at(value) - 5, level, { anchor: "end", size: 12, fill: INK.soft, halo: true });
  }
  if (runs.length > 1)
    marks += `<g opacity="${runs.length > 12 ? 0.35 : 0.6}">${runs.map((r) => curve(line(r), INK.grey, 0.8)).join("")}</g>`;
  if (theory) marks += curve(line(theory), INK.blue, 2.2, dash);
  if (ghost) {
    marks += curve(line(ghost.run), INK.purple, 1);
    const ghosts = ghost.run.t.map((t, k) => ({ t, v: ghost.run.series[name][k] })).filter((d) => drawn(d.t, d.v));
    for (const d of thinned(ghosts, 45)) marks += square(x.at(d.t), y.at(d.v));
  }
  const dots = runs.length === 1 ? runs[0].t.map((t, k) => ({ t, mean: runs[0].series[name][k], sem: 0 })) : means;
  for (const d of thinned(logX ? dots.filter((d) => d.t > 0) : dots, 45)) {
    if (!drawn(d.t, d.mean)) continue;
    if (d.sem > 0)
      marks += errorBar(x.at(d.t), y.at(logY ? Math.max(d.mean - d.sem, yDomain[0]) : d.mean - d.sem), y.at(d.mean + d.sem), INK.text);
    const mark = dot(x.at(d.t), y.at(d.mean), INK.text, 3.1);
    const words = `t = ${plain(d.t)}\n${name} ${plain(d.mean, 5)}`;
    marks += request.readable ? mark.replace("<circle ", `<circle data-read="${escapeXml(words)}" `) : mark;
  }
  return svg(
    layout,
    head,
    "",
    marks,
    axes(layout, x, { ...y, ticks: y.ticks }, request.timeTitle ?? "iteration *t*", observableMarkup(name, observable.symbol))
  );
}

function square(x: number, y: number): string {
  return `<rect x="${round(x - 2.7)}" y="${round(y - 2.7)}" width="5.4" height="5.4" fill="#ffffff" stroke="${INK.purple}" stroke-width="1.2"/>`;
}

/** At each time of the longest run, over the runs; one that has stopped stays at its last value, as its estimate does. */
function meanOver(runs: readonly Trajectory[], name: string): { t: number; mean: number; sem: number }[] {
  const longest = runs.reduce((a, b) => (b.t.length > a.t.length ? b : a));
  return longest.t.map((t, k) => {
    const values = runs.map((r) => r.series[name][Math.min(k, r.t.length - 1)]).filter((v) => Number.isFinite(v));
    const { mean, sem } = average(values);
    return { t, mean, sem: sem ?? 0 };
  });
}

function thinned<T>(items: readonly T[], most: number): T[] {
  const every = Math.max(1, Math.ceil(items.length / most));
  return items.filter((_, k) => k % every === 0 || k === items.length - 1);
}

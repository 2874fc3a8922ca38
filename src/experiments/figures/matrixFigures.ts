/** Matrix order parameters (Q, R, T of a student and its teacher): entries against time as traces, and heat maps at a few times. */
import { average } from "../../core/scenario.ts";
import type { Run } from "../../core/types.ts";
import type { FigureOptions } from "./comparisonFigure.ts";
import { axes, curve, dot, dotKey, INK, type Layout, type LegendEntry, lineKey, sheet } from "./frame.ts";
import { FONT, round, text, widthOf } from "./markup.ts";
import { extent, linearScale, logScale, minus, path, type Scale } from "./scale.ts";

export type Matrix = readonly (readonly number[])[];
/** What of a Run is drawn. */
export interface MatrixRun {
  readonly t: readonly number[];
  readonly matrices?: Run["matrices"];
}
export interface MatrixRequest extends FigureOptions {
  readonly theory?: MatrixRun | undefined;
  readonly runs?: readonly MatrixRun[];
  /** Names of the matrices drawn, one panel or row each; all that have more than one row by default. */
  readonly names?: readonly string[];
  /** Axis title of time, "iteration *t*" by default. */
  readonly timeTitle?: string;
  readonly logX?: boolean;
  /** A time marked on the traces by an upright. */
  readonly mark?: number;
  /** Panels of traces side by side; as many as there are matrices by default. */
  readonly columns?: number;
}

/** Of an entry: by its column off the diagonal of a square matrix and on it, so that a permutation of units keeps its colours apart. */
const COLOURS = [INK.vermilion, INK.blue, INK.green, INK.purple, "#e69f00", "#56b4e9", "#a6761d", INK.grey] as const;
const MOST_ENTRIES = 36;
const MAPS = 6;

/** Names of the matrices that a request draws. */
export function namesOf({ names, theory, runs = [] }: MatrixRequest): string[] {
  const all = theory?.matrices ?? runs[0]?.matrices ?? {};
  if (names) return names.filter((n) => n in all);
  // what never moves (the teacher's own overlaps) says nothing
  const moves = (series: readonly Matrix[]) => series.length < 2 || series.some((M) => JSON.stringify(M) !== JSON.stringify(series[0]));
  return Object.keys(all).filter((n) => (all[n][0]?.length ?? 0) > 1 && moves(all[n]));
}

/** All orders of K units. */
function orders(K: number): number[][] {
  if (K === 0) return [[]];
  return orders(K - 1).flatMap((order) => Array.from({ length: K }, (_, k) => [...order.slice(0, k), K - 1, ...order.slice(k)]));
}

const MOST_UNITS = 6;

/**
 * A student's units carry no names: they are put in the order whose last R is closest to the reference's. Rows of R and Q, columns of Q
 * and of the second layer v go with them. Models without R, or of more than six units, are left as they are.
 */
export function matched(run: MatrixRun, reference: MatrixRun | undefined): MatrixRun {
  const last = (r: MatrixRun | undefined) => r?.matrices?.R?.[r.matrices.R.length - 1];
  const [mine, theirs] = [last(run), last(reference)];
  if (!mine || !theirs || mine.length !== theirs.length || mine.length > MOST_UNITS) return run;
  const distance = (order: readonly number[]) =>
    order.reduce((s, k, i) => s + mine[k].reduce((t, x, n) => t + (x - theirs[i][n]) ** 2, 0), 0);
  const best = orders(mine.length).reduce((a, b) => (distance(b) < distance(a) ? b : a));
  const rows = (M: Matrix) => best.map((k) => M[k]);
  const columns = (M: Matrix) => M.map((row) => best.map((k) => row[k]));
  const { R = [], Q, v, ...rest } = run.matrices ?? {};
  return {
    ...run,
    matrices: { ...rest, R: R.map(rows), ...(Q ? { Q: Q.map((M) => columns(rows(M))) } : {}), ...(v ? { v: v.map(columns) } : {}) }
  };
}

/** Entries drawn: all, or the upper half of a symmetric one, at most 36. */
function entriesOf(M: Matrix): readonly (readonly [number, number])[] {
  const symmetric = M.length === M[0].length && M.every((row, i) => row.every((x, j) => Math.abs(x - M[j][i]) < 1e-12));
  const entries = M.flatMap((row, i) => row.map((_, j) => [i, j] as const));
  return entries.filter(([i, j]) => !symmetric || j >= i).slice(0, MOST_ENTRIES);
}

const colourOf = (name: string, i: number, j: number) => COLOURS[(name === "Q" && i !== j ? 2 + i + j : j) % COLOURS.length];

/** The mean over runs of entry (i, j), at each time of the first run. */
function meanEntry(runs: readonly MatrixRun[], name: string, i: number, j: number): { t: number; mean: number; sem: number }[] {
  const [first] = runs;
  return first.t.map((t, k) => {
    const values = runs.map((r) => {
      const series = r.matrices?.[name] ?? [];
      return series[Math.min(k, series.length - 1)]?.[i]?.[j] ?? Number.NaN;
    });
    const { mean, sem } = average(values.filter(Number.isFinite));
    return { t, mean, sem: sem ?? 0 };
  });
}

/** The name of one line, or of several that end together, at its right end. */
interface EndLabel {
  readonly value: number;
  readonly ink: string;
  readonly words: string;
}
const LABEL_STEP = 14;

/** Names at the right end of the lines of a matrix, top first; lines that end together share one. At most as many as stand below each other in `tall` pixels. */
function endLabels(name: string, final: Matrix, span: readonly [number, number], tall: number): EndLabel[] {
  const ends = entriesOf(final)
    .map(([i, j]) => ({ value: final[i][j], ink: colourOf(name, i, j), index: `${i + 1}${j + 1}` }))
    .filter((e) => Number.isFinite(e.value))
    .sort((a, b) => b.value - a.value);
  const most = Math.max(1, Math.floor(tall / LABEL_STEP));
  for (let near = 0.012 * (span[1] - span[0]); ; near *= 1.5) {
    const groups: (typeof ends)[] = [];
    for (const e of ends) {
      const last = groups[groups.length - 1];
      if (last && last[0].value - e.value <= near) last.push(e);
      else groups.push([e]);
    }
    if (groups.length > most) continue;
    return groups.map((g) => {
      const indices = g.map((e) => e.index).sort();
      const listed = `${indices.slice(0, 3).join(",")}${indices.length > 3 ? " …" : ""}`;
      return {
        value: g.reduce((sum, e) => sum + e.value, 0) / g.length,
        ink: g.every((e) => e.ink === g[0].ink) ? g[0].ink : INK.text,
        words: final.length > 1 ? `*${name}*_{${listed}}` : `*${name}*`
      };
    });
  }
}

/** Heights, top first, at least `step` apart and between the two ends, as near as that allows to where they want to be. */
export function apart(wanted: readonly number[], step: number, top: number, bottom: number): number[] {
  const out = [...wanted];
  for (let k = 0; k < out.length; k++) out[k] = Math.max(out[k], k === 0 ? top : out[k - 1] + step);
  for (let k = out.length - 1; k >= 0; k--) out[k] = Math.min(out[k], k === out.length - 1 ? bottom : out[k + 1] - step);
  return out;
}

/** Every entry against time: theory as lines, the mean of the runs as dots. One panel a matrix, side by side. Returns SVG; "" when there is nothing to draw. */
export function matrixTracesFigure(request: MatrixRequest): string {
  const { theory } = request;
  const runs = (request.runs ?? []).map((r) => matched(r, theory ?? request.runs?.[0]));
  const names = namesOf(request);
  if (names.length === 0) return "";
  const columns = Math.max(1, Math.min(names.length, request.columns ?? names.length));
  const rows = Math.ceil(names.length / columns);
  const width = request.width ?? 90 + 330 * columns;
  const height = request.height ?? 80 + 300 * rows;
  const all = [...(theory ? [theory] : []), ...runs];
  const times = all.flatMap((r) => r.t);
  const positive = times.filter((t) => t > 0);
  const logX = request.logX === true && positive.length > 0;
  const tMax = Math.max(...times, 1e-12);
  const legend: LegendEntry[] = [];
  if (theory) legend.push({ label: "theory", key: lineKey(INK.vermilion, 2) });
  if (runs.length) legend.push({ label: runs.length > 1 ? `mean of ${runs.length} runs` : "one run", key: dotKey(INK.vermilion, false) });
  const values = all.flatMap((r) => names.flatMap((n) => (r.matrices?.[n] ?? []).flat(2))).filter(Number.isFinite);
  const span = extent(values, 0.05);
  const seriesOf = (name: string) => theory?.matrices?.[name] ?? runs[0]?.matrices?.[name] ?? [];
  const labels = new Map(
    names.map((name) => {
      const series = seriesOf(name);
      return [name, endLabels(name, series[series.length - 1], span, Math.max(LABEL_STEP, (height - 130) / rows - 40))];
    })
  );
  // room for the names beside every panel
  const beside = 14 + Math.ceil(Math.max(...[...labels.values()].flat().map((l) => widthOf(l.words, 12))));
  const { layout: whole, head } = sheet({
    width,
    height,
    title: request.title ?? "",
    subtitle: request.subtitle ?? "",
    legend,
    marginRight: beside + 6,
    yLabels: linearScale(span, [0, 1]).ticks.map((t) => t.label)
  });
  const gap = 58;
  const between = 40 + beside;
  const wide = (whole.right - whole.left - between * (columns - 1)) / columns;
  const tall = (whole.bottom - whole.top - gap * (rows - 1)) / rows;
  let body = "";
  names.forEach((name, panel) => {
    const [left, top] = [whole.left + (panel % columns) * (wide + between), whole.top + Math.floor(panel / columns) * (tall + gap)];
    const layout: Layout = { ...whole, left: round(left), right: round(left + wide), top: round(top), bottom: round(top + tall) };
    const range: [number, number] = [layout.left, layout.right];
    const x: Scale = logX
      ? logScale([Math.min(...positive), tMax * 1.05], range, wide < 260 ? 4 : 6)
      : linearScale([-0.02 * tMax, 1.02 * tMax], range, 5);
    const y = linearScale(span, [layout.bottom, layout.top]);
    const at = (t: number, v: number): [number, number] | null => (Number.isFinite(v) && (!logX || t > 0) ? [x.at(t), y.at(v)] : null);
    let marks = "";
    if (request.mark !== undefined && (!logX || request.mark > 0)) {
      const px = round(x.at(request.mark));
      marks += curve(`M${px},${layout.top}V${layout.bottom}`, INK.grey, 1.2, "3,3");
    }
    const [shape] = seriesOf(name);
    for (const [i, j] of entriesOf(shape)) {
      const ink = colourOf(name, i, j);
      const lines = theory?.matrices?.[name];
      if (theory && lines) marks += curve(path(theory.t.map((t, k) => at(t, lines[k][i][j]))), ink, 1.7);
      if (runs.length) {
        const dots = meanEntry(runs, name, i, j).filter((d) => !logX || d.t > 0);
        const every = Math.max(1, Math.ceil(dots.length / 24));
        for (const d of dots.filter((_, k) => k % every === 0 || k === dots.length - 1)) {
          const place = at(d.t, d.mean);
          if (!place) continue;
          const half = Math.abs(y.at(d.mean + d.sem) - y.at(d.mean));
          if (half > 3) marks += curve(`M${round(place[0])},${round(place[1] - half)}v${round(2 * half)}`, ink, 1);
          marks += dot(place[0], place[1], ink, 2.7);
        }
      }
    }
    // which entry is which: beside the right end of its line, led there where it had to move
    const told = labels.get(name) ?? [];
    const heights = apart(
      told.map((l) => y.at(l.value)),
      LABEL_STEP,
      layout.top + 4,
      layout.bottom - 2
    );
    let ended = "";
    told.forEach(({ value, ink, words }, k) => {
      ended +=
        curve(`M${layout.right + 1},${round(y.at(value))}L${layout.right + 8},${round(heights[k])}`, ink, 0.9) +
        text(layout.right + 10, heights[k] + 4, words, { size: 12, fill: ink });
    });
    const box = `x="${layout.left}" y="${round(layout.top)}" width="${round(layout.right - layout.left)}" height="${round(layout.bottom - layout.top)}"`;
    body +=
      `<clipPath id="panel-${panel}"><rect ${box}/></clipPath><g clip-path="url(#panel-${panel})">${marks}</g>${ended}` +
      axes(layout, x, y, request.timeTitle ?? "iteration *t*", "") +
      text(layout.left + 10, layout.top + 20, `*${name}*`, { size: 17, halo: true });
  });
  return wrap(width, height, head + body);
}

/** Vermilion below zero, white at zero, blue above. */
export function divergingColour(share: number): string {
  const f = Math.min(1, Math.abs(share)) ** 0.8;
  const end = share >= 0 ? [0, 84, 148] : [188, 72, 0];
  return `#${end
    .map((c) =>
      Math.round(255 + f * (c - 255))
        .toString(16)
        .padStart(2, "0")
    )
    .join("")}`;
}

/** Indices of about six frames: the first, the last, and times evenly spaced between (in ln t if `log`). */
function framesOf(t: readonly number[], log: boolean): number[] {
  const last = t.length - 1;
  if (last < MAPS) return t.map((_, k) => k);
  const first = log
    ? Math.max(
        1,
        t.findIndex((v) => v > 0)
      )
    : 0;
  const scale = (v: number) => (log ? Math.log(Math.max(v, 1e-300)) : v);
  const wanted = Array.from({ length: MAPS }, (_, k) => scale(t[first]) + ((scale(t[last]) - scale(t[first])) * k) / (MAPS - 1));
  const nearest = (w: number) =>
    t.reduce((best, v, k) => (k >= first && Math.abs(scale(v) - w) < Math.abs(scale(t[best]) - w) ? k : best), first);
  return [...new Set(wanted.map(nearest))];
}

/** Heat maps of each matrix (a row of maps) at about six times: the theory's, and the first run's below where there is one. Returns SVG; "" when there is nothing to draw. */
export function matrixMapsFigure(request: MatrixRequest): string {
  const names = namesOf(request);
  const sources = [
    ...(request.theory?.matrices ? [{ label: "theory", run: request.theory }] : []),
    ...(request.runs?.[0]?.matrices ? [{ label: "run", run: matched(request.runs[0], request.theory) }] : [])
  ];
  if (names.length === 0 || sources.length === 0) return "";
  const rows = sources.flatMap(({ label, run }) => names.map((name) => ({ label, name, run })));
  const frames = framesOf(sources[0].run.t, request.logX === true);
  const values = rows.flatMap(({ name, run }) => frames.map((k) => run.matrices?.[name]?.[k] ?? [])).flat(2);
  const most = Math.max(1e-12, ...values.map(Math.abs).filter(Number.isFinite));
  const size = 84;
  const gap = 14;
  const left = 92;
  const width = request.width ?? left + frames.length * (size + gap) + 66;
  let y = 16;
  let body = "";
  if (request.title) {
    y += 10;
    body += text(left, y, request.title, { size: 15 });
  }
  if (request.subtitle) {
    y += 17;
    body += text(left, y, request.subtitle, { size: 11.5, fill: INK.soft });
  }
  y += 20;
  const symbol = request.timeTitle === undefined ? "*t*" : (request.timeTitle.match(/\*[^*]+\*/)?.[0] ?? "*t*");
  frames.forEach((k, c) => {
    const t = sources[0].run.t[k];
    body += text(left + c * (size + gap) + size / 2, y, `${symbol} = ${minus(String(Number(t.toPrecision(3))))}`, {
      anchor: "middle",
      size: 12
    });
  });
  y += 8;
  const top = y;
  for (const { label, name, run } of rows) {
    const shape = run.matrices?.[name]?.[0] ?? [[0]];
    const tall = Math.max(16, Math.round(Math.min(size, (size * shape.length) / shape[0].length)));
    body += text(left - 12, y + tall / 2 + 1, `*${name}*`, { anchor: "end", size: 16 });
    body += text(left - 12, y + tall / 2 + 15, label, { anchor: "end", size: 11, fill: INK.soft });
    frames.forEach((k, c) => {
      const series = run.matrices?.[name] ?? [];
      const M = series[Math.min(k, series.length - 1)] ?? [];
      const x0 = left + c * (size + gap);
      M.forEach((row, i) => {
        row.forEach((v, j) => {
          const [w, h] = [size / row.length, tall / M.length];
          body += `<rect x="${round(x0 + j * w)}" y="${round(y + i * h)}" width="${round(w)}" height="${round(h)}" fill="${divergingColour(v / most)}"/>`;
          if (w >= 26 && h >= 14)
            body += text(x0 + (j + 0.5) * w, y + (i + 0.5) * h + 4, minus(v.toFixed(2).replace(/^-(0\.00)$/, "$1")), {
              anchor: "middle",
              size: Math.min(11, w / 2.6),
              fill: Math.abs(v) > 0.62 * most ? "#ffffff" : INK.text
            });
        });
      });
      body += `<rect x="${round(x0)}" y="${round(y)}" width="${size}" height="${tall}" fill="none" stroke="${INK.frame}" stroke-width="0.8"/>`;
    });
    y += tall + gap;
  }
  // colour bar
  const x = left + frames.length * (size + gap) + 4;
  const bottom = y - gap;
  const steps = 40;
  for (let k = 0; k < steps; k++)
    body += `<rect x="${x}" y="${round(bottom - ((k + 1) * (bottom - top)) / steps)}" width="11" height="${round((bottom - top) / steps + 0.6)}" fill="${divergingColour((2 * (k + 0.5)) / steps - 1)}"/>`;
  body += `<rect x="${x}" y="${round(top)}" width="11" height="${round(bottom - top)}" fill="none" stroke="${INK.frame}" stroke-width="0.8"/>`;
  const bar = linearScale([-most, most], [bottom, top], 4);
  for (const t of bar.ticks) body += text(x + 15, bar.at(t.value) + 4, t.label, { size: 10.5 });
  return wrap(width, Math.ceil(bottom + 16), body);
}

export function wrap(width: number, height: number, body: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="'${FONT}', 'STIX Two', 'Times New Roman', serif"><rect width="${width}" height="${height}" fill="#ffffff"/>${body}</svg>\n`
  );
}

/** Phase diagrams: threshold lines, the regions between them coloured and named, or runs as a heat map underneath. */
import type { Phase } from "../../core/types.ts";
import type { HeatCell, PhaseColumn, PhaseDiagram } from "../phase.ts";
import type { FigureOptions } from "./comparisonFigure.ts";
import { axes, curve, groundOf, INK, type Layout, type LegendEntry, lineKey, sheet, svg, swatchKey } from "./frame.ts";
import { round, symbolMarkup, text, widthOf } from "./markup.ts";
import { parametersMarkup, spoken, thresholdMarkup, thresholdStroke } from "./names.ts";
import { linearScale, logScale, path, type Scale } from "./scale.ts";

export interface PhaseOptions extends FigureOptions {
  /** What the heat map shows: the success fraction by default, or the mean of an observable. */
  readonly observable?: string;
  /**
   * Of a page: makes the address of a picture of `columns` x `rows` pixels (RGBA, top row first), which then stands for the cells of an
   * even grid; ten thousand of them are slow to show one by one.
   */
  readonly picture?: (pixels: Uint8ClampedArray<ArrayBuffer>, columns: number, rows: number) => string;
}

/** Returns SVG. */
export function phaseFigure(p: PhaseDiagram, options: PhaseOptions = {}): string {
  const width = options.width ?? 600;
  const height = options.height ?? 400;
  const heated = p.heat.length > 0 || p.seeds.length > 0;
  const whole = heated && p.heat.length >= p.x.values.length * p.y.values.length;
  const legend: LegendEntry[] = p.thresholdNames.map((name, k) => {
    const { stroke, dash, width: w } = thresholdStroke(name, k);
    return { label: `${thresholdMarkup(p.y.symbol, name)} ${spoken(name)}`, key: lineKey(stroke, w, dash) };
  });
  const half = heated ? pads(p) : { x: [0, 0] as const, y: [0, 0] as const };
  const [x0, x1] = p.window.x;
  const xDomain: [number, number] = p.x.log ? [x0 / Math.exp(half.x[0]), x1 * Math.exp(half.x[1])] : [x0 - half.x[0], x1 + half.x[1]];
  const [bottom, top] = p.window.y;
  const logY = p.y.log && bottom > 0;
  const yDomain: [number, number] = logY
    ? [bottom / Math.exp(half.y[0]), top * Math.exp(half.y[1])]
    : [bottom - half.y[0], top + half.y[1]];
  const scaleOfY = (range: readonly [number, number]) => (logY ? logScale(yDomain, range) : linearScale(yDomain, range));
  const y0 = scaleOfY([0, 1]);
  const make = (entries: readonly LegendEntry[]) =>
    sheet({
      width,
      height,
      title: options.title ?? (options.compact ? "" : p.scenario.title),
      subtitle:
        options.subtitle ??
        (options.compact
          ? ""
          : parametersMarkup(p.params, p.symbols, p.notable, heated ? [p.x.name, p.y.name] : [p.x.name, p.y.name, "size"])),
      legend: options.compact && width < 420 ? [] : entries,
      marginRight: heated ? 78 : 22,
      yLabels: y0.ticks.map((t) => t.label)
    });
  const scales = (layout: Layout) => ({
    x: p.x.log ? logScale(xDomain, [layout.left, layout.right]) : linearScale(xDomain, [layout.left, layout.right], width < 450 ? 5 : 7),
    y: scaleOfY([layout.bottom, layout.top])
  });
  // a region too small for its name is named in the legend, with its colour
  if (!heated) {
    const trial = make(legend).layout;
    const { x, y } = scales(trial);
    const phases = new Set(p.columns.flatMap((c) => c.bands.map((b) => b.phase)));
    for (const phase of p.phases)
      if (phases.has(phase) && !namePlace(phase, phase, p.columns, x, y))
        legend.push({ label: phase, key: swatchKey(groundOf(phase, p.phases)) });
  }
  const { layout, head } = make(legend);
  const { x, y } = scales(layout);

  // while the map fills, what it does not cover yet keeps its phase
  const ground = (whole ? "" : regions(p.columns, x, y, p.phases)) + (heated ? heatMap(p, x, y, options) : "");
  let lines = "";
  p.thresholdNames.forEach((name, k) => {
    const { stroke, dash, width: w } = thresholdStroke(name, k);
    const d = path(
      p.columns.map((c) => {
        const at = c.thresholds[name] ?? null;
        return at === null ? null : [x.at(c.x), y.at(at)];
      })
    );
    if (heated) lines += curve(d, "#ffffff", w + 2);
    lines += curve(d, stroke, w, dash);
  });
  const names = heated ? colourBar(p, layout, options) : regionNames(p.columns, x, y, p.phases);
  return svg(
    layout,
    head,
    ground,
    lines,
    names + axes(layout, x, y, symbolMarkup(p.x.symbol), symbolMarkup(p.y.symbol)),
    options.readable ? { x, y } : undefined
  );
}

/** One polygon for each band over each run of columns with the same succession of phases; neighbours meet half way. */
function regions(columns: readonly PhaseColumn[], x: Scale, y: Scale, phases: readonly string[]): string {
  let out = "";
  const succession = (c: PhaseColumn) => c.bands.map((b) => b.phase).join(">");
  for (let start = 0; start < columns.length; ) {
    let end = start;
    while (end + 1 < columns.length && succession(columns[end + 1]) === succession(columns[start])) end++;
    const left = start === 0 ? x.at(columns[0].x) : (x.at(columns[start - 1].x) + x.at(columns[start].x)) / 2;
    const right = end === columns.length - 1 ? x.at(columns[end].x) : (x.at(columns[end].x) + x.at(columns[end + 1].x)) / 2;
    const run = columns.slice(start, end + 1);
    columns[start].bands.forEach((band, b) => {
      if (!band.phase) return;
      const along = (pick: "from" | "to"): [number, number][] => [
        [left, y.at(run[0].bands[b][pick])],
        ...run.map((c): [number, number] => [x.at(c.x), y.at(c.bands[b][pick])]),
        [right, y.at(run[run.length - 1].bands[b][pick])]
      ];
      const fill = groundOf(band.phase, phases);
      // a hairline of its own colour closes the seam between polygons
      out += `<path d="${path([...along("to"), ...along("from").reverse()])}Z" fill="${fill}" stroke="${fill}" stroke-width="0.6"/>`;
    });
    start = end + 1;
  }
  return out;
}

/** Each phase is named once, where there is most room around the whole word. */
function regionNames(columns: readonly PhaseColumn[], x: Scale, y: Scale, phases: readonly string[]): string {
  return [...phases, null]
    .map((phase) => {
      const [name, fill] = phase === null ? ["no transition", INK.soft] : [phase, INK.text];
      const place = namePlace(phase, name, columns, x, y);
      return place ? text(place.x, place.y + 4.5, name, { anchor: "middle", size: 14, italic: true, fill }) : "";
    })
    .join("");
}

interface Gap {
  readonly phase: Phase;
  readonly top: number;
  readonly bottom: number;
}

/** The bands of a column cut at every line that runs through them, in pixels: a name must not be struck through. */
function gaps(column: PhaseColumn, y: Scale): Gap[] {
  const lines = Object.values(column.thresholds).filter((v) => v !== null);
  return column.bands.flatMap((band) => {
    const cuts = [band.from, ...lines.filter((v) => v > band.from && v < band.to).sort((a, b) => a - b), band.to];
    return cuts.slice(1).map((to, k) => ({ phase: band.phase, top: y.at(to), bottom: y.at(cuts[k]) }));
  });
}

function namePlace(
  phase: Phase,
  name: string,
  columns: readonly PhaseColumn[],
  x: Scale,
  y: Scale
): { readonly x: number; readonly y: number } | null {
  const half = widthOf(name, 14) / 2 + 6;
  const at = columns.map((c) => x.at(c.x));
  const free = columns.map((c) => gaps(c, y).filter((g) => g.phase === phase));
  const [left, right] = [at[0], at[at.length - 1]];
  let best: { readonly x: number; readonly y: number; readonly score: number } | null = null;
  for (let px = left + half; px <= right - half; px += 4) {
    // the columns under the word, and the nearest on either side of it
    let first = 0;
    let last = columns.length - 1;
    while (first + 1 < columns.length && at[first + 1] <= px - half) first++;
    while (last > 0 && at[last - 1] >= px + half) last--;
    for (const start of free[first]) {
      let { top, bottom } = start;
      for (let k = first + 1; k <= last && bottom > top; k++) {
        const shared = (g: Gap) => Math.min(g.bottom, bottom) - Math.max(g.top, top);
        const next = free[k].reduce<Gap | null>((most, g) => (shared(g) > (most ? shared(most) : 0) ? g : most), null);
        top = next ? Math.max(top, next.top) : Number.POSITIVE_INFINITY;
        bottom = next ? Math.min(bottom, next.bottom) : Number.NEGATIVE_INFINITY;
      }
      const room = bottom - top;
      const score = Math.min(room, 120) - 0.08 * Math.abs(px - (left + right) / 2);
      if (room > 17 && score > (best?.score ?? Number.NEGATIVE_INFINITY)) best = { x: px, y: (top + bottom) / 2, score };
    }
  }
  return best;
}

/** Dark blue over teal to pale yellow, lightness falling evenly with the value. */
const STOPS = ["#fbf7dc", "#cfe5c4", "#8fcab8", "#4fa5b0", "#2b7a9b", "#24507f", "#1c2a55"] as const;

export function heatColour(fraction: number): string {
  const f = Math.min(1, Math.max(0, fraction)) * (STOPS.length - 1);
  const k = Math.min(STOPS.length - 2, Math.floor(f));
  const channel = (hex: string, i: number) => Number.parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mix = [0, 1, 2].map((i) => Math.round(channel(STOPS[k], i) * (1 - (f - k)) + channel(STOPS[k + 1], i) * (f - k)));
  return `#${mix.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
}

function heatValue(cell: HeatCell, observable: string | undefined): number | null {
  return observable ? (cell.all[observable]?.mean ?? null) : cell.runs > 0 ? cell.success : null;
}

function heatRange(p: PhaseDiagram, observable: string | undefined): [number, number] {
  if (!observable) return [0, 1];
  // a run that blew up would leave the others one colour: the scale is that of runs that ended well, and what is beyond takes its end
  const well = p.heat.flatMap((c) => c.converged[observable]?.mean ?? []);
  const values = well.length > 0 ? well : p.heat.map((c) => heatValue(c, observable)).filter((v) => v !== null);
  return values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
}

/** Half a cell beyond the first and last value, so that every cell is drawn whole. */
function pads(p: PhaseDiagram) {
  const half = (values: readonly number[], log: boolean): readonly [number, number] => {
    const v = log ? values.map(Math.log) : values;
    return v.length < 2 ? [0, 0] : [(v[1] - v[0]) / 2, (v[v.length - 1] - v[v.length - 2]) / 2];
  };
  return { x: half(p.x.values, p.x.log), y: half(p.y.values, p.y.log) };
}

function heatMap(p: PhaseDiagram, x: Scale, y: Scale, { observable, picture, readable = false }: PhaseOptions): string {
  const [low, high] = heatRange(p, observable);
  const edges = (values: readonly number[], at: (v: number) => number) => {
    const pixels = values.map(at);
    const first = pixels.length > 1 ? pixels[0] - (pixels[1] - pixels[0]) / 2 : pixels[0] - 8;
    const n = pixels.length;
    const last = n > 1 ? pixels[n - 1] + (pixels[n - 1] - pixels[n - 2]) / 2 : pixels[0] + 8;
    return [first, ...pixels.slice(1).map((v, k) => (v + pixels[k]) / 2), last];
  };
  const ex = edges(p.x.values, x.at);
  const ey = edges(p.y.values, y.at);
  const column = new Map(p.x.values.map((v, k) => [v, k]));
  const row = new Map(p.y.values.map((v, k) => [v, k]));
  const cells = p.heat.map((cell) => {
    const mean = heatValue(cell, observable);
    // a run that blew up is not what the others have found: those that ended well speak for the cell, if there are any
    const well = observable ? cell.converged[observable]?.mean : undefined;
    const value = mean !== null && well !== undefined && (mean > high || mean < low) ? well : mean;
    const fill = value === null ? "#ffffff" : heatColour(high > low ? (value - low) / (high - low) : 0);
    return { i: column.get(cell.x) ?? 0, j: row.get(cell.y) ?? 0, fill };
  });
  if (picture && even(ex) && even(ey)) return themed(heatPicture(cells, ex, ey, picture), readable);
  const drawn = cells
    .map(({ i, j, fill }) => {
      const box = `x="${round(Math.min(ex[i], ex[i + 1]))}" y="${round(Math.min(ey[j], ey[j + 1]))}" width="${round(Math.abs(ex[i + 1] - ex[i]))}" height="${round(Math.abs(ey[j + 1] - ey[j]))}"`;
      return `<rect ${box} fill="${fill}" stroke="${fill}" stroke-width="0.4"/>`;
    })
    .join("");
  return themed(drawn, readable);
}

/** A page turns the colours of a heat map round where its ground is dark. */
const themed = (markup: string, onPage: boolean) => (onPage ? `<g class="heat">${markup}</g>` : markup);

/** Of one width, to a hundredth of a pixel. */
function even(edges: readonly number[]): boolean {
  const wide = (edges[edges.length - 1] - edges[0]) / (edges.length - 1);
  return edges.every((e, k) => Math.abs(e - edges[0] - k * wide) < 0.01);
}

/** One pixel a cell, transparent where nothing has run yet. */
function heatPicture(
  cells: readonly { readonly i: number; readonly j: number; readonly fill: string }[],
  ex: readonly number[],
  ey: readonly number[],
  picture: NonNullable<PhaseOptions["picture"]>
): string {
  const [columns, rows] = [ex.length - 1, ey.length - 1];
  const pixels = new Uint8ClampedArray(4 * columns * rows);
  for (const { i, j, fill } of cells) {
    const at = 4 * ((rows - 1 - j) * columns + i);
    for (let c = 0; c < 3; c++) pixels[at + c] = Number.parseInt(fill.slice(1 + 2 * c, 3 + 2 * c), 16);
    pixels[at + 3] = 255;
  }
  const top = Math.min(ey[0], ey[rows]);
  const box = `x="${round(ex[0])}" y="${round(top)}" width="${round(ex[columns] - ex[0])}" height="${round(Math.abs(ey[rows] - ey[0]))}"`;
  return `<image ${box} preserveAspectRatio="none" image-rendering="pixelated" href="${picture(pixels, columns, rows)}"/>`;
}

function colourBar(p: PhaseDiagram, layout: Layout, { observable, readable = false }: PhaseOptions): string {
  const [low, high] = heatRange(p, observable);
  const scale = linearScale([low, high], [layout.bottom, layout.top], 5);
  const x = layout.right + 16;
  const steps = 48;
  const tall = (layout.bottom - layout.top) / steps;
  let out = "";
  for (let k = 0; k < steps; k++)
    out += `<rect x="${x}" y="${round(layout.bottom - (k + 1) * tall)}" width="12" height="${round(tall + 0.6)}" fill="${heatColour((k + 0.5) / steps)}"/>`;
  out = themed(out, readable);
  out += `<rect x="${x}" y="${round(layout.top)}" width="12" height="${round(layout.bottom - layout.top)}" fill="none" stroke="${INK.frame}" stroke-width="0.8"/>`;
  for (const t of scale.ticks) out += text(x + 17, scale.at(t.value) + 4, t.label, { size: 11 });
  return (
    out +
    text(x + 56, (layout.top + layout.bottom) / 2, observable ? `mean ${observable}` : "success fraction", {
      rotate: -90,
      anchor: "middle",
      size: 12
    })
  );
}

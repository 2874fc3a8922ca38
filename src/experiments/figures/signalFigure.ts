/** A recovered signal as its owner knows it: a trace with its band of error, or an image beside its map of standard deviations. */
import type { FigureOptions } from "./comparisonFigure.ts";
import { axes, curve, INK, type LegendEntry, lineKey, sheet, svg, swatchKey } from "./frame.ts";
import { type Panel, panelsFigure, rangeOf } from "./imagePanels.ts";
import { round } from "./markup.ts";
import { extent, linearScale } from "./scale.ts";

export interface SignalRequest extends FigureOptions {
  /** Real samples in the order of the signal, an image row by row; the posterior standard deviation of each. */
  readonly estimate: ArrayLike<number>;
  readonly deviation: ArrayLike<number>;
  readonly truth?: ArrayLike<number> | undefined;
}

export interface ImageRequest extends SignalRequest {
  readonly rows: number;
  readonly cols: number;
}

/** Columns of samples in a trace: more could not be told apart at the figure's width. */
const COLUMNS = 1400;

/** Returns SVG: the band is two posterior standard deviations either way; the error, where it can be known, is in a strip below. */
export function traceFigure(request: SignalRequest): string {
  const { estimate, deviation, truth } = request;
  const n = estimate.length;
  const low = Float64Array.from({ length: n }, (_, i) => estimate[i] - 2 * deviation[i]);
  const high = Float64Array.from({ length: n }, (_, i) => estimate[i] + 2 * deviation[i]);
  const error = truth ? Float64Array.from({ length: n }, (_, i) => estimate[i] - truth[i]) : null;
  const legend: LegendEntry[] = [
    { label: "estimate", key: lineKey(INK.blue, 1.4) },
    { label: "± 2 posterior s.d.", key: swatchKey(BAND) }
  ];
  if (truth) legend.push({ label: "truth", key: lineKey(INK.vermilion, 0.9) });
  if (error) legend.push({ label: "error, same scale", key: lineKey(INK.soft, 0.9) });
  const [bottom, top] = extent(
    [...smallest(low), ...(truth ? smallest(truth) : []), ...largest(high), ...(truth ? largest(truth) : [])],
    0.04
  );
  // the strip of errors hangs below the trace, on the same scale, around its own zero
  const reach = error ? Math.max(...largest(Float64Array.from(error, Math.abs)), ...largest(deviation).map((s) => 2 * s)) : 0;
  const zero = bottom - 1.15 * reach;
  const yDomain: [number, number] = [error ? zero - 1.15 * reach : bottom, top];
  const { layout, head } = sheet({
    width: request.width ?? 760,
    height: request.height ?? 420,
    title: request.title ?? "",
    subtitle: request.subtitle ?? "",
    legend,
    yLabels: linearScale(yDomain, [0, 1]).ticks.map((tick) => tick.label)
  });
  const x = linearScale([0, Math.max(1, n - 1)], [layout.left, layout.right], 8);
  const whole = linearScale(yDomain, [layout.bottom, layout.top]);
  const y = error ? { ...whole, ticks: whole.ticks.filter((tick) => tick.value >= bottom) } : whole;
  const line = (v: ArrayLike<number>, offset = 0) =>
    polyline(
      v,
      (i) => x.at(i),
      (value) => y.at(value + offset)
    );
  let marks = band(
    low,
    high,
    (i) => x.at(i),
    (v) => y.at(v)
  );
  if (truth) marks += curve(line(truth), INK.vermilion, 0.9);
  marks += curve(line(estimate), INK.blue, 1.1);
  if (error) {
    const two = (sign: number) => Float64Array.from({ length: n }, (_, i) => zero + sign * 2 * deviation[i]);
    marks +=
      band(
        two(-1),
        two(1),
        (i) => x.at(i),
        (v) => y.at(v)
      ) + curve(line(error, zero), INK.soft, 0.9);
    marks += `<path d="M${layout.left},${round(y.at(bottom))}H${layout.right}" stroke="${INK.grey}" stroke-width="0.6"/>`;
  }
  return svg(layout, head, "", marks, axes(layout, x, y, "sample", "signal"));
}

const BAND = "#b9dbef";

function band(low: ArrayLike<number>, high: ArrayLike<number>, x: (i: number) => number, y: (v: number) => number): string {
  const over = polyline(high, x, y);
  const back = polyline(low, x, y).slice(1).split("L").reverse().join("L");
  return `<path d="${over}L${back}Z" fill="${BAND}" stroke="none"/>`;
}

/** One pixel column holds the extremes of its samples, so that a thin spike stays visible. */
function polyline(v: ArrayLike<number>, x: (i: number) => number, y: (value: number) => number): string {
  const points: string[] = [];
  const step = Math.max(1, (2 * v.length) / COLUMNS);
  for (let from = 0; from < v.length; from += step) {
    const start = Math.floor(from);
    const end = Math.max(start + 1, Math.min(v.length, Math.floor(from + step)));
    let [least, most] = [start, start];
    for (let i = start; i < end; i++) {
      if (v[i] < v[least]) least = i;
      if (v[i] > v[most]) most = i;
    }
    for (const i of least === most ? [least] : [Math.min(least, most), Math.max(least, most)])
      points.push(`${round(x(i))},${round(y(v[i]))}`);
  }
  return `M${points.join("L")}`;
}

function smallest(v: ArrayLike<number>): number[] {
  let s = v[0];
  for (let i = 1; i < v.length; i++) s = Math.min(s, v[i]);
  return [s];
}

function largest(v: ArrayLike<number>): number[] {
  let s = v[0];
  for (let i = 1; i < v.length; i++) s = Math.max(s, v[i]);
  return [s];
}

/** Truth (if known), estimate and standard deviation, each with the range of its greys. */
export function imagePanels({ rows, cols, estimate, deviation, truth }: ImageRequest): Panel[] {
  // estimate and truth are compared by eye, so they share the greys; what lies outside is cut to black or white
  const shared = truth ? rangeOf(truth) : undefined;
  const size = { rows, cols };
  return [
    ...(truth ? [{ name: "truth", values: truth, range: shared, ...size }] : []),
    { name: "estimate", values: estimate, range: shared, ...size },
    { name: "posterior s.d.", values: deviation, ...size }
  ];
}

/** Returns SVG: those side by side. */
export function imageFigure(request: ImageRequest): string {
  const { title, subtitle, width } = request;
  return panelsFigure({
    panels: imagePanels(request),
    ...(title ? { title } : {}),
    ...(subtitle ? { subtitle } : {}),
    ...(width ? { width } : {})
  });
}

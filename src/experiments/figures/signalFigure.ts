/** A recovered signal as its owner knows it: a trace with its band of error, or an image beside its map of standard deviations. */
import { zlibSync } from "fflate";
import type { FigureOptions } from "./comparisonFigure.ts";
import { axes, curve, INK, type LegendEntry, lineKey, sheet, svg, swatchKey } from "./frame.ts";
import { round, text } from "./markup.ts";
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

/** Returns SVG: truth (if known), estimate and standard deviation side by side, each with the range of its greys. */
export function imageFigure(request: ImageRequest): string {
  const { rows, cols, estimate, deviation, truth } = request;
  const panels = [
    ...(truth ? [{ name: "truth", values: truth }] : []),
    { name: "estimate", values: estimate },
    { name: "posterior s.d.", values: deviation }
  ];
  const gap = 14;
  const side = 20;
  const width = request.width ?? 230 * panels.length + gap * (panels.length - 1) + 2 * side;
  const wide = (width - 2 * side - gap * (panels.length - 1)) / panels.length;
  const tall = (wide * rows) / cols;
  let y = 12;
  let out = "";
  if (request.title) out += text(side, (y += 12), request.title, { size: 15 });
  if (request.subtitle) out += text(side, (y += 17), request.subtitle, { size: 11.5, fill: INK.soft });
  const top = y + 26;
  for (const [k, { name, values }] of panels.entries()) {
    const left = side + k * (wide + gap);
    // estimate and truth are compared by eye, so they share the greys; what lies outside is cut to black or white
    const scale = truth && values === estimate ? truth : values;
    const [low, high] = [smallest(scale)[0], largest(scale)[0]];
    out += text(left, top - 7, name, { size: 13 });
    out += `<image x="${round(left)}" y="${round(top)}" width="${round(wide)}" height="${round(tall)}" preserveAspectRatio="none" image-rendering="pixelated" href="data:image/png;base64,${base64(greyPng(values, rows, cols, low, high))}"/>`;
    const number = (v: number) => String(Number(v.toPrecision(3))).replace("-", "−");
    out += text(left, top + tall + 17, `black ${number(low)}, white ${number(high)}`, { size: 11.5, fill: INK.soft });
  }
  const height = Math.ceil(top + tall + 30);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="'STIX Two Text', 'Times New Roman', serif"><rect width="${width}" height="${height}" fill="#ffffff"/>${out}</svg>\n`;
}

/** An 8-bit grey PNG (W3C PNG 2003, sections 5, 9 and 11), each pixel drawn 4 x 4 so that viewers that smooth keep its edges. */
function greyPng(values: ArrayLike<number>, rows: number, cols: number, low: number, high: number): Uint8Array {
  const zoom = rows * cols > 65536 ? 1 : 4;
  const [h, w] = [rows * zoom, cols * zoom];
  const raw = new Uint8Array(h * (w + 1)); // each line opens with its filter, 0
  const gain = high > low ? 255 / (high - low) : 0;
  for (let i = 0; i < h; i++)
    for (let j = 0; j < w; j++)
      raw[i * (w + 1) + 1 + j] = Math.max(
        0,
        Math.min(255, Math.round(gain * (values[Math.floor(i / zoom) * cols + Math.floor(j / zoom)] - low)))
      );
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, w);
  view.setUint32(4, h);
  header[8] = 8;
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    chunk("IDAT", zlibSync(raw, { level: 9 })),
    chunk("IEND", new Uint8Array(0))
  ];
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let k = 0; k < 4; k++) out[4 + k] = type.charCodeAt(k);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let k = 0; k < bytes.length; k += 8192) binary += String.fromCharCode(...bytes.subarray(k, k + 8192));
  return btoa(binary);
}

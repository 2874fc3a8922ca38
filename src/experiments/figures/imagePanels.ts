/** Pictures side by side, as many in a row as the width allows: grey, or with a colour where there is nothing to show. */
import { zlibSync } from "fflate";
import type { FigureOptions } from "./comparisonFigure.ts";
import { INK } from "./frame.ts";
import { round, text } from "./markup.ts";

export interface Panel {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  /** Row by row; NaN is drawn light blue: nothing was measured there. */
  readonly values: ArrayLike<number>;
  /** What is black and what is white; the extremes of the values where absent. */
  readonly range?: readonly [number, number] | undefined;
  /** Under the picture, instead of what black and white mean. */
  readonly note?: string | undefined;
}
export interface PanelsRequest extends FigureOptions {
  readonly panels: readonly Panel[];
  /** Pictures in a row; by default as many as are at least 150 wide. */
  readonly columns?: number | undefined;
}

const GAP = 14;
const SIDE = 20;
/** Of a picture: what is readable, and what is enough. */
const LEAST = 150;
const MOST = 300;

interface Arrangement {
  readonly columns: number;
  /** Of one picture. */
  readonly wide: number;
  readonly tall: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function arranged({ panels, columns: asked, title, subtitle, ...request }: PanelsRequest): Arrangement {
  const width = request.width ?? 230 * panels.length + GAP * (panels.length - 1) + 2 * SIDE;
  const room = width - 2 * SIDE;
  const fitting = Math.max(panels.length > 1 ? 2 : 1, Math.floor((room + GAP) / (LEAST + GAP)));
  const columns = Math.min(panels.length, asked ?? balanced(panels.length, fitting));
  const wide = Math.min(MOST, (room - GAP * (columns - 1)) / columns);
  const tall = Math.max(...panels.map((p) => (wide * p.rows) / p.cols));
  const top = 12 + (title ? 12 : 0) + (subtitle ? 17 : 0) + 8;
  const lines = Math.ceil(panels.length / columns);
  return { columns, wide, tall, top, width, height: Math.ceil(top + lines * (tall + CAPTIONS)) };
}
/** Height of the words over and under a picture. */
const CAPTIONS = 18 + 32;

/** Rows of about the same length. */
function balanced(count: number, most: number): number {
  return Math.ceil(count / Math.ceil(count / most));
}

/** Of what `panelsFigure` draws at this width. */
export function panelsHeight(request: PanelsRequest): number {
  return arranged(request).height;
}

/** Returns SVG; its height follows from its width. */
export function panelsFigure(request: PanelsRequest): string {
  const { columns, wide, tall, top, width, height } = arranged(request);
  let y = 12;
  let out = "";
  if (request.title) out += text(SIDE, (y += 12), request.title, { size: 15 });
  if (request.subtitle) out += text(SIDE, (y += 17), request.subtitle, { size: 11.5, fill: INK.soft });
  for (const [k, panel] of request.panels.entries()) {
    const left = SIDE + (k % columns) * (wide + GAP);
    const upper = top + Math.floor(k / columns) * (tall + CAPTIONS) + 18;
    const [low, high] = panel.range ?? rangeOf(panel.values);
    const own = (wide * panel.rows) / panel.cols;
    out += text(left, upper - 7, panel.name, { size: 13 });
    out += `<image x="${round(left)}" y="${round(upper)}" width="${round(wide)}" height="${round(own)}" preserveAspectRatio="none" image-rendering="pixelated" href="data:image/png;base64,${base64(greyPng(panel, low, high))}"/>`;
    out += `<rect x="${round(left)}" y="${round(upper)}" width="${round(wide)}" height="${round(own)}" fill="none" stroke="${INK.grey}" stroke-width="0.6"/>`;
    const note = panel.note ?? `black ${number(low)}, white ${number(high)}`;
    out += text(left, upper + own + 17, note, { size: 11.5, fill: INK.soft });
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="'STIX Two Text', 'Times New Roman', serif"><rect width="${width}" height="${height}" fill="#ffffff"/>${out}</svg>\n`;
}

function number(v: number): string {
  return String(Number(v.toPrecision(3))).replace("-", "−");
}

/** Of the finite values; [0, 1] where there is none. */
export function rangeOf(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < values.length; k++) {
    if (!Number.isFinite(values[k])) continue;
    low = Math.min(low, values[k]);
    high = Math.max(high, values[k]);
  }
  return low <= high ? [low, high] : [0, 1];
}

/** An 8-bit PNG (W3C PNG 2003, sections 5, 9 and 11) of greys and one colour for holes, each pixel drawn 4 x 4 so that viewers that smooth keep its edges. */
function greyPng({ values, rows, cols }: Panel, low: number, high: number): Uint8Array {
  const zoom = rows * cols > 65536 ? 1 : 4;
  const [h, w] = [rows * zoom, cols * zoom];
  const raw = new Uint8Array(h * (w + 1)); // each line opens with its filter, 0
  const gain = high > low ? 254 / (high - low) : 0;
  for (let i = 0; i < h; i++)
    for (let j = 0; j < w; j++) {
      const v = values[Math.floor(i / zoom) * cols + Math.floor(j / zoom)];
      // the palette's last entry is the hole
      raw[i * (w + 1) + 1 + j] = Number.isNaN(v) ? 255 : Math.max(0, Math.min(254, Math.round(gain * (v - low))));
    }
  const palette = new Uint8Array(3 * 256);
  for (let k = 0; k < 255; k++) palette.fill(Math.round((255 * k) / 254), 3 * k, 3 * k + 3);
  palette.set(HOLE, 3 * 255);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, w);
  view.setUint32(4, h);
  header[8] = 8;
  header[9] = 3;
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("IDAT", zlibSync(raw, { level: 6 })),
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
/** A light blue that no grey is. */
const HOLE = [158, 202, 225] as const;

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

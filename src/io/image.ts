/** Grey images as matrices: PGM (Netpbm P2, P5) and PNG (W3C PNG, sections 7-9; colours become luma), values scaled to [0, 1]. */
import { unzlibSync } from "fflate";
import { ParameterError } from "../core/parameters.ts";
import { checkSize, type NumericArray } from "./numericArray.ts";

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

export function isPng(bytes: Uint8Array): boolean {
  return PNG.every((byte, i) => bytes[i] === byte);
}

export function isPgm(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && (bytes[1] === 0x32 || bytes[1] === 0x35) && /\s/.test(String.fromCharCode(bytes[2]));
}

/** Throws ParameterError on a damaged file. */
export function readPgm(bytes: Uint8Array, source: string): NumericArray {
  let at = 2;
  const word = (): number => {
    for (; at < bytes.length; at++) {
      if (bytes[at] === 0x23) while (at < bytes.length && bytes[at] !== 0x0a) at++;
      else if (bytes[at] > 0x20) break;
    }
    let text = "";
    while (at < bytes.length && bytes[at] > 0x20) text += String.fromCharCode(bytes[at++]);
    const value = Number(text);
    if (text === "" || !Number.isInteger(value) || value < 0) throw damaged(source, "PGM");
    return value;
  };
  const [cols, rows, top] = [word(), word(), word()];
  if (top < 1 || top > 65535 || cols < 1 || rows < 1) throw damaged(source, "PGM");
  const n = checkSize(source, [rows, cols], 8);
  const data = new Float64Array(n);
  if (bytes[1] === 0x32) for (let k = 0; k < n; k++) data[k] = word() / top;
  else {
    const wide = top > 255 ? 2 : 1;
    at++;
    if (bytes.length < at + n * wide) throw damaged(source, "PGM");
    for (let k = 0; k < n; k++, at += wide) data[k] = (wide === 2 ? bytes[at] * 256 + bytes[at + 1] : bytes[at]) / top;
  }
  return { scalar: "real", shape: [rows, cols], data };
}

/** 8 or 16 bits a sample, grey, RGB or palette, not interlaced; an alpha channel is ignored. */
export function readPng(bytes: Uint8Array, source: string): NumericArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let palette: Uint8Array = new Uint8Array(0);
  let header: { cols: number; rows: number; depth: number; colour: number; interlace: number } | null = null;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const size = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (body.length < size) break;
    if (type === "IHDR")
      header = { cols: view.getUint32(at + 8), rows: view.getUint32(at + 12), depth: body[8], colour: body[9], interlace: body[12] };
    if (type === "PLTE") palette = body;
    if (type === "IDAT") parts.push(body);
    at += 12 + size;
  }
  const samples = header ? ({ 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as Readonly<Record<number, number>>)[header.colour] : undefined;
  if (!header || !samples) throw damaged(source, "PNG");
  const { cols, rows, depth, colour } = header;
  if ((depth !== 8 && depth !== 16) || header.interlace)
    throw new ParameterError(
      `${source}: a PNG of ${depth} bits${header.interlace ? ", interlaced" : ""} is not read; convert it to 8-bit grey, or to PGM`
    );
  const n = checkSize(source, [rows, cols], 8 + samples * 2);
  const step = (samples * depth) / 8;
  const line = cols * step;
  const raw = inflate(parts, rows * (line + 1), source);
  unfilter(raw, rows, line, step, source);
  const data = new Float64Array(n);
  const top = depth === 16 ? 65535 : 255;
  for (let i = 0, k = 0; i < rows; i++)
    for (let j = 0; j < cols; j++, k++) {
      const p = i * (line + 1) + 1 + j * step;
      const value = (c: number) => (depth === 16 ? raw[p + 2 * c] * 256 + raw[p + 2 * c + 1] : raw[p + c]);
      if (colour === 3) data[k] = luma(palette[3 * raw[p]], palette[3 * raw[p] + 1], palette[3 * raw[p] + 2]) / 255;
      else data[k] = (samples >= 3 ? luma(value(0), value(1), value(2)) : value(0)) / top;
      if (!Number.isFinite(data[k])) throw damaged(source, "PNG");
    }
  return { scalar: "real", shape: [rows, cols], data };
}

/** ITU-R BT.601. */
function luma(r: number, g: number, b: number): number {
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

function inflate(parts: readonly Uint8Array[], length: number, source: string): Uint8Array {
  const packed = new Uint8Array(parts.reduce((s, part) => s + part.length, 0));
  let at = 0;
  for (const part of parts) {
    packed.set(part, at);
    at += part.length;
  }
  try {
    const raw = unzlibSync(packed);
    if (raw.length >= length) return raw;
  } catch {
    // the same sentence as for too few bytes
  }
  throw damaged(source, "PNG");
}

/** Undoes the five row filters in place (PNG, section 9.2). */
function unfilter(raw: Uint8Array, rows: number, line: number, step: number, source: string): void {
  for (let i = 0; i < rows; i++) {
    const from = i * (line + 1) + 1;
    const kind = raw[from - 1];
    if (kind > 4) throw damaged(source, "PNG");
    for (let k = 0; k < line; k++) {
      const left = k >= step ? raw[from + k - step] : 0;
      const up = i > 0 ? raw[from + k - line - 1] : 0;
      const corner = i > 0 && k >= step ? raw[from + k - line - 1 - step] : 0;
      raw[from + k] += kind === 1 ? left : kind === 2 ? up : kind === 3 ? (left + up) >> 1 : kind === 4 ? paeth(left, up, corner) : 0;
    }
  }
}

function paeth(a: number, b: number, c: number): number {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

function damaged(source: string, kind: string): ParameterError {
  return new ParameterError(`${source}: the ${kind} image is damaged or truncated; copy or export it again`);
}

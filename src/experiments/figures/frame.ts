/** The sheet every figure is drawn on: title, legend, framed panel with ticks and axis titles; the marks go between. */
import { FONT, round, text, widthOf, wrapped } from "./markup.ts";
import { planeAttribute } from "./plane.ts";
import type { Scale } from "./scale.ts";

/** Okabe and Ito's palette, which survives every common colour blindness, and light grounds for the phases. */
export const INK = {
  text: "#1a1a1a",
  soft: "#5f6368",
  frame: "#333333",
  blue: "#0072b2",
  vermilion: "#d55e00",
  green: "#009e73",
  purple: "#8f4a86",
  grey: "#9aa0a6"
} as const;
const PHASES = ["impossible", "hard", "easy"] as const;
const GROUNDS = ["#e9e9ec", "#fdeacc", "#deeef8", "#e3f1e1", "#f0e4f2"] as const;
const RIBBONS = ["#d6d6db", "#f7d399", "#b9dbef", "#bfe0ba", "#dcc2e0"] as const;
const place = (phase: string, phases: readonly string[]) => Math.max(0, phases.indexOf(phase)) % GROUNDS.length;
/** Fill of a region, and of the ribbon that names it. */
export const groundOf = (phase: string, phases: readonly string[] = PHASES): string => GROUNDS[place(phase, phases)];
export const ribbonOf = (phase: string, phases: readonly string[] = PHASES): string => RIBBONS[place(phase, phases)];

export interface LegendEntry {
  readonly label: string;
  readonly key: Key;
}
/** A small picture of `width` pixels with its left end at x and its middle at y. */
export interface Key {
  readonly width: number;
  draw(x: number, y: number): string;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface SheetOptions {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly subtitle: string;
  readonly legend: readonly LegendEntry[];
  /** A sentence under the legend: why the lines are not of these runs. */
  readonly note?: string;
  /** Height of what stands between legend and panel. */
  readonly above?: number;
  readonly marginRight?: number;
  /** Markup of the tick labels of y, to leave room for the widest. */
  readonly yLabels: readonly string[];
}

/** What is above the panel, and where the panel is. */
export function sheet(options: SheetOptions): { readonly layout: Layout; readonly head: string } {
  const { width, height } = options;
  const widest = Math.max(0, ...options.yLabels.map((l) => widthOf(l, 13)));
  const left = Math.ceil(Math.max(58, 42 + widest));
  const right = width - (options.marginRight ?? 22);
  let y = 12;
  let head = "";
  if (options.title) {
    for (const [k, line] of wrapped(options.title, 15, width - 6 - left).entries()) {
      y += k === 0 ? 12 : 18;
      head += text(left, y, line, { size: 15 });
    }
    y += 4;
  }
  if (options.subtitle) {
    // parameters stay whole; what is one sentence is broken between words
    for (const line of wrapped(options.subtitle, 11.5, right - left, ",  ").flatMap((part) => wrapped(part, 11.5, width - 6 - left))) {
      y += 13;
      head += text(left, y, line, { size: 11.5, fill: INK.soft });
    }
    y += 4;
  }
  if (options.legend.length > 0) {
    y += 13;
    let x = left;
    for (const entry of options.legend) {
      const wide = entry.key.width + 6 + widthOf(entry.label, 12);
      if (x > left && x + wide > right) {
        x = left;
        y += 17;
      }
      head += entry.key.draw(x, y - 4) + text(x + entry.key.width + 6, y, entry.label, { size: 12 });
      x += wide + 16;
    }
    y += 8;
  }
  if (options.note) {
    for (const line of wrapped(options.note, 11.5, right - left)) {
      y += 13;
      head += text(left, y, line, { size: 11.5, fill: INK.soft, italic: true });
    }
    y += 8;
  }
  const top = y + 2 + (options.above ?? 0);
  return { layout: { width, height, left, right, top, bottom: height - 50 }, head };
}

/** Frame, ticks and titles. Ticks point inwards, as in the papers. */
export function axes(layout: Layout, x: Scale, y: Scale, xTitle: string, yTitle: string): string {
  const { left, right, top, bottom } = layout;
  let out = "";
  let minor = "";
  for (const { value, label } of x.ticks) {
    const px = round(x.at(value));
    minor += `M${px},${bottom}v${label ? -5 : -3}`;
    if (label) out += text(px, bottom + 18, label, { anchor: "middle" });
  }
  for (const { value, label } of y.ticks) {
    const py = round(y.at(value));
    minor += `M${left},${py}h${label ? 5 : 3}`;
    if (label) out += text(left - 7, py + 4.4, label, { anchor: "end" });
  }
  out = `<path d="${minor}" fill="none" stroke="${INK.frame}" stroke-width="0.9"/>${out}`;
  out += `<rect x="${left}" y="${round(top)}" width="${round(right - left)}" height="${round(bottom - top)}" fill="none" stroke="${INK.frame}" stroke-width="1"/>`;
  out += text((left + right) / 2, bottom + 40, xTitle, { anchor: "middle", size: 15 });
  // a letter stands upright, words climb
  const letter = widthOf(yTitle, 15) < 24;
  out += text(19, (top + bottom) / 2 + (letter ? 5 : 0), yTitle, { anchor: "middle", size: 15, ...(letter ? {} : { rotate: -90 }) });
  return out;
}

/** A figure by itself: white ground, the panel's marks clipped to it. With `scales` it says what its axes measure (plane.ts). */
export function svg(
  layout: Layout,
  head: string,
  under: string,
  marks: string,
  over: string,
  scales?: { readonly x: Scale; readonly y: Scale }
): string {
  const { width, height, left, right, top, bottom } = layout;
  const box = `x="${left}" y="${round(top)}" width="${round(right - left)}" height="${round(bottom - top)}"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"${scales ? planeAttribute(layout, scales.x, scales.y) : ""} ` +
    `font-family="'${FONT}', 'STIX Two', 'Times New Roman', serif">` +
    `<defs><clipPath id="panel"><rect ${box}/></clipPath></defs><rect width="${width}" height="${height}" fill="#ffffff"/>` +
    `${head}<g clip-path="url(#panel)">${under}${marks}</g>${over}</svg>\n`
  );
}

// ---------------------------------------------------------------- keys of legends and small marks

export function lineKey(stroke: string, width: number, dash = ""): Key {
  return {
    width: 26,
    draw: (x, y) => `<path d="M${round(x)},${round(y)}h26" fill="none" stroke="${stroke}" stroke-width="${width}"${dashed(dash)}/>`
  };
}
export function dotKey(fill: string, bar: boolean): Key {
  return { width: 9, draw: (x, y) => (bar ? errorBar(x + 4.5, y - 7, y + 7, fill) : "") + dot(x + 4.5, y, fill) };
}
export function swatchKey(fill: string): Key {
  return {
    width: 18,
    draw: (x, y) =>
      `<rect x="${round(x)}" y="${round(y - 6)}" width="18" height="12" fill="${fill}" stroke="${INK.grey}" stroke-width="0.5"/>`
  };
}
export function crossKey(stroke: string): Key {
  return { width: 9, draw: (x, y) => cross(x + 4.5, y, stroke) };
}
export function dashed(dash: string): string {
  return dash ? ` stroke-dasharray="${dash}"` : "";
}
export function dot(x: number, y: number, fill: string, radius = 3.4): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${fill}" stroke="#ffffff" stroke-width="0.8"/>`;
}
export function cross(x: number, y: number, stroke: string, size = 3.4): string {
  return `<path d="M${round(x - size)},${round(y - size)}l${2 * size},${2 * size}m0,${-2 * size}l${-2 * size},${2 * size}" fill="none" stroke="${stroke}" stroke-width="1.4"/>`;
}
/** A bar with caps, in pixels. */
export function errorBar(x: number, y0: number, y1: number, stroke: string): string {
  const [px, top, bottom] = [round(x), round(Math.min(y0, y1)), round(Math.max(y0, y1))];
  return `<path d="M${px},${top}V${bottom}M${round(px - 2.5)},${top}h5M${round(px - 2.5)},${bottom}h5" fill="none" stroke="${stroke}" stroke-width="1.1"/>`;
}
export function curve(d: string, stroke: string, width: number, dash = ""): string {
  return `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linejoin="round"${dashed(dash)}/>`;
}

/**
 * Text with italics, subscripts and superscripts: `*α*_{IT}`, `10^{−3}`. Drawn as nested SVG spans shifted by `dy`, the
 * one way that browsers, resvg and the PDF writer all agree on.
 */

export const FONT = "STIX Two Text";

interface Span {
  readonly text: string;
  readonly italic: boolean;
  readonly script: -1 | 0 | 1;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? c);
}

function spans(markup: string): Span[] {
  const out: Span[] = [];
  let italic = false;
  let script: Span["script"] = 0;
  let text = "";
  const flush = () => {
    if (text) out.push({ text, italic, script });
    text = "";
  };
  for (let i = 0; i < markup.length; i++) {
    const c = markup[i];
    if (c === "*") {
      flush();
      italic = !italic;
    } else if ((c === "_" || c === "^") && markup[i + 1] === "{") {
      flush();
      script = c === "_" ? -1 : 1;
      i++;
    } else if (c === "}" && script !== 0) {
      flush();
      script = 0;
    } else text += c;
  }
  flush();
  return out;
}

/** Width in pixels, from average advances of STIX Two Text; good to a few percent, enough to lay out a legend. */
export function widthOf(markup: string, size: number): number {
  let width = 0;
  for (const span of spans(markup)) {
    const em = span.script ? 0.72 * size : size;
    for (const c of span.text) width += em * advance(c);
  }
  return width;
}

function advance(c: string): number {
  if (/[ijl.,:;'|!()[\]]/.test(c)) return 0.3;
  if (/[frtsI /]/.test(c)) return c === " " ? 0.25 : 0.38;
  if (/[mwMW%]/.test(c)) return 0.84;
  if (/[A-ZΔΦΣ=+−±×<>]/.test(c)) return 0.66;
  return 0.5;
}

export interface TextStyle {
  readonly size?: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly fill?: string;
  readonly rotate?: number;
  readonly italic?: boolean;
  /** A white outline, so that text stays legible over lines. */
  readonly halo?: boolean;
}

/** One line of text with its baseline at (x, y). */
export function text(x: number, y: number, markup: string, style: TextStyle = {}): string {
  const size = style.size ?? 13;
  let lift = 0;
  let body = "";
  for (const span of spans(markup)) {
    const target = span.script === 1 ? -0.36 * size : span.script === -1 ? 0.2 * size : 0;
    const dy = target - lift;
    lift = target;
    const attributes = [
      dy !== 0 ? `dy="${round(dy)}"` : "",
      span.script ? `font-size="${round(0.72 * size)}"` : "",
      span.italic !== (style.italic ?? false) ? `font-style="${span.italic ? "italic" : "normal"}"` : ""
    ].filter((a) => a !== "");
    const content = escapeXml(span.text);
    body += attributes.length ? `<tspan ${attributes.join(" ")}>${content}</tspan>` : content;
  }
  const place = `x="${round(x)}" y="${round(y)}" font-size="${size}" text-anchor="${style.anchor ?? "start"}"`;
  const turn = style.rotate ? ` transform="rotate(${style.rotate} ${round(x)} ${round(y)})"` : "";
  const slant = style.italic ? ' font-style="italic"' : "";
  const visible = `<text ${place}${slant} fill="${style.fill ?? "#1a1a1a"}"${turn}>${body}</text>`;
  if (!style.halo) return visible;
  return `<text ${place}${slant} fill="none" stroke="#ffffff" stroke-width="3" stroke-linejoin="round" stroke-opacity="0.85"${turn}>${body}</text>${visible}`;
}

/** A letter of the papers, set as they set it: single letters italic, words upright, what follows `_` or `^` a script. */
export function symbolMarkup(symbol: string): string {
  return symbol
    .replace(/([_^])(\{[^}]*\}|[A-Za-z0-9Ͱ-Ͽ]+)/gu, (_, mark: string, body: string) => `${mark}{${body.replace(/[{}]/g, "")}}`)
    .replace(/\{[^}]*\}|[\p{L}\u0302]+/gu, (word) => (word.startsWith("{") || [...word.normalize("NFC")].length > 1 ? word : `*${word}*`));
}

export function round(x: number): number {
  return Math.round(x * 100) / 100;
}

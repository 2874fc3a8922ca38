/**
 * Text with italics, subscripts and superscripts: `*α*_{IT}`, `10^{−3}`. Drawn as nested SVG spans shifted by `dy`, the
 * one way that browsers, resvg and the PDF writer all agree on.
 */

export const FONT = "STIX Two Text";

export interface Span {
  readonly text: string;
  readonly italic: boolean;
  readonly script: -1 | 0 | 1;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? c);
}

export function spans(markup: string): Span[] {
  const out: Span[] = [];
  let italic = false;
  let script: Span["script"] = 0;
  let text = "";
  const flush = () => {
    if (text) out.push({ text: text.replaceAll("∗", "*"), italic, script });
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

/** Advances of U+0020 to U+007E in STIX Two Text Regular, thousandths of an em; the italic is within a few percent. */
const ADVANCES = (
  "235 283 334 573 495 692 736 187 343 343 410 720 245 315 245 387 495 495 495 495 495 495 495 495 495 495 245 245 701 720 701 411 " +
  "905 718 618 670 730 626 588 720 777 357 396 702 585 895 742 737 569 737 659 504 603 752 680 944 664 647 594 347 385 347 480 512 " +
  "222 480 522 446 539 464 307 484 577 285 263 542 283 852 576 514 537 521 380 395 315 570 481 749 479 483 458 312 267 312 557"
)
  .split(" ")
  .map(Number);

/** Width in pixels of markup set in STIX Two Text; a combining accent has none, a Greek letter that of an average one. */
export function widthOf(markup: string, size: number): number {
  let width = 0;
  for (const span of spans(markup)) {
    const em = (span.script ? 0.72 * size : size) / 1000;
    for (const c of span.text) {
      const code = c.codePointAt(0) ?? 0;
      width += em * (ADVANCES[code - 32] ?? (/\p{M}/u.test(c) ? 0 : /[−±×]/.test(c) ? 720 : 520));
    }
  }
  return width;
}

/** Broken where `between` stands, so that no line is wider than `width` if that can be. */
export function wrapped(markup: string, size: number, width: number, between = " "): string[] {
  const lines: string[] = [];
  for (const word of markup.split(between)) {
    const last = lines.length - 1;
    const longer = `${lines[last]}${between}${word}`;
    if (last >= 0 && widthOf(longer, size) <= width) lines[last] = longer;
    else lines.push(word);
  }
  return lines;
}

export interface TextStyle {
  readonly size?: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly fill?: string;
  readonly rotate?: number;
  /** Then what the markup slants stands upright. */
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
      span.italic ? `font-style="${style.italic ? "normal" : "italic"}"` : ""
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
    .replace(/\*/g, "^{∗}") // a bare asterisk would slant what follows
    .replace(/([_^])(\{[^}]*\}|[A-Za-z0-9Ͱ-Ͽ]+)/gu, (_, mark: string, body: string) => `${mark}{${body.replace(/[{}]/g, "")}}`)
    .replace(/\{[^}]*\}|\p{L}[\p{L}\p{M}]*/gu, (word) =>
      word.startsWith("{") || [...word.replace(/\p{M}/gu, "")].length > 1 ? word : `*${word}*`
    );
}

export function round(x: number): number {
  return Math.round(x * 100) / 100;
}

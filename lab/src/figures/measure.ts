/** How large a figure is drawn in the room it has: letters grow with wide screens and projectors, narrow ones get a taller panel. */
import type { Size } from "./types.ts";

/** Widths below this are drawn at it and shrunk. */
const LEAST = 300;

/** Pixels of the screen for each unit of the drawing. */
export function typeScale(width: number): number {
  return Math.min(2, Math.max(1, width / 760));
}

/** `ratio` is height over width, of what is drawn; without it the figure fits the window too. */
export function sizeIn(width: number, ratio: number | undefined, windowHeight: number): Size {
  const scale = typeScale(width);
  const drawn = Math.max(LEAST, Math.round(width / scale));
  if (ratio !== undefined) return { width: drawn, height: Math.round(drawn * ratio), print: false };
  const wanted = drawn < 480 ? Math.max(1.1 * drawn, 340) : (2 / 3) * drawn;
  const most = Math.max(340, (0.78 * windowHeight) / scale);
  return { width: drawn, height: Math.round(Math.min(wanted, most)), print: false };
}

/** As the command line writes it. */
export function printSize(ratio: number | undefined): Size {
  return { width: 600, height: ratio === undefined ? 400 : Math.round(600 * ratio), print: true };
}

/** Where the panel of a figure is and what its axes measure, written on the SVG for a page that points at it: no number is drawn twice. */
import type { Layout } from "./frame.ts";
import { round } from "./markup.ts";
import type { Scale } from "./scale.ts";

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly log: boolean;
}
/** Pixels of the drawing, and the values at the edges of the panel; y.from is at the bottom. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Axis;
  readonly y: Axis;
}

/** The attribute that `planeOf` reads. */
export function planeAttribute(layout: Layout, x: Scale, y: Scale): string {
  const { left, right, top, bottom } = layout;
  const axis = (s: Scale) => [s.domain[0], s.domain[1], s.log ? 1 : 0];
  return ` data-plane="${[round(left), round(right), round(top), round(bottom), ...axis(x), ...axis(y)].join(" ")}"`;
}

/** Null for a figure that was drawn without it. */
export function planeOf(svg: string): Plane | null {
  const found = /^<svg[^>]* width="([\d.]+)" height="([\d.]+)"[^>]* data-plane="([^"]+)"/.exec(svg);
  if (!found) return null;
  const [left, right, top, bottom, x0, x1, logX, y0, y1, logY] = found[3].split(" ").map(Number);
  return {
    width: Number(found[1]),
    height: Number(found[2]),
    left,
    right,
    top,
    bottom,
    x: { from: x0, to: x1, log: logX === 1 },
    y: { from: y0, to: y1, log: logY === 1 }
  };
}

const part = (axis: Axis, value: number): number =>
  axis.log
    ? Math.log(Math.max(value, Number.MIN_VALUE) / axis.from) / Math.log(axis.to / axis.from)
    : (value - axis.from) / (axis.to - axis.from);
const valueAt = (axis: Axis, f: number): number =>
  axis.log ? axis.from * (axis.to / axis.from) ** f : axis.from + f * (axis.to - axis.from);

/** Pixels of the drawing, of a value on the horizontal axis. */
export function pixelX(plane: Plane, value: number): number {
  return plane.left + part(plane.x, value) * (plane.right - plane.left);
}
export function pixelY(plane: Plane, value: number): number {
  return plane.bottom - part(plane.y, value) * (plane.bottom - plane.top);
}
/** The value at a pixel of the drawing; outside the panel it is extrapolated. */
export function valueX(plane: Plane, pixel: number): number {
  return valueAt(plane.x, (pixel - plane.left) / (plane.right - plane.left));
}
export function valueY(plane: Plane, pixel: number): number {
  return valueAt(plane.y, (plane.bottom - pixel) / (plane.bottom - plane.top));
}

/** A curve that was guessed, and the true one when it is known: an empty plane with the axes of the figure it stands for. */
import { axes as drawAxes, curve, dot, INK, lineKey, sheet, svg } from "../../../src/experiments/figures/frame.ts";
import { planeAttribute } from "../../../src/experiments/figures/plane.ts";
import { linearScale, logScale, path } from "../../../src/experiments/figures/scale.ts";

export type Point = readonly [number, number];
interface GuessAxis {
  /** Plain text; a title of one letter is set in italics. */
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly log?: boolean;
}
export interface GuessAxes {
  readonly x: GuessAxis;
  readonly y: GuessAxis;
  /** Where the handles are. */
  readonly at: readonly number[];
  /** Height of all handles before they are moved; the middle otherwise. */
  readonly start?: number;
}
export interface GuessRequest {
  readonly axes: GuessAxes;
  /** One per handle. */
  readonly heights: readonly number[];
  readonly truth: readonly Point[] | null;
  readonly width: number;
  readonly height: number;
}

const title = (a: GuessAxis) => (a.title.length === 1 ? `*${a.title}*` : a.title);

/** Returns SVG with its plane, so that handles can be laid over it. */
export function guessFigure({ axes, heights, truth, width, height }: GuessRequest): string {
  const scaleOf = (a: GuessAxis, range: readonly [number, number]) => (a.log ? logScale : linearScale)([a.from, a.to], range);
  const { layout, head } = sheet({
    width,
    height,
    title: "",
    subtitle: "",
    legend: [
      { label: "your guess", key: lineKey(INK.blue, 1.6, "5,4") },
      ...(truth ? [{ label: "theory", key: lineKey(INK.vermilion, 2.2) }] : [])
    ],
    yLabels: scaleOf(axes.y, [0, 1]).ticks.map((t) => t.label)
  });
  const x = scaleOf(axes.x, [layout.left, layout.right]);
  const y = scaleOf(axes.y, [layout.bottom, layout.top]);
  const points = axes.at.map((a, k) => [x.at(a), y.at(heights[k])] as const);
  let marks = curve(path(points), INK.blue, 1.6, "5,4") + points.map(([px, py]) => dot(px, py, INK.blue)).join("");
  if (truth) marks += curve(path(truth.map(([a, b]) => (Number.isFinite(b) ? [x.at(a), y.at(b)] : null))), INK.vermilion, 2.2);
  return svg(layout, head, "", marks, drawAxes(layout, x, y, title(axes.x), title(axes.y))).replace(
    " viewBox=",
    `${planeAttribute(layout, x, y)} viewBox=`
  );
}

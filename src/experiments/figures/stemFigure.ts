/** Components that have no order, one beside the other: the truth as stems, the estimate as dots with its error bars. */
import { axes, curve, dotKey, INK, type LegendEntry, lineKey, sheet, svg } from "./frame.ts";
import { round } from "./markup.ts";
import { extent, linearScale } from "./scale.ts";
import type { SignalRequest } from "./signalFigure.ts";

export interface StemRequest extends Omit<SignalRequest, "deviation"> {
  /** Absent where the algorithm has none. */
  readonly deviation?: ArrayLike<number> | undefined;
  /** What a component is called on the axis: "component" by default. */
  readonly xTitle?: string;
  readonly yTitle?: string;
}

/** Pixels a component needs to be told from its neighbours. */
const ROOM = 6;

/** How many components a figure of this width shows. */
export function stemCount(width: number, length: number): number {
  return Math.min(length, Math.max(20, Math.floor((width - 80) / ROOM)));
}

/** Returns SVG: the first components, as many as fit; bars are two posterior standard deviations either way. */
export function stemFigure(request: StemRequest): string {
  const { estimate, deviation, truth, width = 760, height = 420 } = request;
  const n = stemCount(width, estimate.length);
  const at = Array.from({ length: n }, (_, i) => i);
  const reach = (i: number) => (deviation ? 2 * deviation[i] : 0);
  const values = at.flatMap((i) => [estimate[i] - reach(i), estimate[i] + reach(i), ...(truth ? [truth[i]] : [])]);
  const [low, high] = extent([0, ...values], 0.05);
  const some = n < estimate.length ? `, ${n} of ${estimate.length}` : "";
  const legend: LegendEntry[] = [
    { label: deviation ? `estimate ± 2 s.d.${some}` : `estimate${some}`, key: dotKey(INK.blue, deviation !== undefined) }
  ];
  if (truth) legend.push({ label: "truth", key: lineKey(INK.vermilion, 1.6) });
  const { layout, head } = sheet({
    width,
    height,
    title: request.title ?? "",
    subtitle: request.subtitle ?? "",
    legend,
    yLabels: linearScale([low, high], [0, 1]).ticks.map((tick) => tick.label)
  });
  const x = linearScale([-0.5, n - 0.5], [layout.left, layout.right], 8);
  const y = linearScale([low, high], [layout.bottom, layout.top]);
  const wide = (layout.right - layout.left) / n;
  const r = Math.min(3.2, Math.max(1.6, 0.3 * wide));
  let marks = curve(`M${layout.left},${round(y.at(0))}H${layout.right}`, INK.grey, 0.7);
  if (truth) {
    const stems = at.map((i) => `M${round(x.at(i))},${round(y.at(0))}V${round(y.at(truth[i]))}`).join("");
    const caps = at.map((i) => `M${round(x.at(i) - 1.3 * r)},${round(y.at(truth[i]))}h${round(2.6 * r)}`).join("");
    marks += `<path d="${stems}" fill="none" stroke="${INK.vermilion}" stroke-opacity="0.45" stroke-width="1.2"/>${curve(caps, INK.vermilion, 1.6)}`;
  }
  const bars = deviation
    ? at.map((i) => `M${round(x.at(i))},${round(y.at(estimate[i] - reach(i)))}V${round(y.at(estimate[i] + reach(i)))}`).join("")
    : "";
  if (bars) marks += `<path d="${bars}" fill="none" stroke="${INK.blue}" stroke-opacity="0.6" stroke-width="1.2"/>`;
  const dots = at.map((i) => `<circle cx="${round(x.at(i))}" cy="${round(y.at(estimate[i]))}" r="${round(r)}"/>`).join("");
  marks += `<g fill="${INK.blue}" fill-opacity="0.85">${dots}</g>`;
  return svg(layout, head, "", marks, axes(layout, x, y, request.xTitle ?? "component", request.yTitle ?? "value"));
}

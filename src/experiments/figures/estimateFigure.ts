/** A recovered signal with its error bars: against the truth where it is known, else component by component. */
import type { FigureOptions } from "./comparisonFigure.ts";
import { axes, curve, dotKey, INK, type LegendEntry, lineKey, sheet, svg } from "./frame.ts";
import { round } from "./markup.ts";
import { extent, linearScale, path } from "./scale.ts";

export interface EstimateRequest extends FigureOptions {
  /** Real components (both parts of complex ones, one after the other), and the standard deviation of each. */
  readonly estimate: ArrayLike<number>;
  readonly deviation: ArrayLike<number>;
  readonly truth?: ArrayLike<number> | undefined;
}

const MOST = 500;

/** Returns SVG. At most 500 components are drawn, evenly thinned. */
export function estimateFigure(request: EstimateRequest): string {
  const { estimate, deviation, truth } = request;
  const n = estimate.length;
  const kept = [...new Set(Array.from({ length: Math.min(n, MOST) }, (_, k) => (n <= MOST ? k : Math.round((k * (n - 1)) / (MOST - 1)))))];
  const at = (i: number) => (truth ? truth[i] : i);
  const ends = kept.flatMap((i) => [estimate[i] - deviation[i], estimate[i] + deviation[i]]);
  const xs = kept.map(at);
  const yDomain = extent(truth ? [...ends, ...xs] : ends, 0.04);
  const legend: LegendEntry[] = [
    { label: `estimate ± posterior s.d.${n > MOST ? ` (${kept.length} of ${n})` : ""}`, key: dotKey(INK.blue, true) }
  ];
  if (truth) legend.push({ label: "truth", key: lineKey(INK.vermilion, 1.6) });
  const { layout, head } = sheet({
    width: request.width ?? 600,
    height: request.height ?? 400,
    title: request.title ?? "",
    subtitle: request.subtitle ?? "",
    legend,
    yLabels: linearScale(yDomain, [0, 1]).ticks.map((tick) => tick.label)
  });
  const xDomain = extent(xs, 0.04);
  const x = linearScale(xDomain, [layout.left, layout.right], 7);
  const y = linearScale(yDomain, [layout.bottom, layout.top]);
  const bars = kept
    .map((i) => `M${round(x.at(at(i)))},${round(y.at(estimate[i] - deviation[i]))}V${round(y.at(estimate[i] + deviation[i]))}`)
    .join("");
  const dots = kept.map((i) => `<circle cx="${round(x.at(at(i)))}" cy="${round(y.at(estimate[i]))}" r="2"/>`).join("");
  const diagonal = truth ? curve(path(xDomain.map((v): [number, number] => [x.at(v), y.at(v)])), INK.vermilion, 1.6) : "";
  const marks = `<path d="${bars}" fill="none" stroke="${INK.blue}" stroke-opacity="0.45" stroke-width="1"/>${diagonal}<g fill="${INK.blue}" fill-opacity="0.8">${dots}</g>`;
  return svg(layout, head, "", marks, axes(layout, x, y, truth ? "true component" : "component", "estimated component"));
}

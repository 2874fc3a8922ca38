/** The free entropy against its order parameter, with every fixed point on it: full when stable, hollow when not. */
import type { FixedPoint, Landscape } from "../../core/types.ts";
import type { FigureOptions } from "./comparisonFigure.ts";
import { axes, curve, INK, type LegendEntry, lineKey, sheet, svg } from "./frame.ts";
import { round, symbolMarkup } from "./markup.ts";
import { extent, linearScale, path } from "./scale.ts";

export interface LandscapeRequest extends FigureOptions {
  readonly landscape: Landscape;
  readonly fixedPoints?: readonly FixedPoint[] | undefined;
  /** The name in `order` of the abscissa, when it is not `landscape.order`. */
  readonly orderName?: string;
  /** Axis titles, markup. */
  readonly xTitle?: string;
  readonly yTitle?: string;
}

function point(x: number, y: number, stable: boolean): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="4.2" fill="${stable ? INK.vermilion : "#ffffff"}" stroke="${INK.vermilion}" stroke-width="1.5"/>`;
}

/** Returns SVG. */
export function landscapeFigure(request: LandscapeRequest): string {
  const { landscape } = request;
  const curvePoints = landscape.x
    .map((x, k) => [x, landscape.freeEntropy[k]] as const)
    .filter(([x, f]) => Number.isFinite(x) && Number.isFinite(f));
  const points = (request.fixedPoints ?? []).flatMap((p) => {
    const x = p.order[request.orderName ?? landscape.order] ?? p.order.overlap ?? p.order.q;
    return x !== undefined && typeof p.freeEntropy === "number" ? [{ x, y: p.freeEntropy, stable: p.stable }] : [];
  });
  const legend: LegendEntry[] = [{ label: "free entropy", key: lineKey(INK.blue, 2.2) }];
  if (points.some((p) => p.stable)) legend.push({ label: "stable fixed point", key: { width: 10, draw: (x, y) => point(x + 5, y, true) } });
  if (points.some((p) => !p.stable)) legend.push({ label: "unstable", key: { width: 10, draw: (x, y) => point(x + 5, y, false) } });
  const xDomain = extent([...curvePoints.map(([x]) => x), ...points.map((p) => p.x)], 0.02);
  const yDomain = extent([...curvePoints.map(([, f]) => f), ...points.map((p) => p.y)], 0.07);
  const { layout, head } = sheet({
    width: request.width ?? 600,
    height: request.height ?? 400,
    title: request.title ?? "",
    subtitle: request.subtitle ?? "",
    legend,
    yLabels: linearScale(yDomain, [0, 1]).ticks.map((t) => t.label)
  });
  const x = linearScale(xDomain, [layout.left, layout.right], 7);
  const y = linearScale(yDomain, [layout.bottom, layout.top]);
  const marks =
    curve(path(curvePoints.map(([v, f]) => [x.at(v), y.at(f)])), INK.blue, 2.2) +
    points.map((p) => point(x.at(p.x), y.at(p.y), p.stable)).join("");
  const title = request.xTitle ?? (landscape.order.length > 2 ? landscape.order : symbolMarkup(landscape.order));
  return svg(layout, head, "", marks, axes(layout, x, y, title, request.yTitle ?? "free entropy *Φ*"));
}

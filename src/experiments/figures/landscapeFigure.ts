/**
 * The free entropy against its order parameter, with every fixed point on it: full when stable, hollow when not, an arrow upwards where
 * the free entropy is infinite (exact recovery). Beside it, faintly, the same at other parameters; and where algorithm and optimum are.
 */
import type { FixedPoint, Landscape } from "../../core/types.ts";
import type { FigureOptions } from "./comparisonFigure.ts";
import { axes, curve, INK, type LegendEntry, type Layout, lineKey, sheet, svg } from "./frame.ts";
import { escapeXml, round, symbolMarkup, text, widthOf, wrapped } from "./markup.ts";
import { extent, linearScale, logScale, path, plain, type Scale } from "./scale.ts";

/** A landscape at a parameter worth naming: a threshold, say. */
export interface Slice {
  /** Markup. */
  readonly label: string;
  readonly landscape: Landscape;
  readonly stroke: string;
  readonly dash: string;
}
export interface LandscapeRequest extends FigureOptions {
  readonly landscape: Landscape;
  readonly fixedPoints?: readonly FixedPoint[] | undefined;
  /** The name in `order` of the abscissa, when it is not `landscape.order`. */
  readonly orderName?: string;
  /** Axis titles, markup. */
  readonly xTitle?: string;
  readonly yTitle?: string;
  readonly slices?: readonly Slice[];
  /** Names of abscissae, such as where the algorithm ends; two at the same place are written on two lines. */
  readonly named?: readonly { readonly at: number; readonly name: string }[];
  /** Heights at the bottom and at the top: by default those of the curve. What is outside is cut off. */
  readonly yDomain?: readonly [number, number];
  /** Against one minus the order parameter on a logarithmic axis, from right to left: for optima very close to 1. */
  readonly fromOne?: boolean;
  /** Fixed points carry what they say, for a page that reads them out. */
  readonly readable?: boolean;
}

function point(x: number, y: number, stable: boolean, read = ""): string {
  return `<circle${read} cx="${round(x)}" cy="${round(y)}" r="4.2" fill="${stable ? INK.vermilion : "#ffffff"}" stroke="${INK.vermilion}" stroke-width="1.5"/>`;
}
function arrow(x: number, y: number): string {
  return `<path d="M${round(x)},${round(y)}l-5.5,10h11Z" fill="${INK.vermilion}" stroke="${INK.vermilion}" stroke-width="1.5" stroke-linejoin="round"/>`;
}

/** Closest to 1 that `fromOne` shows. */
const CLOSEST = 1e-6;

/** Returns SVG. */
export function landscapeFigure(request: LandscapeRequest): string {
  const { landscape, slices = [], named = [], fromOne = false } = request;
  const distance = (v: number) => Math.max(CLOSEST, 1 - v);
  const pointsOf = (l: Landscape) =>
    l.x.map((x, k) => [x, l.freeEntropy[k]] as const).filter(([x, f]) => Number.isFinite(x) && Number.isFinite(f));
  const curvePoints = pointsOf(landscape);
  const points = (request.fixedPoints ?? []).flatMap((p) => {
    const x = p.order[request.orderName ?? landscape.order] ?? p.order.overlap ?? p.order.q;
    return x !== undefined && p.freeEntropy !== undefined ? [{ x, y: p.freeEntropy, stable: p.stable }] : [];
  });
  const finite = points.flatMap((p) => (p.y === null ? [] : [p.y]));
  const legend: LegendEntry[] = [{ label: "free entropy", key: lineKey(INK.blue, 2.2) }];
  if (points.some((p) => p.stable && p.y !== null))
    legend.push({ label: "stable fixed point", key: { width: 10, draw: (x, y) => point(x + 5, y, true) } });
  if (points.some((p) => !p.stable)) legend.push({ label: "unstable", key: { width: 10, draw: (x, y) => point(x + 5, y, false) } });
  if (points.some((p) => p.y === null))
    legend.push({ label: "exact recovery, +∞", key: { width: 12, draw: (x, y) => arrow(x + 6, y - 5) } });
  for (const s of slices) legend.push({ label: s.label, key: lineKey(s.stroke, 1.3, s.dash) });
  const yDomain = request.yDomain ?? extent([...curvePoints.map(([, f]) => f), ...finite], 0.07);
  const { layout, head } = sheet({
    width: request.width ?? 600,
    height: request.height ?? 400,
    title: request.title ?? "",
    subtitle: request.subtitle ?? "",
    legend,
    yLabels: linearScale(yDomain, [0, 1]).ticks.map((t) => t.label)
  });
  const places = [...curvePoints.map(([x]) => x), ...points.map((p) => p.x)];
  const nearest = Math.min(...places.map(distance));
  const x: Scale = fromOne
    ? logScale([nearest / 1.3, Math.max(...places.map(distance)) * 1.1], [layout.right, layout.left])
    : linearScale(extent(places, 0.02), [layout.left, layout.right], layout.width < 480 ? 5 : 7);
  const at = (v: number) => x.at(fromOne ? distance(v) : v);
  const y = linearScale(yDomain, [layout.bottom, layout.top]);
  const line = (l: Landscape) => path(pointsOf(l).map(([v, f]) => [at(v), y.at(f)]));
  const read = (p: (typeof points)[number]) =>
    request.readable
      ? ` data-read="${escapeXml(`${p.stable ? "stable" : "unstable"}\n${landscape.order} ${plain(p.x, 5)}${p.y === null ? "" : `\nfree entropy ${plain(p.y, 5)}`}`)}"`
      : "";
  const under = slices.map((s) => `<g opacity="0.55">${curve(line(s.landscape), s.stroke, 1.3, s.dash)}</g>`).join("");
  const marks =
    curve(line(landscape), INK.blue, 2.2) +
    names(named, at, layout) +
    points.map((p) => (p.y === null ? arrow(at(p.x) - 6, layout.top + 3) : point(at(p.x), y.at(p.y), p.stable, read(p)))).join("");
  const order = landscape.order.length > 2 ? landscape.order : symbolMarkup(landscape.order);
  const title = request.xTitle ?? (fromOne ? `1 − ${order}` : order);
  return svg(layout, head, under, marks, axes(layout, x, y, title, request.yTitle ?? "free entropy *Φ*"));
}

/** Thin uprights with a name at their foot, on the side that has room; where neither has, the name is broken into lines. */
function names(named: NonNullable<LandscapeRequest["named"]>, at: (v: number) => number, layout: Layout): string {
  let out = "";
  const taken: { readonly px: number; readonly rows: number }[] = [];
  for (const { at: value, name } of named) {
    const px = at(value);
    const row = taken.filter((other) => Math.abs(other.px - px) < 150).reduce((sum, other) => sum + other.rows, 0);
    const left = px - layout.left > layout.right - px || px + widthOf(name, 12) + 8 > layout.right;
    const lines = wrapped(name, 12, (left ? px - layout.left : layout.right - px) - 12);
    taken.push({ px, rows: lines.length });
    out += curve(`M${round(px)},${round(layout.top)}V${layout.bottom}`, INK.grey, 1, "2,3");
    lines.forEach((line, k) => {
      out += text(px + (left ? -6 : 6), layout.bottom - 9 - 16 * (row + lines.length - 1 - k), line, {
        anchor: left ? "end" : "start",
        size: 12,
        fill: INK.soft,
        halo: true
      });
    });
  }
  return out;
}

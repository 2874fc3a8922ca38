/** Quantiles of the effective noise, in its predicted units, against those of N(0, 1): on the diagonal when the model is right. */
import { inverseNormalCdf, normalCdf } from "../../numerics/special/index.ts";
import type { FigureOptions } from "./comparisonFigure.ts";
import { axes, curve, dotKey, INK, type LegendEntry, lineKey, sheet, svg, swatchKey } from "./frame.ts";
import { round } from "./markup.ts";
import { extent, linearScale, path } from "./scale.ts";

export interface QqRequest extends FigureOptions {
  /** At least 2 finite values in units of their predicted standard deviation: nothing is taken out, so over- and underconfidence show as a slope. */
  readonly residuals: ArrayLike<number>;
  /** Whether they are N(0, 1) if the model is right, true by default: the band is drawn only then. */
  readonly expected?: boolean;
  readonly yTitle?: string;
}

/** Returns SVG. Throws RangeError for fewer than 2 finite values. */
export function qqFigure(request: QqRequest): string {
  const sorted = Float64Array.from(request.residuals).filter(Number.isFinite).sort();
  const n = sorted.length;
  if (n < 2) throw new RangeError(`qq figure: residuals must hold at least 2 finite values, got ${n}`);
  // at most 600 dots: all of both tails, the middle thinned evenly
  const most = 600;
  const kept = new Set<number>();
  const tail = Math.min(n, most / 6);
  for (let k = 0; k < tail; k++) kept.add(k).add(n - 1 - k);
  for (let k = 0; k < most; k++) kept.add(Math.round((k / (most - 1)) * (n - 1)));
  const points = [...kept].sort((a, b) => a - b).map((k) => [inverseNormalCdf((k + 0.5) / n), sorted[k]] as const);

  // where an order statistic of n Gaussian values lies in 95 of 100 samples: +- 1.96 sqrt(p (1-p) / n) / phi(z)
  const reach = Math.abs(points[0][0]);
  const band = Array.from({ length: 121 }, (_, k) => {
    const z = reach * (k / 60 - 1);
    const p = 0.5 / n + (1 - 1 / n) * normalCdf(z);
    const half = (1.96 * Math.sqrt((p * (1 - p)) / n)) / (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI));
    return { z, low: z - half, high: z + half };
  });
  const legend: LegendEntry[] = [
    { label: `${n} residuals, predicted units`, key: dotKey(INK.blue, false) },
    { label: "N(0, 1)", key: lineKey(INK.vermilion, 1.6) },
    ...(request.expected === false ? [] : [{ label: "95 % band", key: swatchKey("#e6e6ea") }])
  ];
  const xDomain = extent([-reach, reach], 0.04);
  const yDomain = extent([...points.map(([, v]) => v), -reach, reach], 0.05);
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
  const ground = `<path d="${path([...band.map((b): [number, number] => [x.at(b.z), y.at(b.high)]), ...band.reverse().map((b): [number, number] => [x.at(b.z), y.at(b.low)])])}Z" fill="#e6e6ea"/>`;
  const diagonal = curve(
    path([
      [x.at(xDomain[0]), y.at(xDomain[0])],
      [x.at(xDomain[1]), y.at(xDomain[1])]
    ]),
    INK.vermilion,
    1.6
  );
  const dots = points.map(([z, v]) => `<circle cx="${round(x.at(z))}" cy="${round(y.at(v))}" r="2.1"/>`).join("");
  return svg(
    layout,
    head,
    request.expected === false ? "" : ground,
    `${diagonal}<g fill="${INK.blue}" fill-opacity="0.75">${dots}</g>`,
    axes(layout, x, y, "Gaussian quantile", request.yTitle ?? "quantile of the effective noise")
  );
}

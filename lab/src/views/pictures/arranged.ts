/** The pictures of a frame as they belong together: a truth, its estimate and what was measured; and how each is drawn. */
import type { Picture } from "../../../../src/core/types.ts";
import { type Panel, rangeOf } from "../../../../src/experiments/figures/index.ts";
import { plain } from "../../figures/number.ts";
import { coverage } from "../../solve/verdict.ts";

export interface Group {
  /** The part: "", "real part", "imaginary part", or what the scenario calls it. */
  readonly title: string;
  readonly truth: Picture | null;
  readonly estimate: Picture | null;
}
export interface Arranged {
  readonly groups: readonly Group[];
  /** Measurements that are a picture or a list of their own. */
  readonly measurements: readonly Picture[];
}

/** The name without its role: "truth, real part" is "real part". */
function partOf({ name }: Picture): string {
  const comma = name.indexOf(", ");
  return comma < 0 ? "" : name.slice(comma + 2);
}

/** The k-th truth goes with the k-th estimate. */
export function arranged(pictures: readonly Picture[]): Arranged {
  const of = (role: Picture["role"]) => pictures.filter((p) => p.role === role);
  const [truths, estimates] = [of("truth"), of("estimate")];
  const groups = Array.from({ length: Math.max(truths.length, estimates.length) }, (_, k): Group => {
    const [truth, estimate] = [truths[k] ?? null, estimates[k] ?? null];
    return { title: partOf(estimate ?? truth), truth, estimate };
  });
  return { groups, measurements: of("measurements") };
}

export function isImage({ shape }: Picture): boolean {
  return shape.length === 2 && shape[0] > 1 && shape[1] > 1;
}

/** Neighbours resemble each other: the signal is a curve, not a list of unrelated components. */
export function isCurve(values: readonly number[]): boolean {
  const n = values.length;
  const mean = values.reduce((s, v) => s + v, 0) / n;
  let [square, lagged] = [0, 0];
  for (let i = 0; i < n; i++) {
    square += (values[i] - mean) ** 2;
    if (i > 0) lagged += (values[i] - mean) * (values[i - 1] - mean);
  }
  return n > 8 && square > 0 && lagged > 0.5 * square;
}

/** One grey scale for truth and estimate, one from black for error and deviation. */
export function panelsOf({ truth, estimate }: Group, measurements: readonly Picture[]): Panel[] {
  const size = ({ shape }: Picture) => ({ rows: shape[0], cols: shape[1] ?? 1 });
  const shared = truth ? rangeOf(truth.values) : undefined;
  const error = truth && estimate ? estimate.values.map((v, k) => Math.abs(v - truth.values[k])) : null;
  const deviation = estimate?.deviation ?? null;
  const worst = Math.max(error ? rangeOf(error)[1] : 0, deviation ? rangeOf(deviation)[1] : 0, Number.MIN_VALUE);
  const dark = { range: [0, worst] as const, note: `black 0, white ${plain(worst, 2)}` };
  return [
    ...(truth ? [{ name: "truth", values: truth.values, range: shared, ...size(truth) }] : []),
    ...measurements.filter(isImage).map((m) => ({ name: m.name, values: m.values, ...size(m) })),
    ...(estimate ? [{ name: "estimate", values: estimate.values, range: shared, ...size(estimate) }] : []),
    ...(error && estimate ? [{ name: "error, absolute", values: error, ...dark, ...size(estimate) }] : []),
    ...(deviation && estimate ? [{ name: "posterior s.d.", values: deviation, ...dark, ...size(estimate) }] : [])
  ];
}

/** mse of what is shown, and how many components its error bars cover. */
export function measured({ truth, estimate }: Group) {
  if (!truth || !estimate || truth.values.length !== estimate.values.length) return null;
  const n = truth.values.length;
  const mse = truth.values.reduce((s, v, k) => s + (v - estimate.values[k]) ** 2, 0) / n;
  return { mse, coverage: estimate.deviation ? coverage(estimate.values, truth.values, estimate.deviation) : null };
}

/** Tidy: a row a component of every picture. */
export function picturesTable(pictures: readonly Picture[]): string {
  const rows = pictures.flatMap(({ name, role, shape, values, deviation }) =>
    values.map((v, k) =>
      [
        JSON.stringify(name),
        role,
        shape.length === 2 ? Math.floor(k / shape[1]) : "",
        shape.length === 2 ? k % shape[1] : k,
        v,
        deviation?.[k] ?? ""
      ].join(",")
    )
  );
  return `name,role,row,component,value,deviation\n${rows.join("\n")}\n`;
}

/** A solution as it is handed over: the report as JSON, and its figures. The command line writes them to files, the lab shows and downloads them. */
import type { Scalar, Vec } from "../core/types.ts";
import { shapeText } from "../io/numericArray.ts";
import { estimateFigure } from "./figures/estimateFigure.ts";
import { qqFigure } from "./figures/qqFigure.ts";
import { type ImageRequest, imageFigure, traceFigure } from "./figures/signalFigure.ts";
import { trajectoryFigure } from "./figures/trajectoryFigure.ts";
import type { EffectiveNoise, Solution, SolveRequest } from "./solve.ts";
import { version } from "./version.ts";

/** A solution and what of its request a reader needs: plain data, the same on either side of a worker. */
export interface Solved {
  readonly solution: Solution;
  readonly operator: { readonly rows: number; readonly cols: number; readonly scalar: Scalar; readonly frobenius2: number };
  readonly prior: string;
  readonly channel: string;
  /** The truth in the field, and the sign or phase, of the estimate. */
  readonly truth: Vec | null;
  /** Of the signal: the truth's or the basis's where they fit, else its length. */
  readonly dims: readonly number[];
  /** Neighbours in the list are neighbours in the signal: it has a second dimension or a basis. */
  readonly ordered: boolean;
}

export function solvedOf(request: SolveRequest, solution: Solution, shape: readonly number[] | null): Solved {
  const { rows, cols, scalar, frobenius2 } = request.operator;
  const n = solution.deviation.length;
  const dims = shape !== null && shape.reduce((a, b) => a * b, 1) === n ? shape : [n];
  return {
    solution,
    operator: { rows, cols, scalar, frobenius2 },
    prior: request.prior.family.id,
    channel: request.channel.family.id,
    truth: alignedTruth(solution, request),
    dims,
    ordered: Boolean(request.synthesis) || (dims.length === 2 && dims[0] > 1 && dims[1] > 1)
  };
}

function alignedTruth(s: Solution, { truth }: SolveRequest): Vec | null {
  if (!truth) return null;
  const n = s.deviation.length;
  const width = s.scalar === "complex" ? 2 : 1;
  const from = truth.scalar === "complex" ? 2 : 1;
  const [c, sine] = s.ambiguous && s.metrics ? s.metrics.phase : ([1, 0] as const);
  const out = new Float64Array(width * n);
  for (let k = 0; k < n; k++) {
    const re = truth.data[from * k];
    const im = from === 2 ? truth.data[2 * k + 1] : 0;
    out[width * k] = c * re + sine * im;
    if (width === 2) out[2 * k + 1] = c * im - sine * re;
  }
  return out;
}

/** The metrics to read: modulo the sign or phase where that cannot be measured. */
export function metricsOf(s: Solution) {
  return s.metrics ? (s.ambiguous ? s.metrics.aligned : s.metrics.raw) : null;
}

/** Everything but the arrays. `input`: what was asked for, in the caller's words. */
export function solveReport({ solution: s, operator, prior, channel }: Solved, input: Readonly<Record<string, unknown>>) {
  const { residuals: _, ...noise } = s.effectiveNoise ?? { residuals: null };
  const found = metricsOf(s);
  return {
    version,
    input,
    operator,
    outcome: s.outcome,
    prior: { id: prior, ...s.prior },
    channel: { id: channel, ...s.channel },
    learned: s.learned.map(({ name, of, value, onBound }) => ({ name, of, value, onBound })),
    mse: {
      estimated: s.estimatedMse,
      predicted: s.predicted?.mse ?? null,
      ...(found ? { true: found.mse, nmseDb: found.nmseDb } : {})
    },
    ...(s.metrics ? { metrics: s.metrics } : {}),
    freeEntropy: s.freeEntropy,
    effectiveNoise: s.effectiveNoise ? noise : null,
    errorBars: s.errorBars.verdict,
    ...(s.errorBars.verdict === "unreliable" ? { errorBarsReason: s.errorBars.reason } : {}),
    preflight: s.preflight,
    cures: s.cures,
    notes: s.notes,
    trajectory: s.trajectory
  };
}

/** JSON has no NaN: what is not finite is null. */
export function reportText(report: object): string {
  return `${JSON.stringify(report, (_, v) => (typeof v === "number" && !Number.isFinite(v) ? null : v), 2)}\n`;
}

export interface NamedFigure {
  /** Also the names of their files. */
  readonly name: "estimate" | "signal" | "convergence" | "effective-noise";
  /** What it shows, for who cannot see it. */
  readonly about: string;
  /** Pictures beside each other, whose height follows from the width. */
  readonly image?: ImageRequest;
  readonly draw: (size?: { readonly width?: number; readonly height?: number }) => string;
}

/** Those that this solution has. */
export function solveFigures(solved: Solved): NamedFigure[] {
  const { solution: s, truth, dims, operator } = solved;
  const figures: NamedFigure[] = [];
  // a column of a .mat is a list like any other
  const list = dims.filter((d) => d !== 1).length <= 1;
  const title = `signal of ${list ? `${s.deviation.length} components` : shapeText(dims)} from ${operator.rows} observations`;
  const real = s.scalar === "real";
  const both = (v: Vec) => (real ? v : Float64Array.from({ length: 2 * v.length }, (_, k) => v[k >> 1] / Math.SQRT2));
  const known = truth ?? undefined;
  figures.push({
    name: "estimate",
    about: truth ? "estimated against true components, with error bars" : "estimated components with error bars",
    draw: (size) => estimateFigure({ estimate: s.estimate, deviation: both(s.deviation), truth: known, title, ...size })
  });
  if (real && solved.ordered) {
    const [rows, cols] = dims;
    const signal = { estimate: s.estimate, deviation: s.deviation, truth: known, title };
    if (dims.length === 2 && rows > 1 && cols > 1) {
      const image = { rows, cols, ...signal };
      const about = `${truth ? "truth, " : ""}estimate and posterior standard deviation as pictures`;
      figures.push({ name: "signal", about, image, draw: (size) => imageFigure({ ...image, ...size }) });
    } else
      figures.push({
        name: "signal",
        about: "the estimated signal with its band of error",
        draw: (size) => traceFigure({ ...signal, ...size })
      });
  }
  const series = s.trajectory.mse ?? s.trajectory.estimatedMse;
  const observable = {
    symbol: "mse",
    about: s.trajectory.mse ? "squared error per component" : "posterior variance per component",
    range: [0, 1] as const
  };
  const theory =
    s.predicted && s.predicted.trajectory.length > 1 ? { t: s.predicted.t, series: { mse: s.predicted.trajectory } } : undefined;
  const runs = [{ t: s.trajectory.t, series: { mse: series } }];
  figures.push({
    name: "convergence",
    about: `${observable.about} at every sweep${theory ? ", and what state evolution predicts" : ""}`,
    draw: (size) => trajectoryFigure({ name: "mse", observable, runs, theory, title, ...size })
  });
  const noise = s.effectiveNoise;
  if (noise && noise.residuals.length >= 2)
    figures.push({
      name: "effective-noise",
      about: "quantiles of the effective noise against those of a Gaussian: on the diagonal where the model is right",
      draw: (size) =>
        qqFigure({
          residuals: noise.residuals,
          expected: noise.kind === "gaussian",
          subtitle: qqSubtitle(noise),
          title: `effective noise, against ${noise.from === "truth" ? "the truth" : "the outputs"}`,
          ...size
        })
    });
  return figures;
}

function qqSubtitle({ kind, ratio, normality }: EffectiveNoise): string {
  if (kind === "scores") return `scores in units of their predicted spread; variance over its prediction ${digits(ratio, 3)}`;
  return normality
    ? `variance ${digits(normality.variance, 3)} (1 if the model is right), Kolmogorov p-value ${digits(normality.pValue, 2)}`
    : "";
}

function digits(x: number, count: number): string {
  return String(Number(x.toPrecision(count)));
}

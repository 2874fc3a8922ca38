/**
 * The family of generalized linear models y ~ P(y | W x0): one definition of simulate, evolve, predict, thresholds and
 * landscape; a scenario of the family says which bricks, and which observables are read off m, q, V.
 */
import { type GampOptions, type GampState, gamp, type WarmStart } from "../../algorithms/gamp.ts";
import { metrics } from "../../algorithms/metrics.ts";
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type {
  Agreement,
  Branch,
  Frame,
  Landmark,
  Observable,
  Outcome,
  Params,
  Prediction,
  Reference,
  Rng,
  Scenario,
  SimulationEnd,
  Values,
  Watch
} from "../../core/types.ts";
import {
  describeFixedPoints,
  equilibrium,
  landscape,
  type BranchPoint,
  type FixedPointCurve,
  type Model,
  type Start,
  stateEvolution
} from "../../theory/index.ts";
import { DAMPED, NO_ONSAGER, onsager, SPARKED } from "./caveats.ts";
import { gampDetail } from "./detail.ts";
import { mismatchedPrediction } from "./mismatch.ts";
import { type BrickSpecs, type Models, modelsOf, theoryOf } from "./models.ts";

/** What observables are read off: in theory and, with empirical averages, in a run. */
export interface OrderParameters {
  readonly rho: number;
  readonly m: number;
  readonly q: number;
  readonly V: number;
  readonly mse: number;
}

const common = {
  alpha: { kind: "real", default: 1, min: 1e-3, max: 1e3, symbol: "α", about: "samples per unknown, n/p" },
  size: { kind: "integer", default: 1000, min: 10, max: 1_000_000, symbol: "p", about: "number of unknowns" },
  init: {
    kind: "choice",
    default: "uninformed",
    options: ["uninformed", "spectral", "planted", "informed"],
    symbol: "x̂₀",
    about: "start: the prior mean (a tiny random vector in symmetric models), the spectral estimate, a given overlap, or the truth"
  },
  initialOverlap: { kind: "real", default: 0.1, min: 0, max: 1, symbol: "q₀/ρ", about: "overlap of a planted start" },
  iterations: { kind: "integer", default: 500, min: 1, max: 100_000, symbol: "T", about: "largest number of AMP iterations" },
  damping: {
    kind: "real",
    default: 0,
    min: 0,
    max: 0.99,
    symbol: "δ",
    about: "weight on the old estimate, 0 for none; the theory has none"
  },
  onsager
} as const satisfies Params;
type Common = typeof common;

export interface Definition<P extends Params, O extends string> {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly formulas: readonly string[];
  readonly params: P;
  /** `damping` where undamped AMP is unstable off the Nishimori line, or at finite size. */
  readonly defaults?: {
    readonly alpha?: number;
    readonly damping?: number;
    readonly init?: "uninformed" | "spectral" | "planted" | "informed";
  };
  readonly observables: { readonly [K in O]: Observable };
  readonly thresholdNames: readonly string[];
  readonly references: readonly Reference[];
  readonly landmarks: readonly Landmark[];
  readonly agreement: readonly Agreement<P & Common>[];
  bricks(p: Values<P>): BrickSpecs;
  observe(o: OrderParameters, p: Values<P>): { readonly [K in NoInfer<O>]: number };
  /** Thresholds of its own, beside those of the curve. */
  extraThresholds?(p: Values<P>): Readonly<Record<string, number | null>>;
}

/** Squared size, relative to rho, of the random start in symmetric models: AMP could never leave exact zero. */
const SPARK = 1e-4;

const SPECTRAL =
  "the theory of the way starts from a random direction, not from the spectral estimate, and so is behind the runs; both end in the same place";

function isSymmetric({ prior, channel }: Model): boolean {
  return channel.even && Math.abs(prior.mean) < 1e-12 * Math.sqrt(prior.secondMoment);
}

function sparkOf({ prior }: Model, size: number, rng: Rng): WarmStart {
  const width = prior.scalar === "complex" ? 2 : 1;
  const mean = new Float64Array(width * size);
  rng.fillNormal(mean, Math.sqrt((SPARK * prior.secondMoment) / width));
  return { mean, variance: prior.secondMoment };
}

export function generalizedLinear<const P extends Params, O extends string>(d: Definition<P, O>): Scenario<P & Common, O> {
  type V = Values<P & Common>;
  const params = {
    ...d.params,
    ...common,
    alpha: { ...common.alpha, default: d.defaults?.alpha ?? common.alpha.default },
    init: { ...common.init, default: d.defaults?.init ?? common.init.default },
    damping: { ...common.damping, default: d.defaults?.damping ?? common.damping.default }
  } as unknown as P & Common;
  const own = (p: V) => p as unknown as Values<P>;
  const shared = (p: V) => p as unknown as Values<Common>;
  const modelOf = (p: V): Models => modelsOf(d.id, d.bricks(own(p)));
  const view = (o: OrderParameters, p: V) => d.observe(o, own(p)) as { readonly [K in O]: number };

  function* simulate(p: V, rng: Rng, watch?: Watch): Generator<Frame<O>, SimulationEnd> {
    const { student, teacher, matched, ensemble } = modelOf(p);
    const { alpha, size, init, initialOverlap, iterations, damping, onsager } = shared(p);
    const rows = Math.max(1, Math.round(alpha * size));
    const width = student.prior.scalar === "complex" ? 2 : 1;
    const operator = ensemble.sample(rng.fork("W"), rows, size);
    const truth = new Float64Array(width * size);
    const z = new Float64Array(width * rows);
    const y = new Float64Array(teacher.channel.labelScalar === "complex" ? 2 * rows : rows);
    teacher.prior.sample(rng.fork("x0"), truth);
    operator.apply(truth, z);
    teacher.channel.sample(rng.fork("y"), z, y);

    const symmetric = isSymmetric(student);
    const start: Pick<GampOptions, "init" | "initialOverlap"> = {};
    if (init === "planted") Object.assign(start, { initialOverlap });
    else if (init === "uninformed" && symmetric) Object.assign(start, { init: sparkOf(student, size, rng.fork("start")) });
    else Object.assign(start, { init });
    const sweeps = gamp(
      { operator, y, prior: student.prior, channel: student.channel },
      { ...start, truth, iterations, damping, onsager: onsager === "on", rng: rng.fork("init") }
    );

    // overlaps in units of this instance's |x0|^2/p, so that exact recovery is 1 and not 1 + O(1/sqrt p)
    const rho = truth.reduce((sum, x) => sum + x * x, 0) / size || teacher.prior.secondMoment;
    const measure = ({ mean, variance }: GampState) => {
      const { raw, aligned, phase } = metrics(mean, truth, student.prior.scalar);
      const best = symmetric ? aligned : raw;
      let square = 0;
      for (let i = 0; i < mean.length; i++) square += mean[i] * mean[i];
      return {
        raw,
        phase: symmetric ? phase : ([1, 0] as const),
        order: { rho, m: best.overlap, q: square / size, V: variance[0], mse: best.mse }
      };
    };
    for (;;) {
      const step = sweeps.next();
      if (!step.done) {
        const { order, phase } = measure(step.value);
        const seen = { truth, y, labelScalar: teacher.channel.labelScalar, phase, prior: student.prior, matched };
        yield { t: step.value.t, ...view(order, p), ...(watch?.detail ? { detail: gampDetail(step.value, seen) } : {}) };
        continue;
      }
      const { raw } = measure(step.value.state);
      return { ...step.value.outcome, ...(symmetric ? { extra: { rawOverlap: raw.overlap / rho, rawMse: raw.mse } } : {}) };
    }
  }

  function* evolve(p: V): Generator<Frame<O>, Outcome> {
    const { student, teacher } = modelOf(p);
    const { alpha, size, init, initialOverlap, iterations } = shared(p);
    const symmetric = isSymmetric(student);
    let start: Start = "uninformed";
    if (init === "planted") start = { overlap: initialOverlap };
    else if (init === "informed") start = { overlap: 1 };
    else if (symmetric) start = { overlap: 1 / size }; // the squared overlap of a random start, which AMP has to amplify
    const rho = teacher.prior.secondMoment;
    const steps = stateEvolution(alpha, student, teacher, { start, iterations });
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      yield { t: step.value.t, ...view({ rho, ...step.value }, p) };
    }
  }

  function predict(p: V): Prediction<O> {
    const m = modelOf(p);
    const { alpha } = shared(p);
    if (!m.matched) return mismatchedPrediction(m, alpha, (o) => view(o, p));
    const { curve, thresholds } = theoryOf(m);
    const e = equilibrium(curve, alpha, thresholds);
    const branch = (b: BranchPoint) => branchOf(b, alpha, curve, thresholds.weakRecovery, (o) => view(o, p));
    return {
      branches: { algorithmic: branch(e.algorithmic), optimal: branch(e.optimal) },
      phase: e.phase,
      fixedPoints: describeFixedPoints(e, curve.rho)
    };
  }

  return {
    id: d.id,
    title: d.title,
    summary: d.summary,
    formulas: d.formulas,
    family: "generalized linear models",
    params,
    observables: d.observables,
    thresholdNames: d.thresholdNames,
    references: d.references,
    landmarks: d.landmarks,
    agreement: d.agreement as readonly Agreement<P & Common>[],
    simulate,
    evolve,
    predict,
    thresholds(p) {
      const m = modelOf(p);
      if (!m.matched) return Object.fromEntries(d.thresholdNames.map((name) => [name, null]));
      const found: Record<string, number | null> = { ...pickNumbers(theoryOf(m).thresholds), ...(d.extraThresholds?.(own(p)) ?? {}) };
      return Object.fromEntries(d.thresholdNames.map((name) => [name, found[name] ?? null]));
    },
    thresholdsNote(p) {
      return modelOf(p).matched
        ? null
        : "not computed: a student that differs from its teacher has no free entropy to compare branches by; spinodal predict lists its fixed points";
    },
    caveat(p, at = "end") {
      const { onsager, damping, init } = shared(p);
      if (onsager === "off") return NO_ONSAGER;
      if (at === "end") return null;
      if (damping > 0) return DAMPED;
      if (init === "spectral") return SPECTRAL;
      return init === "uninformed" && isSymmetric(modelOf(p).student) ? SPARKED : null;
    },
    landscape(p) {
      const m = modelOf(p);
      if (!m.matched)
        throw new ParameterError(
          `${d.id}: a student that differs from its teacher has no free entropy to draw; leave out teacher-prior and teacher-channel`
        );
      return landscape(theoryOf(m).curve, shared(p).alpha);
    }
  };
}

function pickNumbers(t: object): Record<string, number | null> {
  return Object.fromEntries(Object.entries(t).filter(([, v]) => v === null || typeof v === "number"));
}

export function branchOf<O extends string>(
  { point, freeEntropy, stable }: BranchPoint,
  alpha: number,
  curve: FixedPointCurve,
  weakRecovery: number | null,
  view: (o: OrderParameters) => { readonly [K in O]: number }
): Branch<O> {
  const q = Math.max(point.q, 0);
  const kind = point.r === Number.POSITIVE_INFINITY ? "exact-recovery" : point.r === 0 ? "trivial-fixed-point" : "converged";
  const residual = kind === "converged" ? Math.abs(point.alpha / alpha - 1) : 0;
  const advice =
    kind !== "trivial-fixed-point"
      ? undefined
      : stable
        ? `zero overlap is stable below the weak-recovery threshold alpha = ${(weakRecovery as number).toFixed(6)}: no algorithm of this kind does better than a random guess; raise alpha`
        : "zero overlap is unstable here: any small start leaves it";
  return {
    outcome: outcome(kind, residual, 0, { advice }),
    observables: view({ rho: curve.rho, m: q, q, V: point.V, mse: point.V }),
    ...(Number.isFinite(freeEntropy) ? { freeEntropy } : {})
  };
}

/**
 * Dormand-Prince 5(4) with PI step control, first-same-as-last stages and 4th-order dense output (Hairer, Norsett and Wanner,
 * Solving Ordinary Differential Equations I, 2nd ed., sections II.4-II.6, IV.2; the constants and the interpolant are those of
 * their DOPRI5). A right-hand side that is not finite, a step that underflows and stiffness end in an outcome with advice.
 */
import { outcome } from "../core/outcome.ts";
import { ParameterError } from "../core/parameters.ts";
import type { Outcome, Vec } from "../core/types.ts";

/** Writes dy/dt at (t, y) into `dy`; keeps neither array and changes only `dy`. */
export type RightHandSide = (t: number, y: Vec, dy: Vec) => void;

export interface OdeOptions {
  /** Local error per step in component i: atol + rtol |y_i| in root mean square over the components. Default 1e-8. */
  readonly rtol?: number;
  /** Default 1e-10. */
  readonly atol?: number;
  /** Steps, accepted and rejected, before it gives up. Default 200000. */
  readonly maxSteps?: number;
  /** The time of `y0`. Default 0. */
  readonly from?: number;
  /** Longest step. Default: none. */
  readonly maxStep?: number;
  /** Takes steps of this length without error control (the last one shortened); to measure orders of convergence. */
  readonly fixedStep?: number;
}

export interface OdeEnd {
  /** `converged`: every time was reached; `horizon`: out of steps; `diverged`: step underflow or a right-hand side that is not finite. The residual is the last scaled local error. */
  readonly outcome: Outcome;
  readonly steps: number;
  readonly rejected: number;
  readonly evaluations: number;
  /** True when stability rather than accuracy held the steps (Hairer's test, 15 steps in a row). */
  readonly stiff: boolean;
}

const A21 = 1 / 5;
const A31 = 3 / 40;
const A32 = 9 / 40;
const A41 = 44 / 45;
const A42 = -56 / 15;
const A43 = 32 / 9;
const A51 = 19372 / 6561;
const A52 = -25360 / 2187;
const A53 = 64448 / 6561;
const A54 = -212 / 729;
const A61 = 9017 / 3168;
const A62 = -355 / 33;
const A63 = 46732 / 5247;
const A64 = 49 / 176;
const A65 = -5103 / 18656;
const B1 = 35 / 384;
const B3 = 500 / 1113;
const B4 = 125 / 192;
const B5 = -2187 / 6784;
const B6 = 11 / 84;
const E1 = 71 / 57600;
const E3 = -71 / 16695;
const E4 = 71 / 1920;
const E5 = -17253 / 339200;
const E6 = 22 / 525;
const E7 = -1 / 40;
const D1 = -12715105075 / 11282082432;
const D3 = 87487479700 / 32700410799;
const D4 = -10690763975 / 1880347072;
const D5 = 701980252875 / 199316789632;
const D6 = -1453857185 / 822651844;
const D7 = 69997945 / 29380423;

// PI control: h <- h SAFETY / (err^EXPONENT previous^-BETA), within [1/SHRINK, GROW]
const BETA = 0.04;
const EXPONENT = 0.2 - 0.75 * BETA;
const SAFETY = 0.9;
const SHRINK = 5;
const GROW = 10;
/** |h lambda| past which the stability region of the method ends on the negative axis. */
const STABILITY_EDGE = 3.25;

function check(y0: Vec, times: readonly number[], from: number, o: OdeOptions): void {
  const positive = (name: string, x: number | undefined, example: number) => {
    if (x !== undefined && !(x > 0))
      throw new ParameterError(`dopri5: ${name} must be a positive number, got ${x}; for example ${example}`);
  };
  positive("rtol", o.rtol, 1e-8);
  positive("atol", o.atol, 1e-10);
  positive("maxSteps", o.maxSteps, 1e5);
  positive("maxStep", o.maxStep, 0.1);
  positive("fixedStep", o.fixedStep, 0.01);
  if (!Number.isFinite(from)) throw new ParameterError(`dopri5: from must be a finite number, got ${from}; for example 0`);
  for (let k = 0; k < times.length; k++)
    if (!(times[k] >= (k > 0 ? times[k - 1] : from) && times[k] < Number.POSITIVE_INFINITY))
      throw new ParameterError(
        `dopri5: times must be finite and ascend from ${from}, got ${times[k]} after ${k > 0 ? times[k - 1] : from}; for example [0, 1, 10]`
      );
  const bad = y0.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new ParameterError(`dopri5: y0 must be finite, got ${y0[bad]} at index ${bad}`);
}

function finite(v: Vec): boolean {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += v[i] - v[i]; // NaN or infinite entries give NaN
  return sum === 0;
}

/**
 * Solves dy/dt = f(t, y), y(from) = y0 and yields { t, y } at every one of the ascending `times`, t exact, y a fresh array.
 * Steps do not stop at the times: values between come from the interpolant; f is never called past the last time.
 * On failure it returns early: the times not reached are not yielded. Nothing is allocated in a step.
 * Throws ParameterError for times that do not ascend, y0 that is not finite, tolerances that are not positive.
 */
export function* dopri5(
  f: RightHandSide,
  y0: Vec,
  times: readonly number[],
  options: OdeOptions = {}
): Generator<{ readonly t: number; readonly y: Vec }, OdeEnd> {
  const { rtol = 1e-8, atol = 1e-10, maxSteps = 200000, from = 0, maxStep = Number.POSITIVE_INFINITY, fixedStep } = options;
  check(y0, times, from, options);
  const n = y0.length;
  const y = Float64Array.from(y0);
  const next = new Float64Array(n);
  const stage = new Float64Array(n);
  let k1 = new Float64Array(n);
  let k7 = new Float64Array(n);
  const [k2, k3, k4, k5, k6] = [0, 1, 2, 3, 4].map(() => new Float64Array(n));
  const last = times.length > 0 ? times[times.length - 1] : from;
  let t = from;
  let at = 0;
  let steps = 0;
  let rejected = 0;
  let evaluations = 0;
  let residual = 0;
  let stiff = false;
  const end = (kind: Outcome["kind"], advice?: string): OdeEnd => ({
    outcome: outcome(kind, residual, steps, { advice }),
    steps,
    rejected,
    evaluations,
    stiff
  });

  for (; at < times.length && times[at] === from; at++) yield { t: from, y: y.slice() };
  if (at === times.length) return end("converged");
  f(t, y, k1);
  evaluations++;
  if (!finite(k1)) return end("diverged", `the right-hand side is not finite at the start, t = ${t}; start elsewhere`);

  let h = fixedStep ?? firstStep();
  let previous = 1e-4;
  let suspicions = 0;
  let calm = 0;
  let afterRejection = false;
  while (at < times.length) {
    if (steps + rejected >= maxSteps)
      return end(
        "horizon",
        stiff
          ? `out of steps at t = ${t}: the equations are stiff (stability holds the step at ${h}), ask for a shorter time`
          : `out of steps at t = ${t} of ${last}: raise maxSteps or loosen rtol`
      );
    h = Math.min(h, maxStep);
    const remaining = last - t;
    const final = h >= remaining * (1 - 1e-12);
    if (final) h = remaining;
    else if (fixedStep === undefined && 2 * h > remaining) h = 0.5 * remaining; // no sliver of a last step
    if (!(h > 4 * Number.EPSILON * Math.abs(t)))
      return end(
        "diverged",
        `the step fell below rounding at t = ${t}: the solution is singular there or the right-hand side is not smooth`
      );

    const tNext = final ? last : t + h;
    const error = attempt(tNext);
    if (!(error < Number.POSITIVE_INFINITY && finite(next) && finite(k7))) {
      rejected++;
      afterRejection = true;
      residual = Number.MAX_VALUE;
      if (fixedStep !== undefined || h * 0.1 <= 16 * Number.EPSILON * Math.max(Math.abs(t), 1e-3 * (last - from)))
        return end(
          "diverged",
          `the right-hand side or the solution is not finite past t = ${t}: lower the rates, or ask for a shorter time`
        );
      h *= 0.1;
      continue;
    }
    residual = error;
    const raw = error ** EXPONENT;
    if (error > 1 && fixedStep === undefined) {
      rejected++;
      afterRejection = true;
      h /= Math.min(SHRINK, raw / SAFETY);
      continue;
    }

    steps++;
    if (stiffness() > STABILITY_EDGE) {
      calm = 0;
      if (++suspicions === 15) stiff = true;
    } else if (++calm === 6) suspicions = 0;

    for (; at < times.length && times[at] <= tNext; at++)
      yield { t: times[at], y: times[at] === tNext ? next.slice() : between(times[at]) };
    y.set(next);
    const swap = k1;
    k1 = k7;
    k7 = swap;
    t = tNext;
    if (fixedStep === undefined) {
      const factor = Math.min(SHRINK, Math.max(1 / GROW, raw / previous ** BETA / SAFETY));
      h = afterRejection ? Math.min(h, h / factor) : h / factor;
      previous = Math.max(error, 1e-4);
      afterRejection = false;
    } else h = fixedStep;
  }
  return end("converged");

  /** All stages of a step of length h to tNext: fills `next`, k2 ... k7, and returns the scaled error. Apart, so that it is compiled like any hot loop. */
  function attempt(tNext: number): number {
    for (let i = 0; i < n; i++) stage[i] = y[i] + h * A21 * k1[i];
    f(t + h / 5, stage, k2);
    for (let i = 0; i < n; i++) stage[i] = y[i] + h * (A31 * k1[i] + A32 * k2[i]);
    f(t + 0.3 * h, stage, k3);
    for (let i = 0; i < n; i++) stage[i] = y[i] + h * (A41 * k1[i] + A42 * k2[i] + A43 * k3[i]);
    f(t + 0.8 * h, stage, k4);
    for (let i = 0; i < n; i++) stage[i] = y[i] + h * (A51 * k1[i] + A52 * k2[i] + A53 * k3[i] + A54 * k4[i]);
    f(t + (8 / 9) * h, stage, k5);
    for (let i = 0; i < n; i++) stage[i] = y[i] + h * (A61 * k1[i] + A62 * k2[i] + A63 * k3[i] + A64 * k4[i] + A65 * k5[i]);
    f(tNext, stage, k6);
    for (let i = 0; i < n; i++) next[i] = y[i] + h * (B1 * k1[i] + B3 * k3[i] + B4 * k4[i] + B5 * k5[i] + B6 * k6[i]);
    f(tNext, next, k7);
    evaluations += 6;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const e = h * (E1 * k1[i] + E3 * k3[i] + E4 * k4[i] + E5 * k5[i] + E6 * k6[i] + E7 * k7[i]);
      const scaled = e / (atol + rtol * Math.max(Math.abs(y[i]), Math.abs(next[i])));
      sum += scaled * scaled;
    }
    return Math.sqrt(sum / Math.max(1, n));
  }

  /** An estimate of |h lambda| from the two stages at the end of the step. */
  function stiffness(): number {
    let numerator = 0;
    let denominator = 0;
    for (let i = 0; i < n; i++) {
      numerator += (k7[i] - k6[i]) ** 2;
      denominator += (next[i] - stage[i]) ** 2;
    }
    return denominator > 0 ? h * Math.sqrt(numerator / denominator) : 0;
  }

  /** The interpolant of the step just taken, 4th order, with its derivative right at both ends. */
  function between(time: number): Vec {
    const theta = (time - t) / h;
    const rest = 1 - theta;
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const rise = next[i] - y[i];
      const bend = h * k1[i] - rise;
      const twist = rise - h * k7[i] - bend;
      const fifth = h * (D1 * k1[i] + D3 * k3[i] + D4 * k4[i] + D5 * k5[i] + D6 * k6[i] + D7 * k7[i]);
      out[i] = y[i] + theta * (rise + rest * (bend + theta * (twist + rest * fifth)));
    }
    return out;
  }

  /** Hairer's automatic first step: an explicit Euler step as long as its curvature allows. */
  function firstStep(): number {
    const size = (v: Vec) => {
      let s = 0;
      for (let i = 0; i < n; i++) s += (v[i] / (atol + rtol * Math.abs(y[i]))) ** 2;
      return Math.sqrt(s / Math.max(1, n));
    };
    const span = last - from;
    const d0 = size(y);
    const d1 = size(k1);
    const h0 = Math.min(span, maxStep, d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : (0.01 * d0) / d1);
    for (let i = 0; i < n; i++) stage[i] = y[i] + h0 * k1[i];
    f(from + h0, stage, k2);
    evaluations++;
    for (let i = 0; i < n; i++) k2[i] -= k1[i];
    const d2 = size(k2) / h0;
    if (!(d2 < Number.POSITIVE_INFINITY)) return h0;
    const h1 = Math.max(d1, d2) <= 1e-15 ? Math.max(1e-6, h0 * 1e-3) : (0.01 / Math.max(d1, d2)) ** 0.2;
    return Math.min(100 * h0, h1, span, maxStep);
  }
}

/**
 * Watches a GAMP run: the undamped residual, early signs of divergence, adaptive damping, and the outcome it ends with.
 * The yardstick is the run's own claim: on the Nishimori line E|x_t - x_(t+1)|^2 = v_t - v_(t+1), so an estimate that moves by
 * far more than v_t + v_(t+1) has left the regime in which its variances mean anything.
 */
import { outcome } from "../core/outcome.ts";
import type { Outcome, Vec } from "../core/types.ts";
import { CHANGE2, CURVATURE, NORM2, norm2, OLD_VARIANCE, SCORE2, SCORE_CHANGE2, VARIANCE, type Workspace } from "./workspace.ts";

export interface Watch {
  /** Weight on the old value for the next sweep. */
  damping(): number;
  /** Judges the sweep just made; null to go on. May put the best state back (then `state.t` says which). */
  judge(): Outcome | null;
  horizon(iterations: number): Outcome;
}

/** Relative variance below which the estimate carries no more digits in double precision. */
const EXACT = 1e-26;
/** Relative variance from which a run that can go no further has recovered the signal: finite instances are overconfident near V = 0, and may turn back before EXACT. */
const NEARLY_EXACT = 1e-18;
/** Share of the mean in the posterior second moment below which a symmetric model sits at zero overlap. */
const TRIVIAL = 1e-12;
/** The least weight an adaptive run gives the new value. */
const LEAST_STEP = 0.02;

const CURES =
  "centre the matrix if its entries have a mean, use damping 0.5 or adaptive, or vector variances if its rows and columns differ (preflight tells which)";

export function makeWatch(work: Workspace, damping: number | "adaptive", tolerance: number): Watch {
  const { state, sums, problem, width } = work;
  const { cols, rows } = problem.operator;
  const adaptive = damping === "adaptive";
  const bayes = problem.prior.rule === "bayes";
  // A discrete signal is known once the expected number of wrong components is far below one; the variance then falls off a cliff,
  // the data stop pulling (every g underflows) and another sweep would forget everything.
  const discrete = problem.prior.dimension === 0;
  const nearlyZero = discrete ? Math.max(NEARLY_EXACT, 1e-4 / cols) : NEARLY_EXACT;
  let step = adaptive ? 1 : 1 - damping;
  let startScale = state.variance.reduce((s, v) => s + v, 0) / state.variance.length + norm2(state.mean) / cols;
  let ceiling = 1; // what an adaptive step may grow back to: it creeps up, and drops where a step failed
  let previous = Number.POSITIVE_INFINITY;
  let explosions = 0;
  let overconfident = 0;
  let stuck = 0;
  let backtracks = 0;
  let nearly = false;

  const arrays: readonly Vec[] = [state.mean, state.variance, state.omega, state.V, state.g, state.A, state.b];
  const best = arrays.map((x) => x.slice());
  let bestT = 0;
  let bestResidual = Number.POSITIVE_INFINITY;

  function remember(): void {
    for (let k = 0; k < arrays.length; k++) best[k].set(arrays[k]);
    bestT = state.t;
    bestResidual = state.residual;
  }
  function restore(): void {
    for (let k = 0; k < arrays.length; k++) arrays[k].set(best[k]);
    state.t = bestT;
    state.residual = Math.min(bestResidual, 1);
  }
  const averageVariance = () => state.variance.reduce((s, v) => s + v, 0) / state.variance.length;
  const nearlyExact = () => averageVariance() <= (nearlyZero * norm2(state.mean)) / cols;
  const end = (kind: Outcome["kind"], iterations: number, residual: number, advice?: string) =>
    outcome(kind, residual, iterations, { advice, clipped: state.clipped });

  function diverged(at: number, residual: number, what: string): Outcome | null {
    if (adaptive && backtracks < 8 && step > LEAST_STEP) {
      backtracks++;
      ceiling = Math.max(LEAST_STEP, step / 2);
      step = Math.max(LEAST_STEP, step / 4);
      restore();
      state.t = at; // sweeps made, not the age of the estimate
      explosions = overconfident = stuck = 0;
      nearly = false;
      previous = Number.POSITIVE_INFINITY;
      return null;
    }
    restore();
    if (nearlyExact() && explains(averageVariance())) return end("exact-recovery", at, state.residual);
    return end(
      "diverged",
      at,
      residual,
      `${what} at sweep ${at}; the state of sweep ${bestT} is returned: ${problem.channel.even ? "even channels oscillate undamped, try damping 0.15; " : ""}${CURES}`
    );
  }

  /** Growth per sweep of a small squared overlap at zero overlap: rho^2 |A|_F^4/(rows cols) E curvature(omega = 0)^2, from the linearised iteration. */
  function growthAtZero(v: number): number {
    const zero = new Float64Array(width * rows);
    const g = new Float64Array(width * rows);
    const curvature = new Float64Array(rows);
    problem.channel.score(Float64Array.of(work.rowNorm * v), zero, problem.y, g, curvature);
    return (v * v * work.rowNorm * work.colNorm * norm2(curvature)) / rows;
  }

  /**
   * Whether the estimate explains the data within the rounding of A mean. Two laws of a consistent point, with a margin of 100:
   * E V |g|^2 <= 1 (no pull beyond the error bar) and E |g|^2 = E curvature (the misfit has the size of the noise).
   */
  function explains(v: number): boolean {
    const z = new Float64Array(width * rows);
    const g = new Float64Array(width * rows);
    const curvature = new Float64Array(rows);
    problem.operator.apply(state.mean, z);
    const V = Math.max(work.rowNorm * v, (1e-20 * norm2(z)) / rows, Number.MIN_VALUE * 2 ** 80);
    problem.channel.score(Float64Array.of(V), z, problem.y, g, curvature);
    const g2 = norm2(g);
    return V * g2 <= 100 * rows && g2 <= 100 * curvature.reduce((s, c) => s + Math.max(c, 0), 0);
  }

  function trivial(t: number, residual: number, v: number, exactly: boolean): Outcome | null {
    const growth = growthAtZero(v);
    if (growth <= 1)
      return end(
        "trivial-fixed-point",
        t,
        residual,
        `zero overlap is a stable fixed point here (a small squared overlap is multiplied by ${growth.toPrecision(3)} a sweep): recovery needs more measurements or a stronger prior`
      );
    if (!exactly) return null;
    return end(
      "trivial-fixed-point",
      t,
      residual,
      `zero overlap is a fixed point by symmetry, and unstable (a small squared overlap is multiplied by ${growth.toPrecision(3)} a sweep): start with init spectral, or with an initialOverlap`
    );
  }

  function judge(): Outcome | null {
    const t = state.t;
    const v = sums[VARIANCE];
    const old = sums[OLD_VARIANCE];
    const change = sums[CHANGE2] / cols;
    const norm = sums[NORM2] / cols;
    const total = norm + v;
    const spreading = change + total + sums[SCORE2] + sums[CURVATURE] + norm2(state.omega) + sum(state.A) + sum(state.b);
    if (!Number.isFinite(spreading)) {
      const last = previous;
      const what =
        state.V[0] === 0
          ? "the variance vanished before the data were explained (a start with a smaller variance, or a weaker penalty, helps)"
          : "the numbers left the range of double precision";
      const verdict = diverged(t, last, what);
      if (verdict === null) state.residual = Number.isFinite(last) ? last : 1;
      return verdict;
    }
    const residual = total > 0 ? Math.min(Number.MAX_VALUE, Math.max(Math.sqrt(change / total), Math.abs(v - old) / total)) : 0;
    state.residual = residual;
    // A damped score may still be on its way when the estimate rests: it has to rest too.
    const scoreScale = sums[SCORE2] + Math.abs(sums[CURVATURE]);
    const rests = state.damping === 0 || !(scoreScale > 0) || Math.sqrt(sums[SCORE_CHANGE2] / scoreScale) < tolerance;

    if (t === 1) startScale = Math.max(startScale, change, problem.prior.secondMoment < Number.MAX_VALUE ? problem.prior.secondMoment : 0);
    explosions = change > 100 * startScale ? explosions + 1 : 0;
    overconfident = bayes && residual > 0.3 && change > 100 * (v + old) ? overconfident + 1 : 0;
    if (v <= nearlyZero * total) nearly = true;
    else if (nearly && v > 1e3 * nearlyZero * total) return diverged(t, residual, "the variance grew again after it had almost vanished");
    if (residual < 0.99 * bestResidual) {
      remember();
      stuck = 0;
    } else stuck = residual > 0.05 ? stuck + 1 : 0;

    // By symmetry a mean of exactly zero stays zero, whatever the variance does.
    if (problem.channel.even && norm === 0 && change === 0 && sums[SCORE2] === 0) return trivial(t, residual, v, true);

    if (explosions >= 2 || change > 1e6 * startScale)
      return diverged(
        t,
        residual,
        `the estimate grows without bound (step ${Math.sqrt(change / startScale).toExponential(1)} of its scale)`
      );
    if (overconfident >= 3)
      return diverged(
        t,
        residual,
        `the estimate moves ${Math.sqrt(change / Math.max(v + old, Number.MIN_VALUE)).toExponential(1)} times its own error bar`
      );
    if (stuck >= 100)
      return diverged(t, residual, `the estimate oscillates (no better residual than ${bestResidual.toExponential(1)} in 100 sweeps)`);

    if (discrete && nearly && explains(v)) {
      state.mean.set(work.fresh); // without what damping remembers
      return end("exact-recovery", t, residual);
    }
    if (v <= EXACT * total && total > 0 && bayesOrMoving(residual)) {
      if (explains(v)) return end("exact-recovery", t, residual);
      if (residual > tolerance && t < 50) return null; // a wrong corner may still be left
      return end(
        "diverged",
        t,
        residual,
        "the variance vanished but the estimate does not explain the data: give the channel some noise, or check the prior"
      );
    }
    // A variance that still shrinks geometrically is on its way to exact recovery, not at a fixed point.
    if (residual < tolerance && rests && Math.abs(v - old) <= 1e-3 * Math.max(v, old)) {
      if (!(problem.channel.even && norm <= TRIVIAL * total)) return end("converged", t, residual);
      const verdict = trivial(t, residual, v, norm === 0);
      if (verdict) return verdict;
      // Near an unstable point the run is only slow: go on until it has left.
    }
    if (adaptive) {
      const worse = residual > previous && (!bayes || change > 0.5 * (v + old));
      if (worse) ceiling = Math.max(LEAST_STEP, 0.9 * step);
      else ceiling = Math.min(1, 1.01 * ceiling);
      step = worse ? Math.max(LEAST_STEP, 0.6 * step) : Math.min(ceiling, 1.1 * step);
    }
    previous = residual;
    return null;
  }

  /** A MAP estimate with variance 0 (all components thresholded to zero) is a fixed point, not a recovery. */
  function bayesOrMoving(residual: number): boolean {
    return bayes || residual > 0;
  }

  return {
    damping: () => 1 - step,
    judge,
    horizon: (iterations) =>
      nearlyExact() && explains(averageVariance())
        ? end("exact-recovery", iterations, state.residual)
        : end(
            "horizon",
            iterations,
            state.residual,
            stuck >= 20 // a residual that still improves needs time, one that does not needs a cure
              ? `still moving by ${state.residual.toExponential(1)} a sweep after ${iterations}: use damping 0.5 or adaptive, and check the matrix with preflight`
              : `still moving by ${state.residual.toExponential(1)} a sweep after ${iterations}: raise iterations (near a transition convergence is slow)`
          )
  };
}

function sum(x: Vec): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i];
  return s;
}

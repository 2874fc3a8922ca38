/**
 * Watches a run over several variables: the undamped residual, early signs of divergence, adaptive damping, the way back to the
 * best state, and the outcome. The yardstick is that of ../watch.ts: on the Nishimori line an estimate never moves by much more
 * than its own variances.
 */
import { outcome } from "../../core/outcome.ts";
import type { Outcome } from "../../core/types.ts";

/** One variable as the watch sees it: squared change of its mean per component in the last sweep, |mean|^2, variances before and after. */
export interface Watched {
  readonly name: string;
  readonly change: number;
  readonly power: number;
  readonly before: number;
  readonly after: number;
  /** Second moment before any data. */
  readonly scale: number;
  /** A signal: exact recovery is that all of these are known. */
  readonly leaf: boolean;
}

export interface RunWatch {
  /** Weight on the old value for the next sweep. */
  damping(): number;
  /** Judges sweep t; null to go on. */
  judge(t: number, broken: boolean): Outcome | null;
  horizon(t: number): Outcome;
  readonly residual: number;
}

export interface Memory {
  remember(): void;
  /** Puts the remembered state back. */
  restore(): void;
}

/** Variance of every signal, relative to its second moment, below which it counts as known exactly; NEARLY where nothing better comes. */
export const EXACT = 1e-11;
const NEARLY = 1e-9;
/** Rounding of means, relative to their power. */
const ROUNDING = 1e-13;
/** Share of the means in all posterior second moments below which a run sits at zero overlap. */
const TRIVIAL = 1e-12;
/** The same where a mean is so small that its change must be compared with itself. */
const FAINT = 1e-6;
/** The same where only rounding is left. */
const LOST = 1e-20;
const LEAST_STEP = 0.02;
const PATIENCE = 100;

export interface WatchOptions {
  readonly damping: number | "adaptive";
  readonly tolerance: number;
  /** MAP estimators: variances are not error bars and vanish where components are thresholded. */
  readonly map: boolean;
  readonly clipped: () => number;
}

/**
 * The variables whose means are all zero where a model is stuck at its symmetry: the signals, for what lies beyond an even activation
 * has a mean of its own. An estimator may put every signal to zero for good reason, and then what is measured is not zero.
 */
export function symmetricWhenZero<Q extends { readonly leaf: boolean }>(quantities: readonly Q[], map: boolean): readonly Q[] {
  const leaves = quantities.filter((q) => q.leaf);
  return map || leaves.length === 0 ? quantities : leaves;
}

export function makeRunWatch(quantities: readonly Watched[], memory: Memory, { damping, tolerance, map, clipped }: WatchOptions): RunWatch {
  const adaptive = damping === "adaptive";
  const signals = symmetricWhenZero(quantities, map);
  const startScale = quantities.map((q) => q.scale);
  const last = quantities.map(() => Number.POSITIVE_INFINITY);
  let step = adaptive ? 1 : 1 - damping;
  let ceiling = 1;
  let residual = 1;
  let previous = Number.POSITIVE_INFINITY;
  let best = Number.POSITIVE_INFINITY;
  let bestT = 0;
  let worst = 0;
  let explosions = 0;
  let overconfident = 0;
  let stuck = 0;
  let backtracks = 0;
  let nearly = false;
  let power = Number.NaN;

  const end = (kind: Outcome["kind"], t: number, advice?: string) => outcome(kind, residual, t, { advice, clipped: clipped() });
  const known = (share: number) => !map && quantities.every((q) => !q.leaf || q.after <= share * (q.power + q.after));
  /** Both modules at every variable put it at the same place, within the variance that is left. */
  const explained = () => quantities.every((q) => q.change <= 100 * Math.max(q.after, ROUNDING * (q.power + q.after)));

  function diverged(t: number, what: string): Outcome | null {
    const at = residual;
    memory.restore();
    residual = Math.min(1, best);
    if (adaptive && backtracks < 8 && step > LEAST_STEP) {
      backtracks++;
      ceiling = Math.max(LEAST_STEP, step / 2);
      step = Math.max(LEAST_STEP, step / 4);
      explosions = overconfident = stuck = 0;
      nearly = false;
      previous = Number.POSITIVE_INFINITY;
      return null;
    }
    if (known(NEARLY) && explained()) return end("exact-recovery", t);
    residual = at;
    const cure = adaptive
      ? "adaptive damping did not help: use a prior or a noise closer to the data, more noise, or another start (init informed or spectral)"
      : "use damping adaptive (or 0.5), more noise in the likelihood, or a prior closer to the data";
    return end("diverged", t, `${what} at iteration ${t}; the state of iteration ${bestT} is returned: ${cure}`);
  }

  /** Takes the residual of the last sweep; false when a number is none. */
  function measure(): boolean {
    residual = 0;
    for (let i = 0; i < quantities.length; i++) {
      const { change, power, before, after } = quantities[i];
      const total = power + after;
      if (!(change + total + before < Number.POSITIVE_INFINITY)) return false;
      const r = total > 0 ? Math.max(Math.sqrt(change / total), Math.abs(after - before) / total) : 0;
      if (r >= residual) {
        residual = r;
        worst = i;
      }
    }
    return true;
  }

  function atZero(share: number): boolean {
    return signals.every((q) => q.power <= share * (q.power + q.after));
  }

  /** A tiny mean that still spirals towards zero has a small residual for its smallness alone: it must rest on its own scale. */
  function restsBesideZero(): boolean {
    if (!atZero(FAINT)) return true;
    const change = signals.reduce((s, q) => s + q.change, 0);
    return change <= 1e-6 * signals.reduce((s, q) => s + q.power, 0);
  }

  function judge(t: number, broken: boolean): Outcome | null {
    if (broken || !measure()) {
      residual = Number.isFinite(previous) ? previous : 1;
      return diverged(t, "the numbers left the range of double precision");
    }
    if (t === 1) for (let i = 0; i < startScale.length; i++) startScale[i] = Math.max(startScale[i], quantities[i].change);
    const moves = quantities.some((q, i) => q.change > 100 * startScale[i]);
    const leaps = quantities.some((q, i) => q.change > 1e6 * startScale[i]);
    explosions = moves ? explosions + 1 : 0;
    const bold = quantities.some((q) => q.change > 100 * (q.before + q.after) && q.change > ROUNDING * q.power);
    overconfident = !map && residual > 0.3 && bold ? overconfident + 1 : 0;
    if (known(NEARLY)) nearly = true;
    else if (nearly && !known(1e3 * NEARLY)) return diverged(t, "the variance grew again after it had almost vanished");
    if (residual < 0.99 * best) {
      best = residual;
      bestT = t;
      memory.remember();
      stuck = 0;
    } else stuck = residual > 0.05 ? stuck + 1 : 0;
    if (explosions >= 2 || leaps) return diverged(t, `${quantities[worst].name} grows without bound`);
    if (overconfident >= 3) return diverged(t, `${quantities[worst].name} moves by more than ten times its own error bar`);
    if (stuck >= PATIENCE)
      return diverged(
        t,
        `${quantities[worst].name} oscillates (no better residual than ${best.toExponential(1)} in ${PATIENCE} iterations)`
      );

    if (known(EXACT)) {
      if (explained()) return end("exact-recovery", t);
      if (t > 2 && (residual < tolerance || t >= 50))
        return diverged(
          t,
          "the variance vanished but the estimate does not explain the data (give the likelihood some noise, or check the prior)"
        );
    }
    const before = power;
    power = signals.reduce((s, q) => s + q.power, 0);
    const steady = quantities.every((q, i) => Math.abs(q.after - last[i]) <= 1e-3 * q.after || q.after <= EXACT * (q.power + q.after));
    for (let i = 0; i < last.length; i++) last[i] = quantities[i].after;
    // Zero is a fixed point of a symmetric model. Exactly there nothing can move; near it, a run that shrinks has found nothing.
    if (atZero(LOST) || (atZero(TRIVIAL) && residual < tolerance && !(power > before)))
      return end(
        "trivial-fixed-point",
        t,
        "every estimate is zero, a fixed point by symmetry: start with rng (a random spark), init spectral or informed, or measure more"
      );
    if (residual < tolerance && steady && !atZero(TRIVIAL) && restsBesideZero()) return end("converged", t);
    if (adaptive) {
      const q = quantities[worst];
      const worse = residual > previous && (map || q.change > 0.5 * (q.before + q.after));
      if (worse) ceiling = Math.max(LEAST_STEP, 0.9 * step);
      else ceiling = Math.min(1, 1.01 * ceiling);
      step = worse ? Math.max(LEAST_STEP, 0.6 * step) : Math.min(ceiling, 1.1 * step);
    }
    previous = residual;
    return null;
  }

  return {
    damping: () => 1 - step,
    judge,
    horizon: (t) => {
      if (known(NEARLY) && explained()) return end("exact-recovery", t);
      const still = `still moving by ${residual.toExponential(1)} an iteration after ${t}`;
      return end(
        "horizon",
        t,
        stuck >= 20 ? `${still}: use damping 0.5 or adaptive` : `${still}: raise iterations (near a transition convergence is slow)`
      );
    },
    get residual() {
      return residual;
    }
  };
}

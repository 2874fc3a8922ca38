/** Where GAMP starts: knowing the prior only, from a given estimate, planted at a given overlap with the truth, or from the spectral estimate. */
import { ParameterError } from "../core/parameters.ts";
import type { Rng, Vec } from "../core/types.ts";
import type { GampOptions } from "./gamp.ts";
import { spectralStart } from "./spectral.ts";
import { norm2, type Workspace } from "./workspace.ts";

/** An informed start has overlap 1 - INFORMED_GAP: at 1 exactly, V = 0 and a noiseless score has no finite value. */
export const INFORMED_GAP = 1e-6;
/** Squared size, relative to the second moment, of the random push out of the zero overlap of a symmetric model. */
export const SPARK = 1e-4;

/** Fills mean, variance and, when a score is carried, g. Returns whether it is carried. Throws ParameterError on what is missing. */
export function begin(work: Workspace, { init = "uninformed", truth, initialOverlap, rng }: GampOptions): boolean {
  const { state, problem } = work;
  const { prior } = problem;
  if (truth !== undefined) checkVector("truth", truth, state.mean.length);
  if (initialOverlap !== undefined) {
    if (init !== "uninformed") throw new ParameterError("gamp: give either init or initialOverlap, not both");
    if (!(initialOverlap >= 0 && initialOverlap <= 1))
      throw new ParameterError(`gamp: initialOverlap must be a number in [0, 1], such as 0.01, got ${initialOverlap}`);
    plant(work, truth, Math.min(initialOverlap, 1 - INFORMED_GAP), rng);
    return false;
  }
  if (typeof init === "object") {
    checkVector("init.mean", init.mean, state.mean.length);
    state.mean.set(init.mean);
    if (typeof init.variance === "number") state.variance.fill(init.variance);
    else if (init.variance.length === state.variance.length) state.variance.set(init.variance);
    else if (init.variance.length === work.freshVariance.length) state.variance.fill(average(init.variance));
    else if (init.variance.length === 1) state.variance.fill(init.variance[0]);
    else throw new ParameterError(`gamp: init.variance must be one number or ${work.freshVariance.length}, got ${init.variance.length}`);
    for (const v of state.variance)
      if (!(v >= 0 && v < Number.POSITIVE_INFINITY)) throw new ParameterError(`gamp: init.variance must be >= 0 and finite, got ${v}`);
    if (!init.g) return false;
    checkVector("init.g", init.g, state.g.length);
    state.g.set(init.g);
    return true;
  }
  switch (init) {
    case "uninformed":
      if (work.width === 1) state.mean.fill(prior.mean);
      state.variance.fill(prior.secondMoment - prior.mean ** 2);
      return false;
    case "informed":
      plant(work, truth, 1 - INFORMED_GAP, rng);
      return false;
    case "spectral": {
      if (!rng) throw new ParameterError("gamp: init spectral needs rng, a source of random numbers");
      const start = spectralStart(problem, rng);
      state.mean.set(start.mean);
      state.variance.fill(start.variance);
      state.g.set(start.g);
      return true;
    }
    default:
      throw new ParameterError(`gamp: init must be uninformed, informed, spectral or {mean, variance}, got ${JSON.stringify(init)}`);
  }
}

/**
 * mean = s x0 + sqrt(s (1 - s) P) noise with P = |x0|^2/p, so that E mean.x0 = E |mean|^2 = s P: the overlap of a Bayes
 * estimate of overlap s, with the variance (1 - s) P that it would report.
 */
function plant({ state, problem, width }: Workspace, truth: Vec | undefined, s: number, rng: Rng | undefined): void {
  if (!truth) throw new ParameterError("gamp: a planted or informed start needs truth, the signal itself");
  if (!rng) throw new ParameterError("gamp: a planted or informed start needs rng, a source of random numbers");
  const power = norm2(truth) / problem.operator.cols || problem.prior.secondMoment;
  rng.fork("start").fillNormal(state.mean, Math.sqrt((s * (1 - s) * power) / width));
  for (let i = 0; i < truth.length; i++) state.mean[i] += s * truth[i];
  state.variance.fill((1 - s) * power);
}

function checkVector(name: string, x: Vec, length: number): void {
  if (x.length !== length) throw new ParameterError(`gamp: ${name} must have ${length} numbers, got ${x.length}`);
  for (let i = 0; i < x.length; i++)
    if (!Number.isFinite(x[i])) throw new ParameterError(`gamp: ${name} must be finite, got ${x[i]} at index ${i}`);
}

function average(x: Vec): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i];
  return s / x.length;
}

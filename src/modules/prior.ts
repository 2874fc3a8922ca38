/**
 * Leaves of a model made from a prior: on an output port the law that a variable is drawn from, on an input port a penalty on a
 * derived variable (a gradient, say). ln Z = sum_i ln Z_0(a, b_i); on the matched line b = a x0 + sqrt(a) xi.
 */
import { ParameterError } from "../core/parameters.ts";
import type { Message, Module, Port, Prior, Projection, Vec } from "../core/types.ts";
import { mmse, priorBlock } from "./averages.ts";
import { checkMessages, half, port } from "./ports.ts";
import { EXACT } from "./vanished.ts";

/** A precision that is infinite to a density of unit variance, and still leaves eight digits to 1/v - a. */
const LARGE = 1e7;

/** What both leaves share: one port of `size` components. */
function factor(kind: string, prior: Prior, only: Port) {
  const complex = only.scalar === "complex";
  const precision = new Float64Array(1);
  let real = new Float64Array(0);
  const scratch = (n: number): Vec => {
    if (real.length !== n) real = new Float64Array(n);
    return real;
  };
  const components = (b: Vec): number => (complex ? b.length / 2 : b.length);
  return {
    ...(prior.rule === "map" ? { map: true } : {}),
    project(_port: number, messages: readonly Message[], mean: Vec, b: Vec): Projection {
      checkMessages(kind, [only], messages);
      const [{ a, b: received }] = messages;
      const n = components(received);
      const variance = scratch(n);
      precision[0] = a;
      prior.posterior(precision, received, mean, variance);
      let v = 0;
      for (let i = 0; i < n; i++) v += variance[i] / n;
      if (prior.message) {
        b.fill(prior.message.b);
        return { v, extrinsic: prior.message.a };
      }
      const scale = 1 / Math.max(v, EXACT);
      for (let i = 0; i < b.length; i++) b[i] = mean[i] * scale - received[i];
      return { v, extrinsic: scale - a };
    },
    variances(_port: number, [{ a, b }]: readonly Message[], out: Vec): void {
      precision[0] = a;
      prior.posterior(precision, b, new Float64Array(b.length), out);
    },
    logPartition([{ a, b }]: readonly Message[]): number {
      const n = components(b);
      const logZ = scratch(n);
      precision[0] = a;
      prior.logPartition(precision, b, logZ);
      let sum = 0;
      for (let i = 0; i < n; i++) sum += logZ[i];
      return sum;
    }
  };
}

function estimator(what: string): never {
  throw new ParameterError(
    `${what} is an estimator, not the law of the truth, so state evolution on the matched line does not cover it; use a prior such as gauss-bernoulli:rho=0.1`
  );
}

/** x_i ~ prior, i.i.d.: one output of `size` components. Maximum-a-posteriori priors have no `error` and no `freeEntropy`: those throw ParameterError. */
export function priorModule(prior: Prior, size: number): Module {
  const output = port("prior", size, prior.scalar);
  const h = half(prior.scalar);
  const map = prior.rule === "map";
  // A posterior variance is at most that of the best linear estimate: 1/v - a >= 1/Var x0, which rounding at large a forgets.
  const least = 1 / (prior.secondMoment - prior.mean * prior.mean);
  return {
    kind: "prior",
    inputs: [],
    outputs: [output],
    ...factor("prior", prior, output),
    sample: (rng, _inputs, [x]) => prior.sample(rng, x),
    secondMoments(tau) {
      tau[0] = prior.secondMoment;
    },
    error(_port, [a]) {
      if (map) estimator("prior: a map prior");
      // x known: what is sent has the limit a (1/dimension - 1), or the Fisher information of a density, read off at a large a.
      if (a === Infinity && prior.dimension < 1) return { v: 0, extrinsic: Infinity };
      const at = a === Infinity ? LARGE * least : a;
      const v = mmse(prior, at);
      return { v: a === Infinity ? 0 : v, extrinsic: prior.message ? prior.message.a : Math.max(least, 1 / v - at) };
    },
    /** Psi(a) - a tau/2: minus the mutual information between x and its message, per component. */
    freeEntropy([a], [tau]) {
      if (map) estimator("prior: a map prior");
      return size * (priorBlock(prior, a).psi - h * a * tau);
    }
  };
}

/**
 * The factor p(x) on an input: a belief about a variable that other modules make. Nothing was drawn from it, so there is no
 * matched state evolution: `error` and `freeEntropy` throw ParameterError.
 */
export function penaltyModule(prior: Prior, size: number): Module {
  const input = port("penalty", size, prior.scalar);
  return {
    kind: "penalty",
    inputs: [input],
    outputs: [],
    ...factor("penalty", prior, input),
    sample() {},
    secondMoments() {},
    error: () => estimator("penalty: a belief about a derived variable"),
    freeEntropy: () => estimator("penalty: a belief about a derived variable")
  };
}

/**
 * State evolution of a committee of any few units by a lattice: R = 2 alpha grad Psi_out(Q), Q = 2 grad Psi_w(R), both averages over
 * omega = Q^{1/2} eta and over the noise of the weights' observation taken on a fixed set of points, about three digits. Q and R have one
 * eigenvalue on the sum of the units and one on their differences. Two units have an exact theory, committeeTheory.ts.
 */
import { committeeSign } from "../../channels/committee/index.ts";
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Outcome } from "../../core/types.ts";
import { inverseNormalCdf } from "../../numerics/special/index.ts";
import { binaryRow } from "../../priors/several/index.ts";
import type { CommitteeBranch, CommitteeFrame, CommitteeObservables, CommitteePrediction } from "./committeeTheory.ts";
import { type CommitteeOrder, committeeOrder, EXACT } from "./order.ts";

export interface SampledTheory {
  evolve(
    alpha: number,
    start: { readonly lambdaPlus: number; readonly lambdaMinus: number },
    iterations: number,
    tolerance?: number
  ): Generator<CommitteeFrame, Outcome>;
  /** By iteration from no information and from all of it; phase null, for thresholds are not computed. */
  predict(alpha: number): CommitteePrediction;
  observablesAt(o: {
    readonly lambdaPlus: number;
    readonly lambdaMinus: number;
    readonly vPlus?: number;
    readonly vMinus?: number;
  }): CommitteeObservables;
}

const POINTS = 512;
const HORIZON = 1000;
const NOTE = "averages by a lattice of 512 points: about three digits";

/** Standard normal points x_i = i phi^-j mod 1, phi^(n+1) = phi + 1. */
function lattice(n: number): Float64Array {
  let phi = 2;
  for (let i = 0; i < 60; i++) phi = (1 + phi) ** (1 / (n + 1));
  return Float64Array.from({ length: POINTS * n }, (_, k) =>
    inverseNormalCdf(Math.min(1 - 1e-12, Math.max(1e-12, (0.5 + (Math.floor(k / n) + 1) * phi ** -((k % n) + 1)) % 1)))
  );
}

interface Output {
  readonly plus: number;
  readonly minus: number;
  readonly freeEntropy: number;
  readonly squaredError: number;
  readonly misclassification: number;
}

/** Throws ParameterError unless units is an integer in [1, 3]. */
export function sampledTheory({ prior, units: K }: { readonly prior: "gaussian" | "binary"; readonly units: number }): SampledTheory {
  if (!(Number.isInteger(K) && K >= 1 && K <= 3))
    throw new ParameterError(`committee: the theory by sampling is for 1 to 3 hidden units, got ${K}; for example 3`);
  const channel = committeeSign(K);
  const points = lattice(K);
  const rows = binaryRow(K);
  const matrix = new Float64Array(K * K);
  const omega = new Float64Array(K);
  const g = new Float64Array(K);
  const unused = new Float64Array(K * K);

  /** The symmetric matrix with eigenvalue `plus` on (1, ..., 1) and `minus` on the rest. */
  function fill(plus: number, minus: number): void {
    for (let l = 0; l < K; l++) for (let k = 0; k < K; k++) matrix[l * K + k] = (l === k ? minus : 0) + (plus - minus) / K;
  }
  /** The same with square roots, applied to point i. */
  function rooted(i: number, plus: number, minus: number, out: Float64Array): void {
    let mean = 0;
    for (let l = 0; l < K; l++) mean += points[i * K + l] / K;
    for (let l = 0; l < K; l++) out[l] = Math.sqrt(minus) * (points[i * K + l] - mean) + Math.sqrt(plus) * mean;
  }

  function output(o: CommitteeOrder): Output {
    fill(o.vPlus, o.vMinus);
    let plus = 0;
    let apart = 0;
    let freeEntropy = 0;
    let squaredError = 0;
    let misclassification = 0;
    for (let i = 0; i < POINTS; i++) {
      rooted(i, o.lambdaPlus, o.lambdaMinus, omega);
      let mean = 0;
      let square = 0;
      let top = 0;
      for (const y of channel.labels) {
        const logZ = channel.score(omega, matrix, y, g, unused);
        const Z = Math.exp(logZ);
        if (!(Z > 1e-12)) continue;
        let sum = 0;
        for (let l = 0; l < K; l++) sum += g[l];
        plus += (Z * sum * sum) / K;
        for (let l = 0; l < K; l++) apart += Z * (g[l] - sum / K) ** 2; // zero where the units are equal, on every lattice
        freeEntropy += Z * logZ;
        mean += Z * y;
        square += Z * y * y;
        top = Math.max(top, Z);
      }
      squaredError += square - mean * mean;
      misclassification += 1 - top;
    }
    const n = POINTS;
    return {
      plus: plus / n,
      minus: K === 1 ? plus / n : o.lambdaMinus > 0 ? apart / (K - 1) / n : 0,
      freeEntropy: freeEntropy / n,
      squaredError: squaredError / n,
      misclassification: Math.max(0, misclassification / n)
    };
  }

  /** Q and Psi_w at precision R of eigenvalues rPlus, rMinus. */
  function input(rPlus: number, rMinus: number): { readonly order: CommitteeOrder; readonly freeEntropy: number } {
    if (prior === "gaussian")
      return {
        order: { lambdaPlus: rPlus / (1 + rPlus), lambdaMinus: rMinus / (1 + rMinus), vPlus: 1 / (1 + rPlus), vMinus: 1 / (1 + rMinus) },
        freeEntropy: 0.5 * (rPlus - Math.log1p(rPlus) + (K - 1) * (rMinus - Math.log1p(rMinus)))
      };
    fill(rPlus, rMinus);
    const w = new Float64Array(K);
    const b = new Float64Array(K);
    const mean = new Float64Array(K);
    let plus = 0;
    let apart = 0;
    let freeEntropy = 0;
    const truths = 2 ** (K - 1); // the first weight is 1: the rest by symmetry
    for (let s = 0; s < truths; s++) {
      for (let l = 0; l < K; l++) w[l] = l > 0 && (s >> (l - 1)) & 1 ? -1 : 1;
      for (let i = 0; i < POINTS; i++) {
        rooted(i, rPlus, rMinus, b);
        for (let l = 0; l < K; l++) for (let k = 0; k < K; k++) b[l] += matrix[l * K + k] * w[k];
        freeEntropy += rows.posterior(matrix, b, mean, unused);
        let sum = 0;
        let sum0 = 0;
        for (let l = 0; l < K; l++) {
          sum += mean[l];
          sum0 += w[l];
        }
        plus += (sum * sum0) / K;
        for (let l = 0; l < K; l++) apart += (mean[l] - sum / K) ** 2; // E |<w>|^2 = E <w>.w, and zero where the units are equal
      }
    }
    const n = truths * POINTS;
    const clip = (x: number) => Math.min(1, Math.max(0, x));
    const lambdaPlus = clip(plus / n);
    return {
      order: committeeOrder({ lambdaPlus, lambdaMinus: K === 1 ? lambdaPlus : rMinus > 0 ? clip(apart / (K - 1) / n) : 0 }),
      freeEntropy: freeEntropy / n
    };
  }

  function* evolve(
    alpha: number,
    start: { readonly lambdaPlus: number; readonly lambdaMinus: number },
    iterations: number,
    tolerance = 1e-8
  ): Generator<CommitteeFrame, Outcome> {
    let o = committeeOrder(K === 1 ? { lambdaPlus: start.lambdaPlus, lambdaMinus: start.lambdaPlus } : start);
    yield { t: 0, order: o };
    let residual = 1;
    for (let t = 1; t <= iterations; t++) {
      const J = output(o);
      const next = input(alpha * J.plus, alpha * J.minus).order;
      residual = Math.max(Math.abs(next.lambdaPlus - o.lambdaPlus), Math.abs(next.lambdaMinus - o.lambdaMinus));
      // a slow departure from the unspecialised state has a small residual too
      const scale = o.lambdaMinus > 0 && next.lambdaMinus > o.lambdaMinus ? Math.min(1, o.lambdaMinus) : 1;
      o = next;
      yield { t, order: o };
      if (prior === "binary" && Math.max(o.vPlus, o.vMinus) <= EXACT) return outcome("exact-recovery", 0, t, { advice: NOTE });
      if (residual < tolerance * scale) return outcome("converged", residual, t, { advice: NOTE });
    }
    return outcome("horizon", residual, iterations, { advice: `not converged after ${iterations} iterations: raise iterations` });
  }

  function settle(alpha: number, start: { readonly lambdaPlus: number; readonly lambdaMinus: number }): CommitteeBranch {
    const run = evolve(alpha, start, HORIZON);
    let order = committeeOrder(start);
    for (;;) {
      const step = run.next();
      if (step.done) {
        const out = output(order);
        const rPlus = alpha * out.plus;
        const rMinus = alpha * out.minus;
        const pull = rPlus * order.lambdaPlus + (K - 1) * rMinus * order.lambdaMinus;
        const exact = step.value.kind === "exact-recovery";
        const freeEntropy = exact ? -(rows.entropy ?? 0) : input(rPlus, rMinus).freeEntropy + alpha * out.freeEntropy - 0.5 * pull;
        return { order, freeEntropy, outcome: step.value };
      }
      order = step.value.order;
    }
  }

  return {
    evolve,
    predict(alpha) {
      const algorithmic = settle(alpha, { lambdaPlus: 0, lambdaMinus: 1e-4 });
      const informed = settle(alpha, { lambdaPlus: 1 - 1e-6, lambdaMinus: 1 - 1e-6 });
      const apart = Math.abs(informed.order.lambdaMinus - algorithmic.order.lambdaMinus) > 1e-3;
      const optimal = apart && informed.freeEntropy > algorithmic.freeEntropy ? informed : algorithmic;
      const found = apart ? [algorithmic, informed] : [algorithmic];
      return {
        algorithmic,
        optimal,
        phase: null,
        fixedPoints: found.map(({ order, freeEntropy }) => ({ order, freeEntropy, stable: true }))
      };
    },
    observablesAt(raw) {
      const o = committeeOrder(raw);
      const { squaredError, misclassification } = output(o);
      return { overlapPlus: o.lambdaPlus, overlapMinus: o.lambdaMinus, squaredError, misclassification };
    }
  };
}

/**
 * The input side of a committee of two units: one row (w_1, w_2) of weights seen through a Gaussian channel of matrix precision R with
 * eigenvalues r_+ and r_-, b = R w + R^{1/2} xi, for standard Gaussian and for +-1 weights. In the eigenbasis a binary row is one of
 * (+-sqrt 2, 0), (0, +-sqrt 2), so that with A_+- = sqrt 2 b_+-
 *   Z = (exp(-r_+) cosh A_+ + exp(-r_-) cosh A_-)/2,   <w_+> = sqrt 2 exp(-r_+) sinh(A_+)/(2 Z).
 */
import { trapezoid } from "../../numerics/quadrature.ts";
import { type CommitteeOrder, EXACT } from "./order.ts";

/** Eigenvalues of the precision R, >= 0. */
export interface CommitteePrecision {
  readonly plus: number;
  readonly minus: number;
}

export interface RowPrior {
  readonly kind: "gaussian" | "binary";
  /** Q = 2 grad Psi_w. */
  order(r: CommitteePrecision): CommitteeOrder;
  /** Psi_w(R) - tr(R Q)/2 is what enters the free entropy; this is Psi_w = E ln Z, nats a row, relative to the prior. */
  freeEntropy(r: CommitteePrecision): number;
  /** d lambda_-/d r_- at r_- = 0. */
  susceptibility(rPlus: number): number;
  /** Shannon entropy of a row in nats, null when continuous. */
  readonly entropy: number | null;
  /** Precision past which the weights count as exactly known; Infinity: never. */
  readonly sharpest: number;
}

/** Of any number of units: one direction of the sum, units - 1 of differences. */
export const gaussianRowsOf = (units: number): RowPrior => ({
  kind: "gaussian",
  order: ({ plus, minus }) => ({
    lambdaPlus: plus / (1 + plus),
    lambdaMinus: minus / (1 + minus),
    vPlus: 1 / (1 + plus),
    vMinus: 1 / (1 + minus)
  }),
  freeEntropy: ({ plus, minus }) => 0.5 * (plus - Math.log1p(plus) + (units - 1) * (minus - Math.log1p(minus))),
  susceptibility: () => 1,
  entropy: null,
  sharpest: Number.POSITIVE_INFINITY
});
export const gaussianRows: RowPrior = gaussianRowsOf(2);

/** Past it the variances are below exp(-60). */
const SHARPEST = 130;
/** Standard deviations covered: at precision r errors come from z = -sqrt(r/2). */
const REACH = 12;

/** Standard Gaussian nodes fit for cosh(sqrt(2 r) z), whose reciprocal has poles at a distance pi/(2 sqrt(2 r)). */
function nodesFor(r: number) {
  const h = Math.min(0.35, 0.3 / Math.sqrt(2 * Math.max(r, 1e-300)));
  const reach = Math.max(8.5, Math.min(REACH, 8.5 + 0.5 * Math.sqrt(r)));
  return trapezoid(2 * Math.ceil(reach / h), reach);
}

/** Truth (sqrt 2, 0): averages over A = 2 r_a + sqrt(2 r_a) z, B = sqrt(2 r_b) z' of f(exp(-|A|) [e^A, e^-A, 2 e^{r_a - r_b} cosh B]). */
function averages(ra: number, rb: number): { overlap: number; missing: number; logZ: number } {
  const a = nodesFor(ra);
  const b = nodesFor(rb);
  const A = a.nodes.map((z) => 2 * ra + Math.sqrt(2 * ra) * z);
  // half of the symmetric axis
  const half = b.nodes.length >> 1;
  const other = Float64Array.from({ length: half }, (_, j) => {
    const B = Math.sqrt(2 * rb) * b.nodes[half + j];
    return Math.exp(ra - rb + B) + Math.exp(ra - rb - B);
  });
  let overlap = 0;
  let missing = 0;
  let logZ = 0;
  for (let i = 0; i < A.length; i++) {
    const up = Math.exp(A[i]);
    const down = Math.exp(-A[i]);
    const sum = up + down;
    let o = 0;
    let m = 0;
    let l = 0;
    for (let j = 0; j < half; j++) {
      const w = 2 * b.weights[half + j];
      const Z = sum + other[j];
      o += (w * (up - down)) / Z;
      m += (w * (2 * down + other[j])) / Z;
      l += w * Math.log(Z);
    }
    overlap += a.weights[i] * o;
    missing += a.weights[i] * m;
    logZ += a.weights[i] * l;
  }
  return { overlap, missing, logZ: logZ - ra - Math.log(4) };
}

export const binaryRows: RowPrior = {
  kind: "binary",
  order: ({ plus, minus }) => {
    const rp = Math.min(plus, SHARPEST);
    const rm = Math.min(minus, SHARPEST);
    const p = averages(rp, rm);
    const m = averages(rm, rp);
    return {
      lambdaPlus: Math.max(0, Math.min(1, p.overlap)),
      lambdaMinus: minus > 0 ? Math.max(0, Math.min(1, m.overlap)) : 0,
      vPlus: Math.max(EXACT / 4, p.missing),
      vMinus: minus > 0 ? Math.max(EXACT / 4, m.missing) : 1
    };
  },
  freeEntropy: ({ plus, minus }) => {
    const rp = Math.min(plus, SHARPEST);
    const rm = Math.min(minus, SHARPEST);
    return 0.5 * (averages(rp, rm).logZ + averages(rm, rp).logZ);
  },
  // at r_- = 0 the posterior variance of w_- is 2 P(w_+ = 0): lambda_- = r_- E[2 P(w_+ = 0)]^2 to first order
  susceptibility: (rPlus) => {
    const r = Math.min(rPlus, SHARPEST);
    const { nodes, weights } = nodesFor(r);
    const ratio = Math.exp(r);
    let sum = 0;
    for (let k = 0; k < nodes.length; k++) {
      const z = Math.sqrt(2 * r) * nodes[k];
      const seen = ratio / (ratio + Math.cosh(2 * r + z));
      const hidden = ratio / (ratio + Math.cosh(z));
      sum += weights[k] * 0.5 * (seen * seen + hidden * hidden);
    }
    return 4 * sum;
  },
  entropy: 2 * Math.LN2,
  sharpest: SHARPEST
};

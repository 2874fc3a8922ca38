/** Overlaps of estimated units with true ones, up to the permutation of units that no label can tell. */
import { ParameterError } from "../../core/parameters.ts";
import type { Vec } from "../../core/types.ts";

export interface AlignedOverlaps {
  /** Q_lk = estimate_l . truth_k / size, the estimated units in the order that fits the true ones best. */
  readonly Q: readonly (readonly number[])[];
  /** order[l]: which estimated unit is in place l. */
  readonly order: readonly number[];
  /** Overlap of the sums of the units, which no order changes, in units of the true one's square. */
  readonly plus: number;
  /** Overlap of what is orthogonal to the sums, in the same units (with one unit: of that unit). `rawMinus`: before the units were put in order. */
  readonly minus: number;
  readonly rawMinus: number;
}

/** a_l . b_k / size. */
export function gram(a: readonly Vec[], b: readonly Vec[]): number[][] {
  const size = a[0].length;
  return a.map((x) =>
    b.map((y) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += x[i] * y[i];
      return sum / size;
    })
  );
}

/** Estimated and true weights, one Vec a unit. Throws ParameterError past 8 units, whose permutations are tried one by one. */
export function alignUnits(estimate: readonly Vec[], truth: readonly Vec[]): AlignedOverlaps {
  const K = truth.length;
  if (K > 8) throw new ParameterError(`alignUnits: at most 8 units, whose permutations are tried one by one, got ${K}; for example 2`);
  const raw = gram(estimate, truth);
  let best: number[] = [];
  let most = Number.NEGATIVE_INFINITY;
  const order: number[] = [];
  const extend = (trace: number): void => {
    const l = order.length;
    if (l === K) {
      if (trace > most) {
        most = trace;
        best = order.slice();
      }
      return;
    }
    for (let a = 0; a < K; a++) {
      if (order.includes(a)) continue;
      order.push(a);
      extend(trace + raw[a][l]);
      order.pop();
    }
  };
  extend(0);
  const seen = split(raw);
  const whole = split(gram(truth, truth));
  const minusOf = (trace: number) => (K === 1 ? seen.plus / whole.plus : (trace - seen.plus) / (whole.trace - whole.plus));
  return {
    Q: best.map((a) => raw[a]),
    order: best,
    plus: seen.plus / whole.plus,
    minus: minusOf(most),
    rawMinus: minusOf(seen.trace)
  };
}

/** Trace, and the quadratic form of the normalised sum of the units. */
function split(Q: readonly (readonly number[])[]): { plus: number; trace: number } {
  const K = Q.length;
  let plus = 0;
  let trace = 0;
  for (let a = 0; a < K; a++) {
    trace += Q[a][a];
    for (let b = 0; b < K; b++) plus += Q[a][b] / K;
  }
  return { plus, trace };
}

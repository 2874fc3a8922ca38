/**
 * The asymptotic side of z = A x for rotationally invariant A, from the law of the eigenvalues lambda of A^* A alone (theory.md,
 * section 0 for units): v_x = E 1/(a_x + a_z lambda), a_x v_x + alpha a_z v_z = 1, and
 * freeEntropy/cols = h (ln 2 pi - 1 - E ln(a_x + a_z lambda)) for real variables, h = 1/2 (complex: ln pi, h = 1).
 */
import type { Module, Precision, Projection, Scalar, Spectrum } from "../../core/types.ts";
import { bounded, GREATEST, half, logGaussian } from "../ports.ts";

/** E x lambda/(1 + x lambda) over the nonzero eigenvalues: a difference of transforms, or the quadrature where that would cancel. */
export function informedShare(spectrum: Spectrum, x: number): number {
  const { rank, mean, nodes, weights } = spectrum;
  if (x * mean > 0.1 * rank) return rank - spectrum.tail(x);
  let s = 0;
  for (let i = 0; i < nodes.length; i++) s += (weights[i] * x * nodes[i]) / (1 + x * nodes[i]);
  return s;
}

/** `spectrum` is asked for at the first use. */
export function linearTheory(
  rows: number,
  cols: number,
  scalar: Scalar,
  spectrum: () => Spectrum
): Pick<Module, "secondMoments" | "error" | "freeEntropy"> {
  const alpha = rows / cols;
  return {
    secondMoments(tau) {
      tau[1] = (tau[0] * spectrum().mean) / alpha;
    },
    error(port, a): Projection {
      const law = spectrum();
      const ax: Precision = bounded(a[0]);
      const az: Precision = Math.min(a[1], GREATEST);
      const x = az / ax;
      if (port === 0) {
        const v = law.eta(x) / ax;
        return { v, extrinsic: informedShare(law, x) / v };
      }
      if (az === 0) return { v: law.mean / (alpha * ax), extrinsic: (ax * alpha) / law.mean };
      const v = informedShare(law, x) / (alpha * az);
      // 1 - a_z v_z, a sum of positive terms
      const unknown = (law.tail(x) + Math.max(alpha - law.rank, 0)) / alpha;
      return { v, extrinsic: unknown / v };
    },
    freeEntropy(a) {
      const ax = bounded(a[0]);
      return cols * (logGaussian(scalar, ax) - half(scalar) * (1 + spectrum().shannon(Math.min(a[1], GREATEST) / ax)));
    }
  };
}

/** The law of a sample of eigenvalues: `lambda` > 0 with the given multiplicities (one each by default), the rest zero. */
export function sampledSpectrum(rows: number, cols: number, lambda: Float64Array, counts?: Float64Array): Spectrum {
  const weights = new Float64Array(lambda.length);
  let rank = 0;
  let mean = 0;
  for (let i = 0; i < lambda.length; i++) {
    weights[i] = (counts ? counts[i] : 1) / cols;
    rank += weights[i];
    mean += weights[i] * lambda[i];
  }
  const tail = (x: number): number => {
    let s = 0;
    for (let i = 0; i < lambda.length; i++) s += weights[i] / (1 + x * lambda[i]);
    return s;
  };
  const zeros = Math.max(1 - rank, 0);
  return {
    alpha: rows / cols,
    rank,
    mean,
    nodes: lambda,
    weights,
    tail,
    eta: (x) => zeros + tail(x),
    shannon(x) {
      let s = 0;
      for (let i = 0; i < lambda.length; i++) s += weights[i] * Math.log1p(x * lambda[i]);
      return s;
    }
  };
}

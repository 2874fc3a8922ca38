/**
 * Products of independent Gaussian matrices, A = W_k ... W_1 with W_l of n_l x n_(l-1) entries N(0, 1/n_(l-1)): the free
 * multiplicative convolution of k Marchenko-Pastur laws. With r_l = n_l / n_0 (r_0 = 1, r_k = alpha) and t = 1 - eta(x), the
 * S-transforms multiply to x = t prod_(l<k) r_l / prod_(l<=k) (r_l - t) (Burda, Janik and Waclaw 2010; Muller 2002).
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Spectrum, Vec } from "../../core/types.ts";
import { composite, gradedBreaks } from "../../numerics/quadrature.ts";
import { checkArgument, checkRatio } from "./atoms.ts";

/** `ratios` r_1 ... r_k, the sizes of the layers over that of the input; the last is alpha. Throws ParameterError on an empty list or a ratio out of range. */
export function gaussianProductSpectrum(ratios: readonly number[]): Spectrum {
  if (ratios.length < 1) throw new ParameterError("gaussianProduct: ratios must have at least one number, got none; for example [0.5]");
  for (const r of ratios) checkRatio("gaussianProduct", "every ratio", r);
  const sizes = Float64Array.from([1, ...ratios]);
  const rank = Math.min(...sizes);
  const alpha = ratios[ratios.length - 1];
  const gaps = sizes.map((r) => r - rank);
  /** Sum of ln r_l over l < k. */
  let logScale = 0;
  for (let l = 0; l + 1 < sizes.length; l++) logScale += Math.log(sizes[l]);

  /** t in [0, rank) and s = rank - t = tail, both to all digits: ln x is monotone in u = ln(s/t), found by Newton in a bracket. */
  const solve = (x: number): Parts => {
    checkArgument("gaussianProduct", x);
    if (x === 0) return { t: 0, s: rank };
    const target = Math.log(x) - logScale;
    let lo = -3000;
    let hi = 800;
    let u = Math.log(rank / alpha) - Math.log(x); // t = alpha x at first order
    for (let it = 0; it < 200; it++) {
      const { t, s } = split(rank, u);
      let miss = Math.log(t) - target;
      let slope = 1;
      for (let l = 0; l < gaps.length; l++) {
        miss -= Math.log(gaps[l] + s);
        slope += t / (gaps[l] + s);
      }
      slope *= -s / rank; // d ln t / du = -s/rank
      if (miss > 0) lo = u;
      else hi = u;
      let next = u - miss / slope;
      if (!(next > lo && next < hi)) next = 0.5 * (lo + hi);
      const done = Math.abs(next - u) <= 4e-16 * Math.max(1, Math.abs(u));
      u = next;
      if (done) break;
    }
    return split(rank, u);
  };
  const tail = (x: number) => solve(x).s;

  let rule: { readonly nodes: Vec; readonly weights: Vec } | null = null;
  const quadrature = () => {
    rule ??= productRule(sizes, rank, logScale);
    return rule;
  };
  return {
    alpha,
    rank,
    mean: alpha,
    get nodes() {
      return quadrature().nodes;
    },
    get weights() {
      return quadrature().weights;
    },
    eta: (x) => 1 - rank + tail(x),
    tail,
    missing: (x) => solve(x).t,
    /** V = int t d ln x = t + sum_l [-r_l ln(1 - t/r_l) - t], every term >= 0. */
    shannon(x) {
      const { t, s } = solve(x);
      let sum = t;
      for (let l = 0; l < sizes.length; l++) {
        const left = (gaps[l] + s) / sizes[l]; // 1 - t/r_l
        sum += (left < 0.5 ? -sizes[l] * Math.log(left) : -sizes[l] * Math.log1p(-t / sizes[l])) - t;
      }
      return sum;
    }
  };
}

interface Parts {
  readonly t: number;
  readonly s: number;
}

/** s = rank sigma(u), t = rank sigma(-u). */
function split(rank: number, u: number): Parts {
  const e = Math.exp(-Math.abs(u));
  const [large, small] = [rank / (1 + e), (rank * e) / (1 + e)];
  return u > 0 ? { t: small, s: large } : { t: large, s: small };
}

/**
 * Nodes on the boundary of the spectrum: t = rho e^(i phi) with lambda = -1/x(t) real and positive, i.e.
 * sum_l arg(1 - t/r_l) = phi - pi. At fixed phi the left side falls from 0 to -(k + 1)(pi - phi) as rho grows: one rho for each
 * phi in (0, pi), and lambda grows with phi from edge to edge. Density d lambda = Im t d ln lambda / pi, with
 * d ln lambda / d phi = |K|^2 / Im K, K = 1 + sum_l t/(r_l - t). Analytic in phi, so Gauss-Legendre in phi converges geometrically;
 * panels shrink toward phi = 0, near which singularities are when the smallest sizes almost agree.
 */
function productRule(sizes: Vec, rank: number, logScale: number): { readonly nodes: Vec; readonly weights: Vec } {
  // a hard edge (equal smallest sizes) is resolved to lambda = 1e-6 and below, other edges to their distance from one
  let closeness = sizes.filter((r) => r === rank).length > 1 ? 1e-3 : 0.3;
  for (const r of sizes) if (r > rank) closeness = Math.max(1e-12, Math.min(closeness, 0.25 * (r / rank - 1)));
  const { nodes: phis, weights: steps } = composite(gradedBreaks(0, Math.PI, [{ centre: 0, width: closeness }]), 20);
  const nodes = new Float64Array(phis.length);
  const weights = new Float64Array(phis.length);
  let logRho = Math.log(rank);
  let total = 0;
  for (let j = 0; j < phis.length; j++) {
    const phi = phis[j];
    logRho = radius(sizes, phi, logRho);
    const re = Math.exp(logRho) * Math.cos(phi);
    const im = Math.exp(logRho) * Math.sin(phi);
    let [Kr, Ki, logLambda] = [1, 0, -logRho - logScale];
    for (let l = 0; l < sizes.length; l++) {
      const a = sizes[l] - re;
      const norm2 = a * a + im * im;
      Kr += (re * a - im * im) / norm2;
      Ki += (sizes[l] * im) / norm2;
      logLambda += 0.5 * Math.log(norm2);
    }
    nodes[j] = Math.exp(logLambda);
    weights[j] = (steps[j] * im * (Kr * Kr + Ki * Ki)) / (Ki * Math.PI);
    total += weights[j];
  }
  for (let j = 0; j < weights.length; j++) weights[j] *= rank / total; // off by 1e-13 at most: takes out the rounding
  return { nodes, weights };
}

/** ln rho at the angle phi: Newton in a bracket on sum_l atan2(rho sin phi, r_l - rho cos phi) = pi - phi, increasing in rho. */
function radius(sizes: Vec, phi: number, start: number): number {
  const [c, s] = [Math.cos(phi), Math.sin(phi)];
  let lo = -800;
  let hi = 100;
  let u = start;
  for (let it = 0; it < 200; it++) {
    const rho = Math.exp(u);
    let miss = phi - Math.PI;
    let slope = 0;
    for (let l = 0; l < sizes.length; l++) {
      const a = sizes[l] - rho * c;
      miss += Math.atan2(rho * s, a);
      slope += (sizes[l] * rho * s) / (a * a + rho * rho * s * s);
    }
    if (miss > 0) hi = u;
    else lo = u;
    let next = u - miss / slope;
    if (!(next > lo && next < hi)) next = 0.5 * (lo + hi);
    const done = Math.abs(next - u) <= 4e-16 * Math.max(1, Math.abs(u));
    u = next;
    if (done) break;
  }
  return u;
}

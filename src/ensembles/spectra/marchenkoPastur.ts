/**
 * The Marchenko-Pastur law: A^* A for independent entries of variance 1/cols, alpha = rows/cols, in closed form
 * (Tulino and Verdu 2004, section 2.2.2): x eta^2 + (1 + (alpha - 1) x) eta - 1 = 0, written without any cancellation.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Spectrum, Vec } from "../../core/types.ts";
import { checkArgument, checkRatio } from "./atoms.ts";

/** The nonzero part of eta: t (1 + |alpha - 1| x + x t) = rank, the positive root. Any x in [0, MAX_VALUE]. */
export function marchenkoPasturTail(alpha: number, x: number): number {
  const rank = Math.min(1, alpha);
  const C = 1 + Math.abs(alpha - 1) * x;
  return (2 * rank) / (C + Math.hypot(C, 2 * Math.sqrt(rank) * Math.sqrt(x)));
}

/**
 * E ln(1 + x lambda) = alpha ln(1 + x eta) + [-ln eta - (1 - eta)]: both terms are >= 0 and the first is at least 1 - eta, so
 * that no digit is lost at either end.
 */
export function marchenkoPasturShannon(alpha: number, x: number): number {
  const t = marchenkoPasturTail(alpha, x);
  const eta = alpha < 1 ? 1 - alpha + t : t;
  // 1 - eta = alpha x eta / (1 + x eta), from the fixed point
  const missing = x * eta < 1 ? (alpha * x * eta) / (1 + x * eta) : alpha / (1 + 1 / (x * eta));
  return alpha * Math.log1p(x * eta) + (eta < 0.5 ? -Math.log(eta) - missing : -Math.log1p(-missing) - missing);
}

/**
 * The n-point Gauss rule of the nonzero part, exact for polynomials of degree 2n - 1, at lambda = c + r cos theta, where the
 * density is r^2 sin^2 theta / (2 pi lambda) d theta, c = 1 + alpha, r = 2 sqrt(alpha). The weight is of Bernstein and Szego's
 * kind: its orthogonal polynomials are U_n + q U_(n-1) with q = min(sqrt alpha, 1/sqrt alpha), whose zeros in s = pi - theta
 * solve (n + 1) s + arg(1 - q exp(-i s)) = j pi, one for each j. Nodes ascend, the smallest without cancellation near alpha = 1.
 */
export function marchenkoPasturRule(alpha: number, n: number): { readonly nodes: Vec; readonly weights: Vec } {
  if (!(Number.isInteger(n) && n >= 1 && n <= 1e5))
    throw new ParameterError(`marchenkoPastur: the number of nodes must be an integer in [1, 1e5], got ${n}; for example 256`);
  const root = Math.sqrt(alpha);
  const large = Math.max(1, alpha);
  const gap = (Math.abs(1 - alpha) / (1 + root)) * (alpha > 1 ? 1 / root : 1); // 1 - q
  const q = alpha > 1 ? 1 / root : root;
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let j = 1; j <= n; j++) {
    let lo = ((j - 0.5) * Math.PI) / (n + 0.5);
    lo = Math.min(lo, (j * Math.PI) / (n + 1)); // q = 1 and q = 0 bracket the zero
    let hi = (j * Math.PI) / (n + 1);
    let s = 0.5 * (lo + hi);
    let slope = n + 1;
    let half = 0;
    for (let it = 0; it < 60; it++) {
      half = Math.sin(0.5 * s);
      const u = gap + 2 * q * half * half; // 1 - q cos s
      const v = q * Math.sin(s);
      const miss = (n + 1) * s + Math.atan2(v, u) - j * Math.PI;
      slope = n + 1 + (q * (gap - 2 * half * half)) / (gap * gap + 4 * q * half * half);
      if (miss > 0) hi = s;
      else lo = s;
      let next = s - miss / slope;
      if (!(next >= lo && next <= hi)) next = 0.5 * (lo + hi);
      const done = Math.abs(next - s) <= 2e-16 * s;
      s = next;
      if (done) break;
    }
    half = Math.sin(0.5 * s);
    const shape = gap * gap + 4 * q * half * half; // |1 - q exp(-i s)|^2
    const sine = Math.sin(s);
    slope = n + 1 + (q * (gap - 2 * half * half)) / shape;
    nodes[j - 1] = large * shape;
    weights[j - 1] = (2 * Math.min(1, alpha) * sine * sine) / (shape * slope);
  }
  return { nodes, weights };
}

/** Its transforms are exact for every x in [0, MAX_VALUE]; `count` Gauss nodes. Throws ParameterError unless 0 < alpha <= 1e12. */
export function marchenkoPastur(alpha: number, count = 256): Spectrum {
  checkRatio("marchenkoPastur", "alpha", alpha);
  const rank = Math.min(1, alpha);
  let rule: { readonly nodes: Vec; readonly weights: Vec } | null = null;
  const nodes = () => {
    rule ??= marchenkoPasturRule(alpha, count);
    return rule;
  };
  const tail = (x: number): number => {
    checkArgument("marchenkoPastur", x);
    return marchenkoPasturTail(alpha, x);
  };
  return {
    alpha,
    rank,
    mean: alpha,
    get nodes() {
      return nodes().nodes;
    },
    get weights() {
      return nodes().weights;
    },
    eta: (x) => (alpha < 1 ? 1 - alpha : 0) + tail(x),
    tail,
    shannon(x) {
      checkArgument("marchenkoPastur", x);
      return marchenkoPasturShannon(alpha, x);
    },
    /** alpha x eta/(1 + x eta), from the fixed point. */
    missing(x) {
      const y = x * ((alpha < 1 ? 1 - alpha : 0) + tail(x));
      return y < 1 ? (alpha * y) / (1 + y) : alpha / (1 + 1 / y);
    }
  };
}

/**
 * Quadrature with error estimates: composite Gauss-Legendre on graded panels, the wide trapezoid, Gauss-Hermite.
 * The workhorse is `gradedBreaks`: panels that shrink geometrically toward every declared feature, so an integrand with
 * scales 1 and 1e-8 side by side costs a few hundred nodes (theory.md, section 1: Gauss-Hermite is a poor default).
 */
import { ParameterError } from "../core/parameters.ts";
import type { Vec } from "../core/types.ts";
import { expMinusHalfSquare, normalPdf, SQRT_2PI } from "./special/normal.ts";

export interface Rule {
  readonly nodes: Vec;
  readonly weights: Vec;
}

const legendre = new Map<number, Rule>();

function count(owner: string, n: number, least: number, most: number): void {
  if (!(Number.isInteger(n) && n >= least && n <= most))
    throw new ParameterError(
      `${owner}: the number of nodes must be an integer in [${least}, ${most}], got ${n}; for example ${Math.max(16, least)}`
    );
}

/** n-point Gauss-Legendre on (-1, 1), by Newton on the three-term recurrence; cached. Throws ParameterError unless 1 <= n <= 4096. */
export function gaussLegendre(n: number): Rule {
  const cached = legendre.get(n);
  if (cached) return cached;
  count("gaussLegendre", n, 1, 4096);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < (n + 1) >> 1; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    let step = 0;
    for (let it = 0; it < 100; it++) {
      let p0 = 1;
      let p1 = x;
      for (let k = 2; k <= n; k++) {
        const p2 = ((2 * k - 1) * x * p1 - (k - 1) * p0) / k;
        p0 = p1;
        p1 = p2;
      }
      slope = (n * (x * p1 - p0)) / (x * x - 1);
      step = p1 / slope;
      if (Math.abs(step) < 2e-16) break;
      x -= step;
    }
    nodes[i] = -x;
    nodes[n - 1 - i] = x;
    const square = (1 - x) * (1 + x);
    weights[i] = weights[n - 1 - i] = ((2 / (square * slope * slope)) * (square + 2 * x * step)) / square; // to first order in the last step
  }
  if (n % 2) nodes[n >> 1] = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += weights[i];
  for (let i = 0; i < n; i++) weights[i] *= 2 / sum; // takes out the common rounding of P_{n-1}
  const rule = { nodes, weights };
  legendre.set(n, rule);
  return rule;
}

/** A place where an integrand changes: around `centre`, on the length `width`. */
export interface Feature {
  readonly centre: number;
  readonly width: number;
}

const NEAR = [0, 0.75, 1.5, 2.25, 3, 4, 5, 6.5, 8] as const;

/**
 * Sorted break points of [from, to], graded toward every feature: multiples of its width up to 8, then doubling.
 * Breaks closer than a 1e-3 part of the smallest width are merged; centres stay. Throws ParameterError unless from <= to, both finite.
 */
export function gradedBreaks(from: number, to: number, features: readonly Feature[]): number[] {
  if (!(from <= to && to - from < Number.POSITIVE_INFINITY))
    throw new ParameterError(`gradedBreaks: the interval must be finite with from <= to, got [${from}, ${to}]; for example [-9, 9]`);
  const points: number[] = [];
  let least = to - from;
  const put = (x: number) => {
    if (x > from && x < to) points.push(x);
  };
  for (const { centre, width } of features) {
    if (!(width > 0) || !Number.isFinite(centre)) continue;
    least = Math.min(least, width);
    for (const k of NEAR) {
      put(centre + k * width);
      put(centre - k * width);
    }
    const reach = Math.max(Math.abs(to - centre), Math.abs(centre - from));
    for (let d = 12 * width; d < reach; d *= 1.6) {
      put(centre + d);
      put(centre - d);
    }
  }
  points.sort((x, y) => x - y);
  const merge = 1e-3 * least;
  // centres may be kinks: they are never merged away, their neighbours are
  const centres = new Set([from, to, ...features.map((f) => f.centre)]);
  const breaks = [from];
  for (const x of [...points, to]) {
    const last = breaks[breaks.length - 1];
    if (x <= last) continue;
    if (x - last > merge || (centres.has(x) && centres.has(last))) breaks.push(x);
    else if (centres.has(x)) breaks[breaks.length - 1] = x;
  }
  return breaks;
}

/** Composite Gauss-Legendre, `order` nodes on each panel between consecutive breaks. */
export function composite(breaks: ArrayLike<number>, order = 16): Rule {
  const { nodes: x, weights: w } = gaussLegendre(order);
  const panels = breaks.length - 1;
  const nodes = new Float64Array(panels * order);
  const weights = new Float64Array(panels * order);
  for (let p = 0, k = 0; p < panels; p++) {
    const half = (breaks[p + 1] - breaks[p]) / 2;
    const mid = (breaks[p + 1] + breaks[p]) / 2;
    for (let i = 0; i < order; i++, k++) {
      nodes[k] = mid + half * x[i];
      weights[k] = half * w[i];
    }
  }
  return { nodes, weights };
}

/**
 * The standard Gaussian measure with extra features: nodes t, weights include phi(t), summing to 1 within 1e-15.
 * The window is [-9, 9], widened (to at most 38) to hold every feature and the Gaussian tail beyond it, so that exponentially
 * small tails keep relative accuracy.
 */
export function gaussianMeasure(features: readonly Feature[] = [], order = 16): Rule {
  let reach = 9;
  // past hypot(c, 9) the density is below exp(-40) of its value at c
  for (const { centre, width } of features)
    if (Math.abs(centre) < 37) reach = Math.max(reach, Math.min(38, Math.max(Math.abs(centre) + 8 * width, Math.hypot(centre, 9))));
  const coarse = gradedBreaks(-reach, reach, [{ centre: 0, width: 1.5 }, ...features]);
  const breaks = reach > 9 ? resolveTails(coarse) : coarse;
  const rule = composite(breaks, order);
  for (let k = 0; k < rule.nodes.length; k++) rule.weights[k] *= expMinusHalfSquare(rule.nodes[k]) / SQRT_2PI;
  return rule;
}

/** Splits panels so that log phi changes by at most 15 on each: out there 16 nodes still follow exp(-|t| s) to 1e-15. */
function resolveTails(breaks: readonly number[]): number[] {
  const fine = [breaks[0]];
  for (let p = 1; p < breaks.length; p++) {
    const length = breaks[p] - breaks[p - 1];
    const pieces = Math.ceil((length * Math.max(Math.abs(breaks[p]), Math.abs(breaks[p - 1]))) / 15);
    for (let i = 1; i < pieces; i++) fine.push(breaks[p - 1] + (length * i) / pieces);
    fine.push(breaks[p]);
  }
  return fine;
}

/**
 * Trapezoid rule for the standard Gaussian measure on [-reach, reach]: n equally spaced nodes, weights h phi(t).
 * For integrands analytic in a strip it converges geometrically: 1e-13 at the default 128 points (theory.md, section 1).
 * Throws ParameterError unless 2 <= n <= 1e6 and 0 < reach <= 38.
 */
export function trapezoid(n = 128, reach = 8.5): Rule {
  count("trapezoid", n, 2, 1e6);
  if (!(reach > 0 && reach <= 38)) throw new ParameterError(`trapezoid: reach must be a number in (0, 38], got ${reach}; for example 8.5`);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  const h = (2 * reach) / (n - 1);
  for (let i = 0; i < n; i++) {
    nodes[i] = (i - 0.5 * (n - 1)) * h; // exactly symmetric
    weights[i] = h * normalPdf(nodes[i]) * (i === 0 || i === n - 1 ? 0.5 : 1);
  }
  return { nodes, weights };
}

const hermite = new Map<number, Rule>();

/**
 * n-point Gauss-Hermite for the standard Gaussian measure (probabilists'): roots of He_n by Sturm bisection and Newton,
 * weights 1/sum_k h_k(t)^2 over the orthonormal polynomials, all terms positive; cached. Exact up to degree 2n - 1, but a poor
 * default: use it where the integrand is a polynomial times something smooth. Throws ParameterError unless 1 <= n <= 340
 * (past that the outer weights leave the range of doubles).
 */
export function gaussHermite(n: number): Rule {
  const cached = hermite.get(n);
  if (cached) return cached;
  count("gaussHermite", n, 1, 340);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  const roots: number[] = []; // roots[k]: positive root number k from the outside
  /** Eigenvalues above x of the Jacobi matrix (zero diagonal, off-diagonal sqrt k). */
  const above = (x: number) => {
    let found = 0;
    let q = -x;
    for (let k = 0; k < n; k++) {
      if (k > 0) q = -x - k / (q || 1e-300);
      if (q > 0) found++;
    }
    return found;
  };
  for (let i = 0; i < n >> 1; i++) {
    let lo = 0;
    let hi = i > 0 ? roots[i - 1] : 2 * Math.sqrt(n) + 1;
    for (let it = 0; it < 60 && hi - lo > 1e-9; it++) {
      const mid = 0.5 * (lo + hi);
      if (above(mid) > i) lo = mid;
      else hi = mid;
    }
    let x = 0.5 * (lo + hi);
    for (let it = 0; it < 4; it++) {
      const { value, slope } = orthonormalHermite(n, x);
      x -= value / slope;
    }
    roots.push(x);
    nodes[n - 1 - i] = x;
    nodes[i] = -x;
  }
  for (let i = 0; i < n; i++) weights[i] = 1 / orthonormalHermite(n, nodes[i]).norm;
  const rule = { nodes, weights };
  hermite.set(n, rule);
  return rule;
}

/** h_n(x), h_n'(x) = sqrt(n) h_{n-1}(x) and sum_{k<n} h_k(x)^2 for the polynomials orthonormal under N(0, 1). */
function orthonormalHermite(n: number, x: number): { value: number; slope: number; norm: number } {
  let previous = 0;
  let current = 1;
  let norm = 0;
  for (let k = 0; k < n; k++) {
    norm += current * current;
    const next = (x * current - Math.sqrt(k) * previous) / Math.sqrt(k + 1);
    previous = current;
    current = next;
  }
  return { value: current, slope: Math.sqrt(n) * previous, norm };
}

const coefficientRows = new Map<number, Float64Array[]>();
/** Rows k = n-1, n-2, n/2, n/2-1 of (2k+1)/2 w_i P_k(x_i): Legendre coefficients of what was sampled at the n Gauss nodes; their fall tells the error of the rule. */
export function legendreRows(n: number): Float64Array[] {
  const cached = coefficientRows.get(n);
  if (cached) return cached;
  const { nodes, weights } = gaussLegendre(n);
  const rows = [n - 1, n - 2, n >> 1, (n >> 1) - 1].map((degree) =>
    Float64Array.from(nodes, (x, i) => {
      let p0 = 0;
      let p1 = 1;
      for (let k = 1; k <= degree; k++) [p0, p1] = [p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k];
      return (degree + 0.5) * weights[i] * p1;
    })
  );
  coefficientRows.set(n, rows);
  return rows;
}

/** The value of an integral, with an estimate of its absolute error (truncation and rounding, finite, meant to err upward). */
export interface Integral {
  readonly value: number;
  readonly error: number;
}

/**
 * Integral of f over the panels between consecutive breaks, Gauss-Legendre of `order` on each. The error costs no further call
 * of f: on every panel the same samples give the Legendre coefficients next to the middle and next to the end of the resolved
 * range; their fall is continued half that range further (the rule itself is exact twice as far), and rounding is added.
 * Throws ParameterError unless order is an integer in [4, 4096] and the breaks ascend.
 */
export function integrate(f: (x: number) => number, breaks: ArrayLike<number>, order = 16): Integral {
  count("integrate", order, 4, 4096);
  const { nodes: x, weights: w } = gaussLegendre(order);
  const [last, beforeLast, middle, beforeMiddle] = legendreRows(order);
  let value = 0;
  let error = 0;
  let size = 0;
  for (let p = 1; p < breaks.length; p++) {
    const half = 0.5 * (breaks[p] - breaks[p - 1]);
    const mid = 0.5 * (breaks[p] + breaks[p - 1]);
    if (!(half >= 0 && half < Number.POSITIVE_INFINITY))
      throw new ParameterError(
        `integrate: breaks must be finite and ascend, got ${breaks[p - 1]} before ${breaks[p]}; for example [-1, 0, 1]`
      );
    let sum = 0;
    let absolute = 0;
    let c0 = 0;
    let c1 = 0;
    let d0 = 0;
    let d1 = 0;
    for (let i = 0; i < order; i++) {
      const y = f(mid + half * x[i]);
      sum += w[i] * y;
      absolute += w[i] * Math.abs(y);
      c0 += last[i] * y;
      c1 += beforeLast[i] * y;
      d0 += middle[i] * y;
      d1 += beforeMiddle[i] * y;
    }
    const end = Math.max(Math.abs(c0), Math.abs(c1));
    const halfway = Math.max(Math.abs(d0), Math.abs(d1), end);
    value += half * sum;
    size += half * absolute;
    if (halfway > 0) error += 2 * half * end * (end / halfway);
  }
  error += 4 * Number.EPSILON * size;
  return Number.isFinite(value) && Number.isFinite(error)
    ? { value, error }
    : { value: Number.isFinite(value) ? value : 0, error: Number.MAX_VALUE };
}

/** The density of the Gaussian feature spectrum: its edges and, between them, quadrature on lambda = c + r cos theta. The algebra is in gaussianFeatures.ts. */
import type { Vec } from "../../core/types.ts";
import { composite, gradedBreaks } from "../../numerics/quadrature.ts";
import { polynomialRoots } from "./polynomialRoots.ts";

type Polynomial = readonly number[];

function times(p: Polynomial, q: Polynomial): number[] {
  const out = new Array<number>(p.length + q.length - 1).fill(0);
  p.forEach((x, i) => {
    q.forEach((y, j) => {
      out[i + j] += x * y;
    });
  });
  return out;
}
function plus(p: Polynomial, q: Polynomial, factor = 1): number[] {
  return Array.from({ length: Math.max(p.length, q.length) }, (_, k) => (p[k] ?? 0) + factor * (q[k] ?? 0));
}
function derivative(p: Polynomial): number[] {
  return p.slice(1).map((x, k) => (k + 1) * x);
}
function value(p: Polynomial, x: number): number {
  let sum = 0;
  for (let k = p.length - 1; k >= 0; k--) sum = sum * x + p[k];
  return sum;
}

/**
 * Nodes and weights of the nonzero part. The edges are critical values of lambda(u) at real u; between two of them the spectrum is
 * full or empty, which its middle tells. Inside, u is the root with Im u, Im y > 0 on the physical sheet (Silverstein and Choi
 * 1995: there is one), and the density is Im t/(pi lambda). Panels in theta shrink toward both edges down to the distance of the
 * nearest singularity beyond them.
 */
export function featureRule(alpha: number, delta: number, a2: number, b2: number): { readonly nodes: Vec; readonly weights: Vec } {
  // u, 1 - u and f = delta - u as polynomials of the one of them (u over a^2) that is small where a or b is
  const small: readonly Polynomial[] =
    a2 <= 0.5
      ? [
          [0, 1],
          [1, -a2],
          [delta, -a2]
        ]
      : delta <= 1
        ? [
            [delta / a2, -1 / a2],
            [1 - delta, 1],
            [0, 1]
          ]
        : [
            [1 / a2, -1 / a2],
            [0, 1],
            [delta - 1, 1]
          ];
  const [v, p, f] = small; // v = u/a^2
  const r = plus(times(p, f), v, -delta * b2); // R/a^2
  const N = times(r, plus(r, f, alpha - 1)); // lambda = -N/(delta f v)
  const D = times([delta], times(f, v));
  const critical = plus(times(derivative(N), D), times(N, derivative(D)), -1);
  const edges = new Set<number>([0]);
  const beside: Complex[] = []; // where a gap is about to open: singularities of the density off the real axis
  const { re, im } = polynomialRoots(critical);
  for (let k = 0; k < re.length; k++) {
    const root = { re: re[k], im: im[k] };
    const lambda = over(at(N, root), at(D, root));
    if (Math.abs(im[k]) > 1e-7 * Math.hypot(re[k], im[k])) beside.push({ re: -lambda.re, im: Math.abs(lambda.im) });
    else {
      const edge = -value(N, re[k]) / value(D, re[k]);
      if (edge > 0 && Number.isFinite(edge)) edges.add(edge);
    }
  }
  const sorted = [...edges].sort((x, y) => x - y);
  const imT = (lambda: number): number => imaginaryT(lambda, N, D, { v, f, r, delta, a2, b2 });
  const intervals: [number, number][] = [];
  for (let k = 1; k < sorted.length; k++) {
    const [low, high] = [sorted[k - 1], sorted[k]];
    if (!(imT(low > 0 ? Math.sqrt(low * high) : 0.5 * high) > 0)) continue;
    const last = intervals[intervals.length - 1];
    if (last && last[1] === low)
      last[1] = high; // a critical value on another sheet
    else intervals.push([low, high]);
  }
  const nodes: number[] = [];
  const weights: number[] = [];
  intervals.forEach(([low, high], k) => {
    // in s = pi - theta: lambda = low + (high - low) sin^2(s/2), singularities beyond the edges at distances ~ sqrt(gap/width)
    const below = low > 0 ? low - (intervals[k - 1]?.[1] ?? 0) : high;
    const above = (intervals[k + 1]?.[0] ?? Number.POSITIVE_INFINITY) - high;
    const reach = (gap: number) => Math.max(1e-4, Math.min(0.3, 0.3 * Math.sqrt(gap / (high - low))));
    const within = beside.filter(({ re }) => re > low && re < high);
    const breaks = gradedBreaks(0, Math.PI, [
      ...within.map(({ re, im }) => {
        const centre = 2 * Math.asin(Math.sqrt((re - low) / (high - low)));
        return { centre, width: Math.max(1e-6, Math.min(0.3, (0.6 * im) / ((high - low) * Math.sin(centre)))) };
      }),
      { centre: 0, width: low > 0 ? reach(Math.min(below, low)) : 1e-3 },
      { centre: Math.PI, width: reach(above) }
    ]);
    const rule = composite(breaks, 16);
    rule.nodes.forEach((s, j) => {
      const lambda = low + (high - low) * Math.sin(0.5 * s) ** 2;
      const density = imT(lambda) / (Math.PI * lambda);
      const weight = rule.weights[j] * density * 0.5 * (high - low) * Math.sin(s);
      if (weight > 0) {
        nodes.push(lambda);
        weights.push(weight);
      }
    });
  });
  return { nodes: Float64Array.from(nodes), weights: Float64Array.from(weights) };
}

interface Curve {
  readonly v: Polynomial;
  readonly f: Polynomial;
  readonly r: Polynomial;
  readonly delta: number;
  readonly a2: number;
  readonly b2: number;
}

/** Im t at lambda + i0: 0 outside the spectrum. t = 1 - r/f, y = delta v/r. */
function imaginaryT(lambda: number, N: Polynomial, D: Polynomial, curve: Curve): number {
  const { re, im } = polynomialRoots(plus(N, D, lambda));
  let best = Number.POSITIVE_INFINITY;
  let found = 0;
  for (let k = 0; k < re.length; k++) {
    if (!(im[k] > 1e-13 * Math.hypot(re[k], im[k]))) continue;
    const root = { re: re[k], im: curve.v[1] > 0 ? im[k] : -im[k] }; // Im v > 0
    const v = at(curve.v, root);
    const r = at(curve.r, root);
    const imT = -over(r, at(curve.f, root)).im;
    const y = over({ re: curve.delta * v.re, im: curve.delta * v.im }, r);
    if (!(imT > 0 && y.im > 0)) continue;
    const off = sheet(v, y, curve);
    if (off < best) {
      best = off;
      found = imT;
    }
  }
  return best < 1e-3 ? found : 0;
}

interface Complex {
  readonly re: number;
  readonly im: number;
}
function at(p: Polynomial, x: Complex): Complex {
  let [re, im] = [0, 0];
  for (let k = p.length - 1; k >= 0; k--) [re, im] = [re * x.re - im * x.im + p[k], re * x.im + im * x.re];
  return { re, im };
}
function over(x: Complex, y: Complex): Complex {
  const norm = y.re * y.re + y.im * y.im;
  return { re: (x.re * y.re + x.im * y.im) / norm, im: (x.im * y.re - x.re * y.im) / norm };
}

/** |v (1 + X eta) - delta xi eta|/|v|, X = a^2 xi, xi = y/(delta (1 + b^2 y)), eta that of Marchenko-Pastur on its own sheet: zero for the physical root. */
function sheet(v: Complex, y: Complex, { delta, a2, b2 }: Curve): number {
  const xi = over({ re: y.re / delta, im: y.im / delta }, { re: 1 + b2 * y.re, im: b2 * y.im });
  const X = { re: a2 * xi.re, im: a2 * xi.im };
  // sqrt((1 + lambda_+ X)(1 + lambda_- X)), each root taken apart: analytic for Im X > 0
  const edge = (sign: 1 | -1) => {
    const l = (1 + sign * Math.sqrt(delta)) ** 2;
    return squareRoot({ re: 1 + l * X.re, im: l * X.im });
  };
  const D = product(edge(1), edge(-1));
  const B = { re: 1 + (delta - 1) * X.re, im: (delta - 1) * X.im };
  // eta = (D - B)/(2X) = 2/(D + B)
  const eta =
    D.re * B.re + D.im * B.im > 0
      ? over({ re: 2, im: 0 }, { re: D.re + B.re, im: D.im + B.im })
      : over({ re: D.re - B.re, im: D.im - B.im }, { re: 2 * X.re, im: 2 * X.im });
  const Xeta = product(X, eta);
  const left = product(v, { re: 1 + Xeta.re, im: Xeta.im });
  const right = product(xi, eta);
  return Math.hypot(left.re - delta * right.re, left.im - delta * right.im) / Math.hypot(left.re, left.im);
}

function product(x: Complex, y: Complex): Complex {
  return { re: x.re * y.re - x.im * y.im, im: x.re * y.im + x.im * y.re };
}

/** The root in the right half-plane. */
function squareRoot(z: Complex): Complex {
  const size = Math.hypot(z.re, z.im);
  const re = Math.sqrt(0.5 * (size + z.re));
  const im = Math.sign(z.im) * Math.sqrt(0.5 * (size - z.re));
  return { re, im };
}

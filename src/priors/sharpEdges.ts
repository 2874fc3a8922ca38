/**
 * Priors made of one or two pieces exp(-curvature x^2/2 + tilt x) on [from, to]: exponential, half-normal, uniform, Laplace.
 * The posterior is a truncated Gaussian in each piece; the law of b is that piece convolved with the noise, in closed form.
 */
import type { Field, Prior } from "../core/types.ts";
import { logNormalInterval } from "../numerics/special/index.ts";
import { bell, blindField, fieldOn, march, type Chain } from "./panels.ts";
import { truncatedMoments } from "./truncatedMoments.ts";

export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly curvature: number;
  readonly tilt: number;
  readonly weight: number;
}

type Formulas = Pick<
  Prior,
  "scalar" | "rule" | "mean" | "secondMoment" | "dimension" | "entropy" | "logPartition" | "posterior" | "field" | "breaks"
>;

/** Everything of the prior but its sampler. Pieces do not overlap and are given from left to right; their weights sum to 1. */
export function sharpEdges(pieces: readonly Piece[]): Formulas {
  const out = new Float64Array(3);
  const P = pieces.length;
  const logNorm = new Float64Array(P); // log(weight / integral)
  let mean = 0;
  let secondMoment = 0;
  pieces.forEach((p, j) => {
    truncatedMoments(p.curvature, p.tilt, p.from, p.to, out);
    logNorm[j] = Math.log(p.weight) - out[0];
    mean += p.weight * out[1];
    secondMoment += p.weight * (out[1] * out[1] + out[2]);
  });
  const one = new Float64Array(3);
  const two = new Float64Array(3);
  const load = (j: number, a: number, b: number, to: Float64Array): void => {
    const p = pieces[j];
    truncatedMoments(a + p.curvature, b + p.tilt, p.from, p.to, to);
    to[0] += logNorm[j];
  };
  return {
    scalar: "real",
    rule: "bayes",
    mean,
    secondMoment,
    dimension: 1,
    entropy: null,
    logPartition(a, b, logZ) {
      const step = a.length === 1 ? 0 : 1;
      for (let i = 0; i < b.length; i++) {
        load(0, a[i * step], b[i], one);
        if (P === 1) logZ[i] = one[0];
        else {
          load(1, a[i * step], b[i], two);
          logZ[i] = Math.max(one[0], two[0]) + Math.log1p(Math.exp(-Math.abs(one[0] - two[0])));
        }
      }
    },
    posterior(a, b, m, v) {
      const step = a.length === 1 ? 0 : 1;
      for (let i = 0; i < b.length; i++) {
        load(0, a[i * step], b[i], one);
        if (P === 1) {
          m[i] = one[1];
          v[i] = one[2];
          continue;
        }
        load(1, a[i * step], b[i], two);
        const e = Math.exp(-Math.abs(one[0] - two[0]));
        const large = 1 / (1 + e);
        const w = one[0] > two[0] ? large : e * large; // of the first piece
        const u = one[0] > two[0] ? e * large : large;
        const gap = two[1] - one[1];
        m[i] = w * one[1] + u * two[1];
        v[i] = w * one[2] + u * two[2] + w * u * gap * gap;
      }
    },
    breaks: (a) => {
      const chains: Chain[] = [];
      for (const p of pieces)
        for (const edge of [p.from, p.to])
          if (Number.isFinite(edge))
            chains.push(graded((a + p.curvature) * edge - p.tilt, Math.sqrt(a + p.curvature), 2 * Math.abs(p.tilt)));
      return chains.filter((c) => c.length > 1);
    },
    field: (mHat, qHat, order, breaks) => edgedField(pieces, logNorm, mHat, qHat, order, breaks)
  };
}

/** A bell whose far sides go on doubling as far as `reach`: the 1/(distance) memory of an edge at small precision. */
function graded(centre: number, width: number, reach: number): number[] {
  if (!(width > 0)) return [];
  const chain = bell(centre, width);
  for (let d = 20 * width; d < reach; d *= 2) {
    chain.push(centre + d);
    chain.unshift(centre - d);
  }
  return chain;
}

/** log of the density of b that piece p contributes. */
function logConvolved(p: Piece, logNorm: number, m: number, q: number, b: number, out: Float64Array): number {
  const a = (m / q) * m;
  const A = a + p.curvature;
  const B = (b / q) * m + p.tilt;
  const peak = B / A;
  if (peak > p.from && peak < p.to) {
    // the square completed by hand: its large terms b^2/q cancel exactly
    const s = m * m + p.curvature * q;
    const root = Math.sqrt(A);
    const square = (-p.curvature * b * b + 2 * p.tilt * b * m + p.tilt * p.tilt * q) / (2 * s);
    return logNorm + square - 0.5 * Math.log(s) + logNormalInterval((p.from - peak) * root, (p.to - peak) * root);
  }
  // the peak is outside: everything from the near edge, where the noise must carry b
  const edge = peak <= p.from ? p.from : p.to;
  const c = A * edge - B;
  const away = b - m * edge;
  if (edge === p.from) truncatedMoments(A, -c, 0, p.to - edge, out);
  else truncatedMoments(A, c, 0, edge - p.from, out);
  return logNorm - (0.5 * away * away) / q - 0.5 * Math.log(2 * Math.PI * q) - (0.5 * p.curvature * edge - p.tilt) * edge + out[0];
}

function edgedField(
  pieces: readonly Piece[],
  logNorm: Float64Array,
  mHat: number,
  qHat: number,
  order = 16,
  others: readonly Chain[] = []
): Field {
  if (mHat === 0 && qHat === 0) return blindField();
  const noise = Math.sqrt(qHat);
  const own: Chain[] = [];
  const inner: Chain[] = [];
  for (const p of pieces) {
    const { from, to, curvature, tilt } = p;
    const edges = [from, to].filter(Number.isFinite);
    if (mHat !== 0) own.push(body(p, mHat, noise));
    if (noise > 0)
      for (const edge of edges) {
        own.push(bell(mHat * edge, noise));
        // where the tilted, untruncated mean meets the edge
        if (mHat !== 0) inner.push(bell(mHat * edge + ((curvature * edge - tilt) * qHat) / mHat, noise));
      }
  }
  const out = new Float64Array(3);
  const density = (b: number): number => {
    let sum = 0;
    for (let j = 0; j < pieces.length; j++) {
      const p = pieces[j];
      if (mHat === 0) sum += (p.weight / (noise * Math.sqrt(2 * Math.PI))) * Math.exp((-0.5 * b * b) / qHat);
      else if (qHat === 0) {
        const x = b / mHat;
        if (x >= p.from && x <= p.to) sum += Math.exp(logNorm[j] + (p.tilt - 0.5 * p.curvature * x) * x) / Math.abs(mHat);
      } else sum += Math.exp(logConvolved(p, logNorm[j], mHat, qHat, b, out));
    }
    return sum;
  };
  return fieldOn(march(own, [...inner, ...others]), order, density);
}

/** Break points of the piece itself, seen through mHat: a Gaussian or exponential side to e^-41, or the two ends of an interval. */
function body({ from, to, curvature, tilt }: Piece, mHat: number, noise: number): number[] {
  let points: number[];
  if (Number.isFinite(from) && Number.isFinite(to)) points = [mHat * from, 0.5 * mHat * (from + to), mHat * to];
  else {
    const edge = Number.isFinite(from) ? from : to;
    const side = outward(from) * Math.sign(mHat);
    const decay = outward(from) * -tilt; // of an exponential so steep that it ends before the Gaussian does
    const steps =
      curvature > 0 && 41 * Math.sqrt(curvature) > 9 * decay
        ? [0, 2.6, 5.6, 9].map((k) => k * Math.sqrt(noise * noise + (mHat * mHat) / curvature))
        : tailSteps(Math.abs(mHat / tilt), noise);
    points = steps.map((d) => mHat * edge + side * d);
  }
  return points.sort((x, y) => x - y);
}

/** +1 for a piece that runs to the right from its edge, -1 to the left. */
function outward(from: number): number {
  return Number.isFinite(from) ? 1 : -1;
}

/** An exponential of decay length `length`, in steps of 10.5 lengths after the nine noise widths that the bell of the edge resolves. */
function tailSteps(length: number, noise: number): number[] {
  const start = 9 * noise;
  const step = Math.max(10.5 * length, 3 * noise);
  const steps = start > 0 ? [0, start] : [0];
  for (let d = start + step; ; d += step) {
    steps.push(d);
    if (d >= start + 41 * length) return steps;
  }
}

/**
 * How many of n jointly Gaussian units are positive: the law of the count, exact by convolution for independent units and for two by
 * the bivariate normal cdf; for more, one unit is integrated over, split where its sign turns, and the rest are conditioned on it.
 * Absolute accuracy about 1e-12 for two and three units away from degenerate covariances, 1e-9 for four.
 */
import type { Vec } from "../../core/types.ts";
import { gaussLegendre } from "../../numerics/quadrature.ts";
import { bivariateNormalCdf, normalCdf, normalPdf } from "../../numerics/special/index.ts";

/** z ~ N(omega, V) of n units, V row-major n x n with a positive diagonal; out[c] = P(c units are positive). Owns its buffers. */
export type SignCounts = (omega: Vec, V: Vec, out: Vec) => void;

const REACH = 9;
const WIDEST = 4;
const ORDER = 14;
const { nodes: X, weights: W } = gaussLegendre(ORDER);

export function isDiagonal(V: Vec, n: number): boolean {
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j && V[i * n + j] !== 0) return false;
  return true;
}

export function signCounts(n: number): SignCounts {
  const independent: SignCounts = (omega, V, out) => {
    out.fill(0);
    out[0] = 1;
    for (let l = 0; l < n; l++) {
      const x = omega[l] / Math.sqrt(V[l * n + l]);
      const p = normalCdf(x);
      const q = normalCdf(-x);
      for (let c = l + 1; c > 0; c--) out[c] = out[c] * q + out[c - 1] * p;
      out[0] *= q;
    }
  };
  if (n <= 1) return independent;
  const general = n === 2 ? pairCounts() : conditioned(n, signCounts(n - 1));
  return (omega, V, out) => (isDiagonal(V, n) ? independent : general)(omega, V, out);
}

/** Plackett's integral over the correlation below this one, the wedge formula above it. */
const STEEP = 0.93;

function pairCounts(): SignCounts {
  let nodes = 0;
  let known = 0; // the correlation these belong to
  const quadratic = new Float64Array(32);
  const bilinear = new Float64Array(32);
  const share = new Float64Array(32);

  function prepare(r: number): void {
    known = r;
    nodes = Math.abs(r) < 0.3 ? 8 : Math.abs(r) < 0.75 ? 14 : 26;
    const { nodes: x, weights: w } = gaussLegendre(nodes);
    const half = 0.5 * Math.asin(r);
    for (let i = 0; i < nodes; i++) {
      const sine = Math.sin(half * (1 + x[i]));
      const cosine2 = (1 - sine) * (1 + sine);
      quadratic[i] = 0.5 / cosine2;
      bilinear[i] = sine / cosine2;
      share[i] = (half * w[i]) / (2 * Math.PI);
    }
  }

  return (omega, V, out) => {
    const h = omega[0] / Math.sqrt(V[0]);
    const k = omega[1] / Math.sqrt(V[3]);
    const r = Math.max(-1, Math.min(1, V[1] / Math.sqrt(V[0]) / Math.sqrt(V[3])));
    const p = normalCdf(h);
    const q = normalCdf(k);
    const notP = normalCdf(-h);
    const notQ = normalCdf(-k);
    if (Math.abs(r) < STEEP) {
      if (r !== known) prepare(r);
      const squares = h * h + k * k;
      let tie = 0; // P(++) - P(+)P(+), the same for all four patterns up to its sign: each keeps its digits until it cancels itself
      for (let i = 0; i < nodes; i++) tie += share[i] * Math.exp(bilinear[i] * h * k - quadratic[i] * squares);
      out[2] = Math.max(0, p * q + tie);
      out[1] = Math.max(0, p * notQ + q * notP - 2 * tie);
      out[0] = Math.max(0, notP * notQ + tie);
      return;
    }
    out[2] = bivariateNormalCdf(h, k, r);
    out[0] = bivariateNormalCdf(-h, -k, r);
    const rest = 1 - out[0] - out[2];
    out[1] = rest > 0.1 ? rest : bivariateNormalCdf(h, -k, -r) + bivariateNormalCdf(-h, k, -r);
  };
}

/** Integrates over unit 0 of n > 2, in units of its standard deviation. */
function conditioned(n: number, rest: SignCounts): SignCounts {
  const m = n - 1;
  const slope = new Float64Array(m);
  const centre = new Float64Array(m);
  const at = new Float64Array(m);
  const C = new Float64Array(m * m);
  const inner = new Float64Array(n);
  const breaks = new Float64Array(64);
  return (omega, V, out) => {
    const sigma = Math.sqrt(V[0]);
    for (let i = 0; i < m; i++) {
      slope[i] = V[i + 1] / sigma;
      centre[i] = omega[i + 1];
    }
    for (let i = 0; i < m; i++)
      for (let j = 0; j < m; j++) {
        const c = V[(i + 1) * n + j + 1] - slope[i] * slope[j];
        C[i * m + j] = i === j ? Math.max(c, 1e-14 * V[(i + 1) * n + i + 1]) : c;
      }
    // panels: the turn of unit 0, and for each other unit the place where its conditional mean turns, closed in on if it turns fast
    let count = 0;
    breaks[count++] = -REACH;
    breaks[count++] = REACH;
    const put = (x: number) => {
      if (x > -REACH && x < REACH && count < breaks.length) breaks[count++] = x;
    };
    const turn = -omega[0] / sigma;
    put(turn);
    // a pair whose sum (or difference) is all but fixed turns together: where that combination is zero
    for (let i = 0; i < m; i++)
      for (let j = i; j < m; j++)
        for (let s = -1; s <= 1; s += 2) {
          if (i === j && s < 0) continue;
          const a = i === j ? slope[i] : slope[i] + s * slope[j];
          const v = i === j ? C[i * m + i] : C[i * m + i] + C[j * m + j] + 2 * s * C[i * m + j];
          const mean = i === j ? centre[i] : centre[i] + s * centre[j];
          const width = Math.sqrt(Math.max(v, 0)) / Math.max(Math.abs(a), 1e-300);
          if (!(width < 0.8)) continue;
          const x = -mean / a;
          put(x);
          for (let d = Math.max(width, 1e-3) * 2; d < 2 * WIDEST; d *= 3) {
            put(x - d);
            put(x + d);
          }
        }
    const sorted = breaks.subarray(0, count).sort();
    out.fill(0);
    for (let b = 1; b < count; b++) {
      const length = sorted[b] - sorted[b - 1];
      if (!(length > 1e-12)) continue;
      const pieces = Math.ceil(length / WIDEST);
      for (let k = 0; k < pieces; k++) {
        const half = (0.5 * length) / pieces;
        const mid = sorted[b - 1] + (2 * k + 1) * half;
        const positive = mid > turn ? 1 : 0;
        for (let i = 0; i < ORDER; i++) {
          const x = mid + half * X[i];
          const w = half * W[i] * normalPdf(x);
          for (let j = 0; j < m; j++) at[j] = centre[j] + slope[j] * x;
          rest(at, C, inner);
          for (let c = 0; c <= m; c++) out[c + positive] += w * inner[c];
        }
      }
    }
  };
}

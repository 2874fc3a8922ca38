/**
 * The input side of a committee of three units with +-1 weights: one row w seen through b = R w + R^{1/2} xi, R with eigenvalue r_+ on
 * (1, 1, 1)/sqrt 3 and r_- across. b has the density N(b; 0, R) Z(b), Z = 2^-3 sum_w exp(b.w - w.R w/2), and every average is one over b, on a
 * lattice in b: what is averaged varies on the scale 1 there however sharp the observation, and where two rows compete is seen from both.
 */
import { trapezoid } from "../../numerics/quadrature.ts";
import { type CommitteeOrder, EXACT } from "./order.ts";
import type { RowPrior } from "./rowPriors.ts";

/** Steps along the sum and in the lattice of differences: the complex zeros of Z keep a distance of about pi/(2 sqrt 3). */
const STEP = 0.52;
const LATTICE = 0.45;
/** And in units of the standard deviation where the observation is blunt. */
const BLUNT = 0.45;
const REACH = 7.5;
/** Exponents below it, relative to the highest density, are left out. */
const DEEP = -36;
/** Past it no more than two rows ever compete; the variance left is below 1e-5. */
const PAIRS = 25;
/** Past it the variance left is below exp(-60). */
const SHARPEST = 130;

/** E of f over N(0, 1) for e^-x/2 f(z sqrt x), f = 1/cosh. */
function competition(x: number): number {
  const { nodes, weights } = trapezoid(200 + 40 * Math.ceil(Math.sqrt(x)), 8.5);
  let sum = 0;
  for (let k = 0; k < nodes.length; k++) sum += weights[k] / Math.cosh(Math.sqrt(x) * nodes[k]);
  return Math.exp(-0.5 * x) * sum;
}

interface Averages {
  readonly vPlus: number;
  readonly vMinus: number;
  readonly logZ: number;
}

/** Every pair of rows on its own: covariance (w - w')(w - w')^T/16 E of their competition, at a quarter of the squared distance. */
function byPairs(plus: number, minus: number): Averages {
  let vPlus = 0;
  let vMinus = 0;
  for (const [flips, sum, count] of [
    [1, 1, 12], // one weight
    [2, 2, 6], // two equal ones: 3 places, 2 signs, and the third weight either way
    [2, 0, 6],
    [3, 3, 1],
    [3, 1, 3]
  ]) {
    const along = (sum * sum) / 3;
    const across = flips - along;
    const share = (4 * count * competition(along * plus + across * minus)) / 16;
    vPlus += share * along;
    vMinus += (share * across) / 2;
  }
  return { vPlus, vMinus, logZ: 0.5 * (plus + 2 * minus) - 3 * Math.LN2 };
}

/** Half-width in t of what lies above DEEP under a parabola of height `top`; -1 where nothing does. */
const reachOf = (top: number, plus: number): number => (top > DEEP ? Math.sqrt(2 * plus * (top - DEEP)) : -1);

function averages(plus: number, minus: number): Averages {
  if (Math.min(plus, minus) > PAIRS) return byPairs(plus, minus);
  const sum = { vPlus: 0, vMinus: 0, logZ: 0 };
  if (plus <= 0 && minus <= 0) return { vPlus: 1, vMinus: 1, logZ: 0 };
  // rows of equal signs, and the rest
  const alike = Math.exp(-1.5 * plus) / 8;
  const mixed = Math.exp(-plus / 6 - (4 / 3) * minus) / 8;
  const root = 1 / Math.sqrt(3);
  const dt = Math.min(STEP, BLUNT * Math.sqrt(plus));
  const far = plus > 0 ? Math.sqrt(3) * plus + REACH * Math.sqrt(plus) : 0;
  const h = Math.min(LATTICE, 0.8 * BLUNT * Math.sqrt(minus));
  const wide = minus > 0 ? Math.sqrt(8 / 3) * minus + REACH * Math.sqrt(minus) : 0;
  const most = h > 0 ? Math.ceil(wide / h) : 0;
  const cell = h > 0 ? (Math.sqrt(3) * h * h) / (2 * Math.PI * minus) : 1;
  const line = plus > 0 ? dt / Math.sqrt(2 * Math.PI * plus) : 1;
  for (let i = 0; i <= most; i++)
    for (let j = -Math.floor(i / 2); j <= i; j++) {
      const k = -i - j;
      if (k > j) continue;
      const r2 = h * h * (i * i + j * j + k * k);
      if (r2 > wide * wide) continue;
      const orbit = (i === j && j === k ? 1 : i === j || j === k ? 3 : 6) * cell;
      const base = minus > 0 ? (-0.5 * r2) / minus : 0;
      const [x, y, z] = [Math.exp(h * i), Math.exp(h * j), Math.exp(h * k)]; // their product is 1
      // where any row is likely enough: around sqrt 3 r_+ for equal signs, r_+/sqrt 3 for the best of the others
      const alone = reachOf(base, plus);
      const other = reachOf(base - (4 / 3) * minus + 2 * h * Math.max(i, -k), plus);
      const lo = Math.max(0, Math.min(alone < 0 ? far : Math.sqrt(3) * plus - alone, other < 0 ? far : root * plus - other));
      const hi = plus > 0 ? Math.max(alone < 0 ? -1 : Math.sqrt(3) * plus + alone, other < 0 ? -1 : root * plus + other) : 0;
      const ratio = Math.exp(dt * root);
      let t = plus > 0 ? (Math.floor(lo / dt) + 0.5) * dt : 0;
      for (let c = Math.exp(t * root); t <= hi; t += dt, c *= ratio) {
        const e = base - (plus > 0 ? (0.5 * t * t) / plus : 0);
        const up = alike * c * c * c;
        const down = alike / (c * c * c);
        // one weight -1, and one weight +1
        const p1 = (mixed * c) / (x * x);
        const p2 = (mixed * c) / (y * y);
        const p3 = (mixed * c) / (z * z);
        const q1 = (mixed * x * x) / c;
        const q2 = (mixed * y * y) / c;
        const q3 = (mixed * z * z) / c;
        const Z = up + down + p1 + p2 + p3 + q1 + q2 + q3;
        const log = Math.log(Z);
        const weight = orbit * line * 2 * Math.exp(e + log);
        const total = (plus > 0 ? 1 : 0.5) * weight;
        // the sum of the weights is 3, 1, -1 or -3
        const [one, minusOne] = [p1 + p2 + p3, q1 + q2 + q3];
        const s = (3 * (up - down) + one - minusOne) / Z;
        const varPlus = (up * (3 - s) ** 2 + down * (3 + s) ** 2 + one * (1 - s) ** 2 + minusOne * (1 + s) ** 2) / Z / 3;
        // differences: -+ 2 (e_l - 1/3) for the odd one out, squares 8/3, products -4/3; zero for equal signs
        const [d1, d2, d3] = [(q1 - p1) / Z, (q2 - p2) / Z, (q3 - p3) / Z];
        const same = 8 / 3;
        const norm = (a: number, b: number, g: number) => same * (a * a + b * b + g * g - a * b - b * g - g * a);
        const square = norm(d1, d2, d3);
        // sum over rows of its share times the squared distance from the mean
        let varMinus = ((up + down) / Z) * square;
        varMinus += (p1 * norm(d1 + 1, d2, d3) + p2 * norm(d1, d2 + 1, d3) + p3 * norm(d1, d2, d3 + 1)) / Z;
        varMinus += (q1 * norm(d1 - 1, d2, d3) + q2 * norm(d1, d2 - 1, d3) + q3 * norm(d1, d2, d3 - 1)) / Z;
        sum.vPlus += total * varPlus;
        sum.vMinus += total * 0.5 * varMinus;
        sum.logZ += total * log;
        if (plus <= 0) break;
      }
    }
  return sum;
}

/** Averages of the last few precisions: order and free entropy ask for the same. */
const recent = new Map<string, Averages>();
function known(plus: number, minus: number): Averages {
  const [rp, rm] = [Math.min(plus, SHARPEST), Math.min(minus, SHARPEST)];
  const key = `${rp} ${rm}`;
  let a = recent.get(key);
  if (!a) {
    a = averages(rp, rm);
    if (recent.size > 64) recent.clear();
    recent.set(key, a);
  }
  return a;
}

export const binaryTripleRows: RowPrior = {
  kind: "binary",
  order: ({ plus, minus }): CommitteeOrder => {
    const { vPlus, vMinus } = known(plus, minus);
    const v = (x: number) => Math.min(1, Math.max(EXACT / 4, x));
    return {
      lambdaPlus: 1 - v(vPlus),
      lambdaMinus: minus > 0 ? 1 - v(vMinus) : 0,
      vPlus: v(vPlus),
      vMinus: minus > 0 ? v(vMinus) : 1
    };
  },
  freeEntropy: ({ plus, minus }) => known(plus, minus).logZ,
  // at r_- = 0 the posterior variance of a difference is 4/3 P(signs not all equal): lambda_- = r_- E[that]^2 to first order
  susceptibility: (rPlus) => {
    const r = Math.min(rPlus, SHARPEST);
    const n = 2 * Math.ceil(8.5 / Math.min(0.35, 0.5 / Math.sqrt(Math.max(r, 1e-300))));
    const { nodes, weights } = trapezoid(n);
    let total = 0;
    for (let k = 0; k < nodes.length; k++)
      for (const [sum, chance] of [
        [3, 0.25],
        [1, 0.75]
      ]) {
        // ln of the odds of equal against mixed signs at t = r w_+ + sqrt(r) z
        const t = (r * sum) / Math.sqrt(3) + Math.sqrt(r) * nodes[k];
        const lnCosh = (x: number) => Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x)));
        const odds = Math.log(1 / 3) - (4 / 3) * r + lnCosh(Math.sqrt(3) * t) - lnCosh(t / Math.sqrt(3));
        total += chance * weights[k] * ((4 / 3) * (1 / (1 + Math.exp(odds)))) ** 2;
      }
    return total;
  },
  entropy: 3 * Math.LN2,
  sharpest: SHARPEST
};
export { averages as tripleAverages, byPairs as tripleByPairs };

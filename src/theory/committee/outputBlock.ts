/**
 * The output side of the sign-sign committee of two units, y = sign[sign z_1 + sign z_2] in {-1, 0, 1}, on the matched line (Aubin et al.
 * 2018): omega ~ N(0, Q), z = omega + N(0, I - Q), Z_y(omega) = P(y | omega). With u, v = (z_1 +- z_2)/sqrt 2, y = 1 is the wedge u > |v|,
 * y = -1 its mirror image, y = 0 the rest: bivariate normal cdfs, with gradients in closed form.
 *   Psi_out(Q) = E sum_y Z_y ln Z_y,   J_+- = E sum_y (d_+- Z_y)^2/Z_y, the eigenvalues of 2 grad Psi_out.
 */
import { gaussLegendre } from "../../numerics/quadrature.ts";
import { bivariateNormalCdf, normalCdf, normalPdf } from "../../numerics/special/index.ts";
import type { CommitteeOrder } from "./order.ts";
import { overlapPlane } from "./overlapPlane.ts";

export interface CommitteeInformation {
  readonly plus: number;
  readonly minus: number;
}

/** What a theory needs to know of the labels of so many units. */
export interface CommitteeOutput {
  readonly units: number;
  /** Relative error of the averages below: nothing is solved to better than that. */
  readonly accuracy: number;
  /** J_+ and J_-, the latter per direction. */
  information(o: CommitteeOrder): CommitteeInformation;
  /** dJ_-/dlambda_- at lambda_- = 0. */
  susceptibility(lambdaPlus: number, vPlus: number): number;
  freeEntropy(o: CommitteeOrder): number;
  squaredError(o: CommitteeOrder): number;
  labelError(o: CommitteeOrder): number;
}

/** A wedge of smaller mass is left out of E (dZ)^2/Z: its share is below Z times a few hundred over the variance, and Z itself is rounding. */
const LEAST = 4e-15;
/** Past so many standard deviations a unit's sign is known. */
const SURE = 8.6;
const ROOT2 = Math.SQRT1_2;

/**
 * P(X <= h, Y <= k) at one correlation c, for many (h, k): Phi(h) Phi(k) + (1/2 pi) int_0^{arcsin c} exp(-(h^2 + k^2 - 2 h k sin t)/(2 cos^2 t)) dt
 * (Plackett 1954), absolute error 1e-15 up to |c| = 0.925 (the orders of Genz 2004); past it the mass of a wedge, slower.
 */
export function bivariateCdfAt(c: number): (h: number, k: number) => number {
  if (Math.abs(c) > 0.925) return (h, k) => bivariateNormalCdf(h, k, c);
  const { nodes, weights } = gaussLegendre(Math.abs(c) < 0.3 ? 8 : Math.abs(c) < 0.75 ? 14 : 22);
  const half = Math.asin(c) / 2;
  const w = weights.map((x) => (x * half) / (2 * Math.PI));
  const square = nodes.map((x) => -0.5 / Math.cos(half * (1 + x)) ** 2);
  const cross = nodes.map((x, i) => -2 * square[i] * Math.sin(half * (1 + x)));
  const n = w.length;
  return (h, k) => {
    const hh = h * h + k * k;
    const hk = h * k;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += w[i] * Math.exp(square[i] * hh + cross[i] * hk);
    return sum + normalCdf(h) * normalCdf(k);
  };
}

/** What one node needs: masses of the four sign patterns and d Z_{++}/d omega_i, d Z_{--}/d omega_i. */
export class Wedges {
  pp = 0;
  pm = 0;
  mp = 0;
  mm = 0;
  /** d_+ and d_- of Z_{++} and Z_{--}. */
  ppPlus = 0;
  ppMinus = 0;
  mmPlus = 0;
  mmMinus = 0;
  private readonly s: number;
  private readonly c: number;
  /** 1/sqrt(1 - c^2) without cancellation. */
  private readonly k: number;
  private readonly cdf: (h: number, k: number) => number;
  constructor(vPlus: number, vMinus: number) {
    const sum = vPlus + vMinus;
    this.s = Math.sqrt(sum / 2);
    this.c = (vPlus - vMinus) / sum;
    this.k = sum / (2 * Math.sqrt(vPlus * vMinus));
    this.cdf = bivariateCdfAt(this.c);
  }
  /** At omega_+ >= 0, omega_- >= 0, hence omega_1 >= |omega_2|. False where the label is certain. */
  at(plus: number, minus: number): boolean {
    const x1 = (ROOT2 * (plus + minus)) / this.s;
    const x2 = (ROOT2 * (plus - minus)) / this.s;
    this.ppPlus = this.ppMinus = this.mmPlus = this.mmMinus = 0;
    if (x1 > SURE) {
      this.mp = this.mm = 0;
      if (x2 > SURE || x2 < -SURE) {
        this.pp = x2 > 0 ? 1 : 0;
        this.pm = 1 - this.pp;
        return false;
      }
      this.pp = normalCdf(x2);
      this.pm = normalCdf(-x2);
      const slope = (ROOT2 * normalPdf(x2)) / this.s;
      this.ppPlus = slope;
      this.ppMinus = -slope;
      return true;
    }
    const { c, k, s } = this;
    this.pp = this.cdf(x1, x2);
    this.pm = Math.max(0, normalCdf(x1) - this.pp);
    this.mp = Math.max(0, normalCdf(x2) - this.pp);
    this.mm = Math.max(0, normalCdf(-x1) - this.mp);
    const t1 = k * (x2 - c * x1);
    const t2 = k * (x1 - c * x2);
    const f1 = (ROOT2 * normalPdf(x1)) / s;
    const f2 = (ROOT2 * normalPdf(x2)) / s;
    const a1 = f1 * normalCdf(t1);
    const a2 = f2 * normalCdf(t2);
    const b1 = f1 * normalCdf(-t1);
    const b2 = f2 * normalCdf(-t2);
    this.ppPlus = a1 + a2;
    this.ppMinus = a1 - a2;
    this.mmPlus = -(b1 + b2);
    this.mmMinus = b2 - b1;
    return true;
  }
}

const square = (d: number, z: number) => (z > LEAST ? (d * d) / z : 0);
const entropy = (z: number) => (z > 1e-300 ? z * Math.log(z) : 0);

/** J_+ and J_-. At lambda_- = 0, J_- = 0 by symmetry. */
export function outputInformation(o: CommitteeOrder): CommitteeInformation {
  const { plus, minus, weight } = overlapPlane(o);
  const w = new Wedges(o.vPlus, o.vMinus);
  let jp = 0;
  let jm = 0;
  for (let k = 0; k < weight.length; k++) {
    if (!w.at(plus[k], minus[k])) continue;
    const zero = w.pm + w.mp;
    jp += weight[k] * (square(w.ppPlus, w.pp) + square(w.mmPlus, w.mm) + square(w.ppPlus + w.mmPlus, zero));
    jm += weight[k] * (square(w.ppMinus, w.pp) + square(w.mmMinus, w.mm) + square(w.ppMinus + w.mmMinus, zero));
  }
  return { plus: jp, minus: o.lambdaMinus > 0 ? jm : 0 };
}

/** dJ_-/dlambda_- at lambda_- = 0: E sum_y (d_-^2 Z_y)^2/Z_y over omega_+ alone. */
export function outputSusceptibility(lambdaPlus: number, vPlus: number): number {
  const o = { lambdaPlus, lambdaMinus: 0, vPlus, vMinus: 1 };
  const { plus, weight } = overlapPlane(o);
  const sum = vPlus + 1;
  const s = Math.sqrt(sum / 2);
  const c = (vPlus - 1) / sum;
  const k = sum / (2 * Math.sqrt(vPlus));
  const bend = (x: number) => {
    const t = k * x * (1 - c);
    return (-x * normalPdf(x) * normalCdf(t) - (1 + c) * k * normalPdf(x) * normalPdf(t)) / (s * s);
  };
  let total = 0;
  for (let i = 0; i < weight.length; i++) {
    const x = (ROOT2 * plus[i]) / s;
    const pp = bivariateNormalCdf(x, x, c);
    const mp = Math.max(0, normalCdf(x) - pp);
    const mm = Math.max(0, normalCdf(-x) - mp);
    const up = bend(x);
    const down = bend(-x);
    total += weight[i] * (square(up, pp) + square(down, mm) + square(up + down, 2 * mp));
  }
  return total;
}

/** Psi_out, nats a sample: minus the entropy of a label given the estimate. */
export function outputFreeEntropy(o: CommitteeOrder): number {
  const { plus, minus, weight } = overlapPlane(o);
  const w = new Wedges(o.vPlus, o.vMinus);
  let psi = 0;
  for (let k = 0; k < weight.length; k++)
    if (w.at(plus[k], minus[k])) psi += weight[k] * (entropy(w.pp) + entropy(w.mm) + entropy(w.pm + w.mp));
  return psi;
}

/** E (Y - <Y>)^2, <Y> = Z_1 - Z_{-1} the posterior mean of the label of a new pattern. */
export function squaredError(o: CommitteeOrder): number {
  const { plus, minus, weight } = overlapPlane(o);
  const w = new Wedges(o.vPlus, o.vMinus);
  let e = 0;
  // Z_1 + Z_-1 - (Z_1 - Z_-1)^2 = (Z_1 + Z_-1) Z_0 + 4 Z_1 Z_-1
  for (let k = 0; k < weight.length; k++) if (w.at(plus[k], minus[k])) e += weight[k] * ((w.pp + w.mm) * (w.pm + w.mp) + 4 * w.pp * w.mm);
  return e;
}

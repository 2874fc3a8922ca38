/**
 * The majority of three signs, sign z_l of z ~ N(omega, V) with V of eigenvalue v_+ on the sum of the units and v_- on their differences.
 * sign(s_1 + s_2 + s_3) = (s_1 + s_2 + s_3 - s_1 s_2 s_3)/2, so that with m_l = E s_l, s = sqrt V_ll, r the correlation, x = omega/s
 *   E y = (sum_l m_l - T)/2,   T = m_1 m_2 m_3 + 4 int_0^r sum_l phi_2(x_j, x_k; t) E[s_l | z_j = z_k = 0; t] dt        (Plackett 1954),
 * and a unit's vote counts where the other two disagree: dE y/domega_l = 2 phi(x_l)/s P(s_j != s_k | z_l = 0).
 */
import { gaussLegendre } from "../../numerics/quadrature.ts";
import { normalCdf, normalPdf } from "../../numerics/special/index.ts";
import { bivariateCdfAt } from "./outputBlock.ts";

/** Past so many standard deviations a unit's sign is known. */
const SURE = 8.3;

/** Gauss-Legendre nodes t of int_0^r f(t) dt: in sqrt(1 + 2 t) where r < 0, as the law becomes degenerate at t = -1/2; in arcsin t elsewhere, as it does at 1. */
function correlations(r: number): { t: number[]; weight: number[] } {
  const order = r < 0 ? (r > -0.2 ? 8 : r > -0.4 ? 12 : r > -0.49 ? 20 : 32) : r < 0.3 ? 8 : r < 0.75 ? 14 : r < 0.95 ? 26 : 64;
  const { nodes, weights } = gaussLegendre(order);
  const t: number[] = [];
  const weight: number[] = [];
  const end = r < 0 ? Math.sqrt(1 + 2 * r) : Math.asin(r);
  const start = r < 0 ? 1 : 0;
  const half = 0.5 * (end - start);
  for (let i = 0; i < order; i++) {
    const u = start + half * (1 + nodes[i]);
    t.push(r < 0 ? 0.5 * (u * u - 1) : Math.sin(u));
    weight.push(half * weights[i] * (r < 0 ? u : Math.cos(u)));
  }
  return { t, weight };
}

/** Holds the vote at one omega after `at`; one law of the noise for many omega. */
export class TripleVote {
  /** Chances of the labels 1 and -1. */
  up = 0;
  down = 0;
  /** d up/d omega_l; of `down` it is minus that. */
  readonly slope = new Float64Array(3);
  /** Standard deviation of one unit's preactivation. */
  readonly s: number;
  private readonly r: number;
  private readonly c: number;
  /** 1/sqrt(1 - r^2). */
  private readonly k: number;
  private readonly both: (h: number, k: number) => number;
  private readonly quadratic: Float64Array;
  private readonly bilinear: Float64Array;
  private readonly share: Float64Array;
  private readonly own: Float64Array;
  private readonly other: Float64Array;

  constructor(vPlus: number, vMinus: number) {
    const variance = (vPlus + 2 * vMinus) / 3;
    this.s = Math.sqrt(variance);
    const r = (vPlus - vMinus) / (3 * variance);
    this.r = r;
    // 1 + r = (2 v_+ + v_-)/(v_+ + 2 v_-), 1 - r = 3 v_-/(v_+ + 2 v_-), r/(1 + r) the correlation of two given the third
    this.c = (vPlus - vMinus) / (2 * vPlus + vMinus);
    this.k = (vPlus + 2 * vMinus) / Math.sqrt(3 * vMinus * (2 * vPlus + vMinus));
    this.both = bivariateCdfAt(this.c);
    const { t, weight } = correlations(r);
    this.quadratic = Float64Array.from(t, (x) => -0.5 / ((1 - x) * (1 + x)));
    this.bilinear = Float64Array.from(t, (x) => x / ((1 - x) * (1 + x)));
    this.share = Float64Array.from(t, (x, i) => (4 * weight[i]) / (2 * Math.PI * Math.sqrt((1 - x) * (1 + x))));
    // given z_j = z_k = 0: mean x_l - t (x_j + x_k)/(1 + t), variance (1 - t)(1 + 2 t)/(1 + t)
    this.own = Float64Array.from(t, (x) => Math.sqrt((1 + x) / ((1 - x) * (1 + 2 * x))));
    this.other = Float64Array.from(t, (x, i) => (-x / (1 + x)) * this.own[i]);
  }

  /** E s_1 s_2 s_3 at x = omega/s, given the means of the signs. */
  private product(x: number, y: number, z: number, means: number): number {
    const { quadratic, bilinear, share, own, other } = this;
    const [xx, yy, zz, xy, yz, zx] = [x * x, y * y, z * z, x * y, y * z, z * x];
    let sum = 0;
    for (let i = 0; i < share.length; i++) {
      const [q, b, a, o] = [quadratic[i], bilinear[i], own[i], other[i]];
      const e12 = q * (xx + yy) + b * xy;
      const e23 = q * (yy + zz) + b * yz;
      const e31 = q * (zz + xx) + b * zx;
      let f = 0;
      if (e12 > -40) f += Math.exp(e12) * (2 * normalCdf(a * z + o * (x + y)) - 1);
      if (e23 > -40) f += Math.exp(e23) * (2 * normalCdf(a * x + o * (y + z)) - 1);
      if (e31 > -40) f += Math.exp(e31) * (2 * normalCdf(a * y + o * (z + x)) - 1);
      sum += share[i] * f;
    }
    return means + sum;
  }

  /** d up/d omega_l for the unit at x, the others at y and z. */
  private decisive(x: number, y: number, z: number): number {
    if (x > SURE || x < -SURE) return 0;
    const { r, k } = this;
    const a = k * (y - r * x);
    const b = k * (z - r * x);
    const h = -Math.abs(a);
    // by tails where both lean to the same side: half of what differs is a small number there
    const apart =
      a > 0 === b > 0 ? normalCdf(h) + normalCdf(-Math.abs(b)) - 2 * this.both(h, -Math.abs(b)) : 1 - this.both(a, b) - this.both(-a, -b);
    return (normalPdf(x) / this.s) * Math.max(0, apart);
  }

  /** Returns false where the label is certain. */
  at(w1: number, w2: number, w3: number): boolean {
    const { s, slope } = this;
    const [x, y, z] = [w1 / s, w2 / s, w3 / s];
    const positive = (x > SURE ? 1 : 0) + (y > SURE ? 1 : 0) + (z > SURE ? 1 : 0);
    const negative = (x < -SURE ? 1 : 0) + (y < -SURE ? 1 : 0) + (z < -SURE ? 1 : 0);
    if (positive > 1 || negative > 1) {
      this.up = positive > 1 ? 1 : 0;
      this.down = 1 - this.up;
      slope.fill(0);
      return false;
    }
    const [m1, m2, m3] = [2 * normalCdf(x) - 1, 2 * normalCdf(y) - 1, 2 * normalCdf(z) - 1];
    const y0 = 0.5 * (m1 + m2 + m3 - this.product(x, y, z, m1 * m2 * m3));
    this.up = Math.max(0, 0.5 * (1 + y0));
    this.down = Math.max(0, 0.5 * (1 - y0));
    slope[0] = this.decisive(x, y, z);
    slope[1] = this.decisive(y, z, x);
    slope[2] = this.decisive(z, x, y);
    return true;
  }

  /** d^2 up/d e^2 along a difference of units of unit length, at omega = (w, w, w). */
  bend(w: number): number {
    const { s, r, k, c } = this;
    const x = w / s;
    const a = k * x * (1 - r);
    const h = -Math.abs(a);
    const apart = Math.max(0, 2 * (normalCdf(h) - this.both(h, h)));
    const turn = normalPdf(a) * (1 - 2 * normalCdf((a * (1 - c)) / Math.sqrt((1 - c) * (1 + c))));
    return (normalPdf(x) / (s * s)) * (-x * apart - k * (1 + 2 * r) * turn);
  }
}

/**
 * y = sign(sign z_1 + sign z_2) in closed form: Z_1 = Phi_2(h, k; r), Z_-1 = Phi_2(-h, -k; r), Z_0 = Phi(h) + Phi(k) - 2 Phi_2(h, k; r) with
 * h, k = omega/sqrt(V) and r the correlation. Derivatives of Phi_2 are d_h = phi(h) Phi((k - r h)/s), d_h d_k = phi(h) phi((k - r h)/s)/s.
 * Where Z is no small number Phi_2 is Plackett's integral over the correlation, whose nodes are made once for each r (one V serves
 * all rows of AMP); the rest goes through `cutMoments`.
 */
import type { Vec } from "../../core/types.ts";
import { gaussLegendre } from "../../numerics/quadrature.ts";
import { normalCdf, normalPdf } from "../../numerics/special/normal.ts";
import { C_HH, C_HK, C_KK, CLOSEST, cutMoments, FARTHEST, G_H, G_K, LOG_MASS } from "./orthant.ts";

/** Below this mass the absolute error of Plackett's integral, about 1e-15, and the differences of derivatives would show. */
const SMALL = 1e-3;
/** Plackett's integral is used up to this correlation: its integrand steepens as 1/cos^2. */
const STEEP = 0.95;
/** A smaller variance counts as this one: the square of a gradient omega/V still is a number. */
const LEAST = 1e-140;

export interface Pair {
  /** ln Z_y at omega (2), V (2 x 2). */
  logPartition(omega: Vec, V: Vec, y: number): number;
  score(omega: Vec, V: Vec, y: number, g: Vec, curvature: Vec): number;
}

/** Owns its buffers: no call allocates. */
export function makePair(): Pair {
  let nodes = 0;
  let known = 0; // the correlation these belong to
  const quadratic = new Float64Array(32);
  const bilinear = new Float64Array(32);
  const share = new Float64Array(32);
  const one = new Float64Array(6);
  const two = new Float64Array(6);
  const law = new Float64Array(6);

  function prepare(r: number): void {
    if (r === known) return;
    known = r;
    const a = Math.abs(r);
    nodes = r === 0 ? 0 : a < 0.3 ? 8 : a < 0.75 ? 14 : 26;
    if (nodes === 0) return;
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

  /** ln Z and its derivatives in (h, k) into `law`, in the order of `cutMoments`. */
  function direct(h: number, k: number, r: number, y: number): boolean {
    prepare(r);
    const ph = normalCdf(h);
    const pk = normalCdf(k);
    const hh = h * h + k * k;
    const hk = h * k;
    let both = ph * pk;
    for (let i = 0; i < nodes; i++) both += share[i] * Math.exp(bilinear[i] * hk - quadratic[i] * hh);
    const Z = y === 0 ? ph + pk - 2 * both : both;
    if (!(Z > SMALL)) return false;
    const s = Math.sqrt((1 - r) * (1 + r));
    const u = (k - r * h) / s;
    const v = (h - r * k) / s;
    const density = normalPdf(h);
    let dh = density * normalCdf(u);
    let dk = normalPdf(k) * normalCdf(v);
    let mixed = (density * normalPdf(u)) / s;
    if (y === 0) {
      dh = density - 2 * dh;
      dk = normalPdf(k) - 2 * dk;
      mixed *= -2;
    }
    const gh = dh / Z;
    const gk = dk / Z;
    const m = mixed / Z;
    law[LOG_MASS] = Math.log(Math.min(1, Z));
    law[G_H] = gh;
    law[G_K] = gk;
    law[C_HH] = gh * (gh + h) + r * m;
    law[C_HK] = gh * gk - m;
    law[C_KK] = gk * (gk + k) + r * m;
    return true;
  }

  /** The label 0 is a mixture of two orthants: curvatures average, less the variance of the gradients. */
  function mixed(h: number, k: number, r: number): void {
    cutMoments(h, -k, -r, one);
    cutMoments(-h, k, -r, two);
    const gap = two[LOG_MASS] - one[LOG_MASS];
    const a = 1 / (1 + Math.exp(Math.min(gap, 700)));
    const b = 1 / (1 + Math.exp(Math.min(-gap, 700)));
    const stepH = one[G_H] + two[G_H];
    const stepK = -one[G_K] - two[G_K];
    law[LOG_MASS] = Math.min(0, Math.max(one[LOG_MASS], two[LOG_MASS]) + Math.log1p(Math.exp(-Math.abs(gap))));
    law[G_H] = a * one[G_H] - b * two[G_H];
    law[G_K] = -a * one[G_K] + b * two[G_K];
    law[C_HH] = a * one[C_HH] + b * two[C_HH] - a * stepH * (b * stepH);
    law[C_HK] = -a * one[C_HK] - b * two[C_HK] - a * stepH * (b * stepK);
    law[C_KK] = a * one[C_KK] + b * two[C_KK] - a * stepK * (b * stepK);
  }

  function evaluate(omega: Vec, V: Vec, y: number): void {
    const v1 = Math.max(V[0], LEAST);
    const v2 = Math.max(V[3], LEAST);
    const sign = y === 0 ? 1 : y;
    const h = Math.max(-FARTHEST, Math.min(FARTHEST, (sign * omega[0]) / Math.sqrt(v1)));
    const k = Math.max(-FARTHEST, Math.min(FARTHEST, (sign * omega[1]) / Math.sqrt(v2)));
    const r = Math.max(-CLOSEST, Math.min(CLOSEST, V[1] / Math.sqrt(v1) / Math.sqrt(v2)));
    if (Math.abs(r) < STEEP && direct(h, k, r, y)) {
      /* done */
    } else if (y === 0) mixed(h, k, r);
    else cutMoments(h, k, r, law);
    if (sign < 0) {
      law[G_H] = -law[G_H];
      law[G_K] = -law[G_K];
    }
  }

  return {
    logPartition(omega, V, y) {
      evaluate(omega, V, y);
      return law[LOG_MASS];
    },
    score(omega, V, y, g, curvature) {
      evaluate(omega, V, y);
      const a = 1 / Math.sqrt(Math.max(V[0], LEAST));
      const b = 1 / Math.sqrt(Math.max(V[3], LEAST));
      g[0] = a * law[G_H];
      g[1] = b * law[G_K];
      curvature[0] = a * a * law[C_HH];
      curvature[1] = curvature[2] = a * law[C_HK] * b;
      curvature[3] = b * b * law[C_KK];
      return law[LOG_MASS];
    }
  };
}

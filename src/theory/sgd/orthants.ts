/**
 * Orthant probabilities of up to four centred Gaussians, and <theta(x) theta(y) z_+ u_+>, what the dynamics of relu networks needs.
 *
 * With unit variances and correlations r, Stein's lemma twice gives, all indices different,
 *   <theta_x theta_y z_+ u_+> = r_zu P4 + (1/2pi) sum over the six pairs {j,m} of c_jm/sqrt(1 - r_jm^2) P2(the other two | j = m = 0),
 *   c_jm = r_zj r_um + r_zm r_uj - r_jm (r_zj r_uj + r_zm r_um),  which is r_ux (1 - r_xz^2) for {x,z}, 1 - r_zu^2 for {z,u}.
 * P2 = 1/4 + asin(partial correlation)/2pi; partial correlations are read off the inverse of ONE pivoted Cholesky factor, so
 * that the terms which cancel where units align (r -> 1) carry the same rounding. P4 has no elementary form: with the
 * correlations of one variable u scaled by t (Plackett, Biometrika 41, 1954), dP4/dt is elementary and
 *   P4 = P3/2 + sum_j asin(r_ju)/8pi + (1/4pi^2) int_0^1 sum_j r_ju (1 - t^2 r_ju^2)^(-1/2) asin(r_kl|ju(t)) dt.
 * All its singularities lie on the real axis at |t| >= 1/R (R the multiple correlation of u): with t = tanh(w)/R the integrand
 * is analytic for |Im w| < pi/2, and Gauss-Legendre on panels of length 1.2 in w is exact to rounding however close R is to 1.
 */
import type { Vec } from "../../core/types.ts";
import { gaussLegendre } from "../../numerics/quadrature.ts";

/** Buffers of one four-variable evaluation. */
export interface OrthantWork {
  /** Correlations of the four, row-major 4 x 4. */
  readonly r: Vec;
  /** After `fourOrthant`: asin of the partial correlation of a and b given the other two, row-major 4 x 4. */
  readonly partial: Vec;
  readonly S: Vec;
  readonly L: Vec;
  /** L^-1. */
  readonly X: Vec;
  readonly D: Vec;
  readonly order: Int32Array;
  readonly inverse: Vec;
}

export function orthantWork(): OrthantWork {
  return {
    r: new Float64Array(16),
    partial: new Float64Array(16),
    S: new Float64Array(16),
    L: new Float64Array(16),
    X: new Float64Array(16),
    D: new Float64Array(4),
    order: new Int32Array(4),
    inverse: new Float64Array(16)
  };
}

const INV_2PI = 0.5 / Math.PI;
/** Pivots below this are rounding: the variable is a combination of the others. */
const FLOOR = 4e-16;
const PANEL = 1.2;
const { nodes: NODES, weights: WEIGHTS } = gaussLegendre(12);

/** 1 - r^2 >= 0. */
function gap(r: number): number {
  const d = (1 - r) * (1 + r);
  return d > 0 ? d : 0;
}

function asin(r: number): number {
  return Math.asin(r > 1 ? 1 : r < -1 ? -1 : r);
}

/** P(x > 0, y > 0, z > 0). */
export function threeOrthant(xy: number, xz: number, yz: number): number {
  return 0.125 + 0.5 * INV_2PI * (asin(xy) + asin(xz) + asin(yz));
}

/** P(all four > 0) for the correlations in `work.r`; leaves the partial correlations' asin in `work.partial`. */
export function fourOrthant(work: OrthantWork): number {
  const { r, X, D, order, inverse, partial } = work;
  factorise(work);
  // inverse = X^T D^-1 X in pivot order
  for (let a = 0; a < 4; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let k = a; k < 4; k++) sum += (X[4 * k + a] * X[4 * k + b]) / D[k];
      inverse[4 * order[a] + order[b]] = inverse[4 * order[b] + order[a]] = sum;
    }
  const det4 = D[0] * D[1] * D[2] * D[3];
  for (let a = 0; a < 4; a++)
    for (let b = 0; b < a; b++) {
      const j = a === 3 ? (b === 2 ? 0 : b === 1 ? 0 : 1) : a === 2 ? (b === 1 ? 0 : b === 0 ? 1 : 0) : 2;
      const m = 6 - a - b - j;
      // tan of the angle: -inverse_ab / sqrt(det2_jm/det4), the complementary minor
      const angle = Math.atan2(-inverse[4 * a + b], Math.sqrt(gap(r[4 * j + m]) / det4));
      partial[4 * a + b] = partial[4 * b + a] = angle;
    }

  return alongPath(work);
}

/**
 * P4 with u the last pivot, a, b, c the others as unit vectors of the factor: a = e1, b = (ab, sb, 0), c = (ca, cb sb, sc),
 * u = (u1, u2, u3) and an orthogonal rest. The numerators of the partial correlations along the path are cross products of
 * these: where three fields align the angles they give still add up, which differences of correlations would not.
 */
function alongPath({ r, L, D, order }: OrthantWork): number {
  const sb = Math.sqrt(D[1]);
  const sc = Math.sqrt(D[2]);
  const ab = L[4];
  const ca = L[8];
  const cb = L[9];
  const c2 = cb * sb;
  const u1 = L[12];
  const u2 = L[13] * sb;
  const u3 = L[14] * sc;
  const au = u1;
  const bu = ab * u1 + sb * u2;
  const cu = ca * u1 + c2 * u2 + sc * u3;
  const rho = (k: number, l: number) => asin(r[4 * order[k] + order[l]]);
  const base = 0.0625 + 0.25 * INV_2PI * (rho(0, 1) + rho(0, 2) + rho(1, 2) + rho(0, 3) + rho(1, 3) + rho(2, 3));
  const R2 = 1 - D[3]; // squared multiple correlation of u
  if (!(R2 > 1e-32)) return base;
  const R = Math.sqrt(R2);
  const root3 = sb * sc;
  const ga = gap(au / R);
  const gb = gap(bu / R);
  const gc = gap(cu / R);
  // numerator of the partial correlation of k, l given j, u at t: n0 - t^2 n1, n0 = k'.l', n1 = n0 (j.u)^2 + (k'.u)(l'.u), ' off j
  const plane = u1 * u1 + u2 * u2;
  const a0 = cb * sb * sb;
  const a1 = sb * (c2 * plane + u2 * u3 * sc);
  const m = ca - ab * cb;
  const off = u1 * sb - u2 * ab;
  const b0 = sb * sb * m;
  const b1 = sb * (sb * m * plane + off * u3 * sc);
  const w1 = u2 * sc - u3 * c2; // u x c
  const w2 = u3 * ca - u1 * sc;
  const w3 = u1 * c2 - u2 * ca;
  const c0 = ab * sc * sc - c2 * sb * m; // (a x c).(b x c)
  const c1 = c0 * cu * cu + (c2 * w3 - sc * w2) * (sb * sc * w1 - ab * sc * w2 - sb * m * w3);
  const end = 0.5 * Math.log((1 + R) ** 2 / D[3]); // atanh R
  const panels = Math.ceil(end / PANEL);
  const half = (0.5 * end) / panels;
  let integral = 0;
  for (let p = 0; p < panels; p++) {
    const mid = (2 * p + 1) * half;
    for (let i = 0; i < NODES.length; i++) {
      const e = Math.exp(-2 * (mid + half * NODES[i]));
      const th = (1 - e) / (1 + e);
      const sech2 = (4 * e) / ((1 + e) * (1 + e));
      const th2 = th * th;
      const t2 = th2 / R2;
      const root4 = root3 * Math.sqrt(sech2); // sqrt det4(t)
      const da = Math.sqrt(sech2 + ga * th2);
      const db = Math.sqrt(sech2 + gb * th2);
      const dc = Math.sqrt(sech2 + gc * th2);
      const sum =
        (au / da) * Math.atan2(a0 - t2 * a1, root4 * da) +
        (bu / db) * Math.atan2(b0 - t2 * b1, root4 * db) +
        (cu / dc) * Math.atan2(c0 - t2 * c1, root4 * dc);
      integral += WEIGHTS[i] * half * sech2 * sum;
    }
  }
  return base + (INV_2PI * INV_2PI * integral) / R;
}

/** Pivoted L D L^T of `work.r`, largest pivot first, and X = L^-1. */
function factorise({ r, S, L, X, D, order }: OrthantWork): void {
  S.set(r);
  L.fill(0);
  for (let a = 0; a < 4; a++) order[a] = a;
  for (let k = 0; k < 4; k++) {
    let best = k;
    for (let a = k + 1; a < 4; a++) if (S[5 * order[a]] > S[5 * order[best]]) best = a;
    if (best !== k) {
      const o = order[k];
      order[k] = order[best];
      order[best] = o;
      for (let b = 0; b < k; b++) {
        const l = L[4 * k + b];
        L[4 * k + b] = L[4 * best + b];
        L[4 * best + b] = l;
      }
    }
    const p = order[k];
    const pivot = S[5 * p];
    L[5 * k] = 1;
    if (!(pivot > FLOOR)) {
      D[k] = FLOOR; // nothing left but rounding: taken as independent
      continue;
    }
    D[k] = pivot;
    for (let a = k + 1; a < 4; a++) L[4 * a + k] = S[4 * order[a] + p] / pivot;
    for (let a = k + 1; a < 4; a++) for (let b = k + 1; b < 4; b++) S[4 * order[a] + order[b]] -= L[4 * a + k] * L[4 * b + k] * pivot;
  }
  for (let a = 0; a < 4; a++) {
    X[5 * a] = 1;
    for (let b = 0; b < a; b++) {
      let sum = L[4 * a + b];
      for (let k = b + 1; k < a; k++) sum += L[4 * a + k] * X[4 * k + b];
      X[4 * a + b] = -sum;
    }
  }
}

/** c_xy/sqrt(1 - r_xy^2) of the header, 0 where x and y are parallel. */
export function parallelTerm(xy: number, zx: number, zy: number, ux: number, uy: number): number {
  const d = gap(xy);
  return d > FLOOR ? (zx * uy + zy * ux - xy * (zx * ux + zy * uy)) / Math.sqrt(d) : 0;
}

/** <theta(x) z_+ u_+> at unit variances, all different. */
export function halfProduct(xz: number, xu: number, zu: number): number {
  return zu * threeOrthant(xz, xu, zu) + 0.5 * INV_2PI * (Math.sqrt(gap(zu)) + xu * Math.sqrt(gap(xz)) + xz * Math.sqrt(gap(xu)));
}

/** <theta(x) theta(y) z_+^2> at unit variances, all different. */
export function quadrantSquare(xy: number, xz: number, yz: number): number {
  return threeOrthant(xy, xz, yz) + 0.5 * INV_2PI * (xz * Math.sqrt(gap(xz)) + yz * Math.sqrt(gap(yz)) + parallelTerm(xy, xz, yz, xz, yz));
}

/** <theta(x) z_+^2> at unit variances. */
export function halfSquare(xz: number): number {
  return 0.25 + INV_2PI * (asin(xz) + xz * Math.sqrt(gap(xz)));
}

/** <x_+ y_+> at unit variances. */
export function rampProduct(xy: number): number {
  return 0.25 * xy + INV_2PI * (Math.sqrt(gap(xy)) + xy * asin(xy));
}

/** <theta(x) theta(y) z_+ u_+> for four different variables, r in `work.r`, p4 and `work.partial` from `fourOrthant`. */
export function quadrantProductOf(work: OrthantWork, p4: number, x: number, y: number, z: number, u: number): number {
  const { r, partial } = work;
  const xy = r[4 * x + y];
  const xz = r[4 * x + z];
  const xu = r[4 * x + u];
  const yz = r[4 * y + z];
  const yu = r[4 * y + u];
  const zu = r[4 * z + u];
  const pair = (a: number, b: number) => 0.25 + INV_2PI * partial[4 * a + b];
  return (
    zu * p4 +
    INV_2PI *
      (Math.sqrt(gap(zu)) * pair(x, y) +
        xu * Math.sqrt(gap(xz)) * pair(y, u) +
        yu * Math.sqrt(gap(yz)) * pair(x, u) +
        xz * Math.sqrt(gap(xu)) * pair(y, z) +
        yz * Math.sqrt(gap(yu)) * pair(x, z) +
        parallelTerm(xy, xz, yz, xu, yu) * pair(z, u))
  );
}

/** <theta(x) theta(y) z_+ u_+> of any four fields, coinciding or not; 0 where one of them vanishes. */
export function quadrantProduct(
  work: OrthantWork,
  fields: { readonly size: number; readonly covariance: Vec },
  x: number,
  y: number,
  z: number,
  u: number
): number {
  const { size, covariance: C } = fields;
  const at = [x, y, z, u];
  for (const a of at) if (!(C[a * size + a] > 0)) return 0;
  const rho = (a: number, b: number) => {
    if (a === b) return 1;
    const c = C[a * size + b] / Math.sqrt(C[a * size + a] * C[b * size + b]);
    return c > 1 ? 1 : c < -1 ? -1 : c;
  };
  const scale = Math.sqrt(C[z * size + z] * C[u * size + u]);
  if (x === y) {
    if (z === u) return scale * (x === z ? 0.5 : halfSquare(rho(x, z)));
    return scale * (x === z || x === u ? rampProduct(rho(z, u)) : halfProduct(rho(x, z), rho(x, u), rho(z, u)));
  }
  if (z === u) {
    if (z === x) return scale * halfSquare(rho(y, z));
    return scale * (z === y ? halfSquare(rho(x, z)) : quadrantSquare(rho(x, y), rho(x, z), rho(y, z)));
  }
  const xIn = x === z || x === u;
  const yIn = y === z || y === u;
  if (xIn && yIn) return scale * rampProduct(rho(z, u));
  if (xIn || yIn) {
    const other = xIn ? y : x;
    return scale * halfProduct(rho(other, z), rho(other, u), rho(z, u));
  }
  for (let a = 0; a < 4; a++) for (let b = 0; b < 4; b++) work.r[4 * a + b] = rho(at[a], at[b]);
  return scale * quadrantProductOf(work, fourOrthant(work), 0, 1, 2, 3);
}

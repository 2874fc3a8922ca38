/**
 * Averages over centred Gaussian local fields h ~ N(0, C) that close the dynamics of online SGD (Saad and Solla, Phys. Rev. E 52
 * (1995) 4225; Goldt et al., NeurIPS 2019, appendix; relu: this file and orthants.ts, by Stein's lemma):
 * I2 = <g(x) g(y)>, I3 = <g'(x) y g(z)>, I4 = <g'(x) g'(y) g(z) g(u)> and <g'(x) g'(y)>.
 */
import type { Vec } from "../../core/types.ts";
import { type OrthantWork, orthantWork, quadrantProduct } from "./orthants.ts";

/** g(x) = erf(x/sqrt 2), x, x^2 or max(x, 0). */
export type SgdActivation = "erf" | "linear" | "square" | "relu";
export const SGD_ACTIVATIONS: readonly SgdActivation[] = ["erf", "linear", "square", "relu"];

/** Covariance of the fields, `size` x `size`, row-major, symmetric and positive semidefinite. Indices below may coincide. */
export interface Fields {
  readonly size: number;
  readonly covariance: Vec;
}

const TWO_OVER_PI = 2 / Math.PI;
const INV_2PI = 0.5 / Math.PI;

/** asin with arguments that rounding put outside [-1, 1] brought back; inlined rational function of fdlibm below 1/2, where nearly all calls of the dynamics fall. */
export function safeAsin(x: number): number {
  if (x < 0.5 && x > -0.5) {
    const t = x * x;
    const p =
      t *
      (0.16666666666666666 +
        t *
          (-0.3255658186224009 +
            t * (0.20121253213486293 + t * (-0.04005553450067941 + t * (7.915349942898145e-4 + t * 3.479331075960212e-5)))));
    const q = 1 + t * (-2.403394911734414 + t * (2.0209457602335057 + t * (-0.6882839716054533 + t * 0.07703815055590194)));
    return x + x * (p / q);
  }
  return Math.asin(x > 1 ? 1 : x < -1 ? -1 : x);
}

/** c/sqrt(a b), 0 where a field vanishes. */
function correlation(c: number, a: number, b: number): number {
  const ab = a * b;
  if (!(ab > 0)) return 0;
  const r = c / Math.sqrt(ab);
  return r > 1 ? 1 : r < -1 ? -1 : r;
}

/** sqrt(1 - r^2) without cancellation in the square. */
function coRoot(r: number): number {
  return Math.sqrt((1 - r) * (1 + r));
}

/** I2 = <g(x) g(y)> for variances cxx, cyy and covariance cxy. */
export function productAverage(g: SgdActivation, cxx: number, cxy: number, cyy: number): number {
  switch (g) {
    case "linear":
      return cxy;
    case "square":
      return cxx * cyy + 2 * cxy * cxy;
    case "erf":
      return TWO_OVER_PI * safeAsin(cxy / Math.sqrt((1 + cxx) * (1 + cyy)));
    case "relu": {
      const r = correlation(cxy, cxx, cyy);
      return INV_2PI * (Math.sqrt(Math.max(0, cxx * cyy)) * coRoot(r) + cxy * (Math.PI / 2 + Math.asin(r)));
    }
  }
}

/** <g'(x) g'(y)>; for relu with slope 0 at a field that vanishes. */
export function slopeAverage(g: SgdActivation, cxx: number, cxy: number, cyy: number): number {
  switch (g) {
    case "linear":
      return 1;
    case "square":
      return 4 * cxy;
    case "erf":
      return TWO_OVER_PI / Math.sqrt((1 + cxx) * (1 + cyy) - cxy * cxy);
    case "relu":
      return cxx > 0 && cyy > 0 ? 0.25 + INV_2PI * Math.asin(correlation(cxy, cxx, cyy)) : 0;
  }
}

/** I2 of the fields x and y. */
export function integral2(g: SgdActivation, { size, covariance: C }: Fields, x: number, y: number): number {
  return productAverage(g, C[x * size + x], C[x * size + y], C[y * size + y]);
}

/** I3 = <g'(x) y g(z)>. */
export function integral3(g: SgdActivation, { size, covariance: C }: Fields, x: number, y: number, z: number): number {
  const xx = C[x * size + x];
  const xy = C[x * size + y];
  const xz = C[x * size + z];
  const yz = C[y * size + z];
  const zz = C[z * size + z];
  switch (g) {
    case "linear":
      return yz;
    case "square":
      return 2 * (xy * zz + 2 * xz * yz);
    case "erf": {
      const d = 1 + xx;
      return (TWO_OVER_PI * (yz - (xy * xz) / d)) / Math.sqrt(d * (1 + zz) - xz * xz);
    }
    case "relu": {
      if (!(xx > 0)) return 0;
      // Stein: C_yx <delta(x) z_+> + C_yz <theta(x) theta(z)>
      const r = correlation(xz, xx, zz);
      return INV_2PI * xy * Math.sqrt(zz / xx) * coRoot(r) + (zz > 0 ? yz * (0.25 + INV_2PI * Math.asin(r)) : 0);
    }
  }
}

let scratch: OrthantWork | undefined;

/** I4 = <g'(x) g'(y) g(z) g(u)>. */
export function integral4(g: SgdActivation, fields: Fields, x: number, y: number, z: number, u: number): number {
  const { size, covariance: C } = fields;
  const xx = C[x * size + x];
  const xy = C[x * size + y];
  const xz = C[x * size + z];
  const xu = C[x * size + u];
  const yy = C[y * size + y];
  const yz = C[y * size + z];
  const yu = C[y * size + u];
  const zz = C[z * size + z];
  const zu = C[z * size + u];
  const uu = C[u * size + u];
  switch (g) {
    case "linear":
      return zu;
    case "square":
      // the 15 pairings of <x y z z u u>, times the 4 of the slopes
      return 4 * (xy * (zz * uu + 2 * zu * zu) + 2 * xz * yz * uu + 2 * xu * yu * zz + 4 * zu * (xz * yu + xu * yz));
    case "erf": {
      // the slopes tilt the law: z and u keep a Gaussian law of smaller covariance
      const dx = 1 + xx;
      const dy = 1 + yy;
      const det = dx * dy - xy * xy;
      const vz = 1 + zz - (dy * xz * xz + dx * yz * yz - 2 * xy * xz * yz) / det;
      const vu = 1 + uu - (dy * xu * xu + dx * yu * yu - 2 * xy * xu * yu) / det;
      const c = zu - (dy * xz * xu + dx * yz * yu - xy * (xz * yu + yz * xu)) / det;
      return ((TWO_OVER_PI * TWO_OVER_PI) / Math.sqrt(det)) * safeAsin(c / Math.sqrt(vz * vu));
    }
    case "relu":
      scratch ??= orthantWork();
      return quadrantProduct(scratch, fields, x, y, z, u);
  }
}

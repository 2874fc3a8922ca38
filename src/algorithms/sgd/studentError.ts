/**
 * The error of a student on fresh Gaussian inputs, E (phi* - phi)^2 / 2, from the overlaps of actual weights: sums of E g(a) g(b)
 * of two Gaussians, in closed form for each activation (erf: Williams 1997; relu: Cho and Saul 2009).
 */
import type { Overlaps } from "../../core/types.ts";
import type { SgdActivation } from "./nonlinearity.ts";

/** E g(a) g(b), a ~ N(0, A), b ~ N(0, B), E a b = C. */
const products: Readonly<Record<SgdActivation, (A: number, B: number, C: number) => number>> = {
  erf: (A, B, C) => (2 / Math.PI) * Math.asin(within(C / Math.sqrt((1 + A) * (1 + B)))),
  linear: (_A, _B, C) => C,
  square: (A, B, C) => A * B + 2 * C * C,
  relu: (A, B, C) => {
    const size = Math.sqrt(A * B);
    if (size === 0) return 0;
    const cosine = within(C / size);
    const angle = Math.acos(cosine);
    return (size * (Math.sqrt((1 - cosine) * (1 + cosine)) + (Math.PI - angle) * cosine)) / (2 * Math.PI);
  }
};

/** A cosine: outside [-1, 1] by rounding only. */
const within = (c: number): number => Math.min(1, Math.max(-1, c));

/** >= 0: a sum of squares, whose rounding below zero is set to zero. */
export function studentError(activation: SgdActivation, { Q, R, T, v, vTeacher }: Overlaps): number {
  const product = products[activation];
  let twice = 0;
  for (let i = 0; i < v.length; i++) {
    for (let k = 0; k < v.length; k++) twice += v[i] * v[k] * product(Q[i][i], Q[k][k], Q[i][k]);
    for (let m = 0; m < vTeacher.length; m++) twice -= 2 * v[i] * vTeacher[m] * product(Q[i][i], T[m][m], R[i][m]);
  }
  for (let m = 0; m < vTeacher.length; m++)
    for (let n = 0; n < vTeacher.length; n++) twice += vTeacher[m] * vTeacher[n] * product(T[m][m], T[n][n], T[m][n]);
  return Math.max(0, twice / 2);
}

/**
 * The one average over Gaussian fields that Stein's form of SGD on structured inputs needs beside I2, I4 and <g'(x) g'(y)>:
 * E g'(lambda_k) Delta x = sum_l Cov(x, lambda_l) E d_l(g'_k Delta) + sum_m Cov(x, nu_m) E d_m(g'_k Delta) divides by nothing that vanishes
 * when units align, and d_k brings <g''(x) g(y)>.
 */
import type { SgdActivation } from "../gaussianIntegrals.ts";

/** <g''(x) g(y)> for variances cxx, cyy and covariance cxy; relu: x's density at 0 times E y_+ there, 0 where x vanishes. */
export function curvedAverage(g: SgdActivation, cxx: number, cxy: number, cyy: number): number {
  switch (g) {
    case "linear":
      return 0;
    case "square":
      return 2 * cyy;
    case "erf":
      return ((-2 / Math.PI) * cxy) / ((1 + cxx) * Math.sqrt((1 + cxx) * (1 + cyy) - cxy * cxy));
    case "relu":
      return cxx > 0 ? Math.sqrt(Math.max(0, cyy * cxx - cxy * cxy)) / (2 * Math.PI * cxx) : 0;
  }
}

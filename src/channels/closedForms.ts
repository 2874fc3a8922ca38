/**
 * J(q, V) = E|g|^2 on the matched line as one-dimensional integrals (theory.md, section 1, and below).
 *
 * abs and modulus: the posterior variances are y^2 sech^2(y omega/V) and y^2 (1 - R^2(2 y |omega|/V)), R = I1/I0. In the
 * variable s = the product that both depend on, the other direction integrates to a Bessel function K1. With rho = q + V,
 * k = sqrt(q/rho):
 *   abs      V J = (2/pi) int_0^inf s K1(s) [1 - sqrt(V/rho) sech(k s)] ds
 *   modulus  V J = 1 - (V/(2 rho)) int_0^inf s^2 K1(s) I0(k s) (1 - R^2(k s)) ds = -q/V + (V/(2 rho)) int s^2 K1 I0 R^2 ds.
 */
import { type Rule, composite } from "../numerics/quadrature.ts";
import { ratioDefect } from "../numerics/special/bessel.ts";
import { besselI0e, besselRatio, normalCdf, normalPdf } from "../numerics/special/index.ts";

const ROOT = 1 / Math.sqrt(2 * Math.PI);

/** Panels of 3 on the line: phi(x)^2/Phi(x) has its nearest poles 2.8 from the real axis. */
const unit = composite([-9, -6, -3, 0, 3, 6, 9]);
const unitWeight = unit.nodes.map((t, k) => unit.weights[k] * ROOT * Math.exp(-0.5 * t * t));
const fixed = composite([-9.5, -6.5, -3.5, -1, 1.5, 4, 7]);
const fixedValue = fixed.nodes.map((x, k) => (fixed.weights[k] * ROOT * normalPdf(x) ** 2) / normalCdf(x));

/** E phi(x)^2/Phi(x) over x ~ N(0, c2), for any c2 >= 0. */
export function hazardInformation(c2: number): number {
  const c = Math.sqrt(c2);
  let sum = 0;
  if (c <= 1)
    for (let k = 0; k < unitWeight.length; k++) {
      const x = c * unit.nodes[k];
      sum += (unitWeight[k] * normalPdf(x) ** 2) / normalCdf(x);
    }
  else {
    for (let k = 0; k < fixedValue.length; k++) sum += fixedValue[k] * Math.exp(-0.5 * (fixed.nodes[k] / c) ** 2);
    sum /= c;
  }
  return sum;
}

/** exp(s) K1(s): the trapezoid of int_0^inf exp(-s (cosh t - 1)) cosh t dt, or the asymptotic series past 50. */
export function besselK1e(s: number): number {
  if (s > 50) {
    let term = 1;
    let sum = 1;
    for (let k = 1; k < 14; k++) {
      term *= (4 - (2 * k - 1) ** 2) / (8 * k * s);
      sum += term;
    }
    return Math.sqrt(Math.PI / (2 * s)) * sum;
  }
  const h = 0.05;
  let sum = 0.5;
  for (let k = 1; ; k++) {
    const sinh = Math.sinh(0.5 * k * h);
    const exponent = 2 * s * sinh * sinh;
    if (exponent > 45) return h * sum;
    sum += Math.exp(-exponent) * (1 + 2 * sinh * sinh);
  }
}

/** Dyadic panels [0, 2^-8], [2^-8, 2^-7], ...: s K1 has a logarithm at 0, whose first panel weighs 4e-15; factors of scale 2^j fit one panel each. */
const FIRST = -8;
const ORDER = 16;
const panels: (Rule | undefined)[] = [];

/** Nodes s and weights times exp(s) K1(s) of panel j, made when first wanted. */
function besselPanel(j: number): Rule {
  const known = panels[j];
  if (known) return known;
  const { nodes, weights } = composite(j === 0 ? [0, 2 ** FIRST] : [2 ** (FIRST + j - 1), 2 ** (FIRST + j)], ORDER);
  const rule = { nodes, weights: weights.map((w, k) => w * besselK1e(nodes[k])) };
  panels[j] = rule;
  return rule;
}

/** J of y = |z|, real, on the matched line. */
export function absInformation(q: number, V: number): number {
  const rho = q + V;
  const k = Math.sqrt(q / rho);
  const lost = Math.sqrt(V / rho);
  const gap = q / rho / (1 + lost); // 1 - sqrt(V/rho)
  let sum = 0;
  for (let j = 0; 2 ** (FIRST + j - 1) < 45; j++) {
    const { nodes, weights } = besselPanel(j);
    for (let i = 0; i < ORDER; i++) {
      const s = nodes[i];
      const e = Math.exp(-k * s);
      const sech = (2 * e) / (1 + e * e);
      const m = Math.expm1(-k * s);
      sum += weights[i] * s * Math.exp(-s) * ((m * m) / (1 + e * e) + gap * sech);
    }
  }
  return ((2 / Math.PI) * sum) / V;
}

/** J of y = |z|, complex, on the matched line: E|d_conj(omega) ln Z|^2. */
export function modulusInformation(q: number, V: number): number {
  const rho = q + V;
  const u = q / rho;
  const k = Math.sqrt(u);
  const rate = V / rho / (1 + k); // 1 - k
  const near = u < 0.5;
  let sum = 0;
  for (let j = 0; rate * 2 ** (FIRST + j - 1) < 45 && j < 80; j++) {
    const { nodes, weights } = besselPanel(j);
    for (let i = 0; i < ORDER; i++) {
      const s = nodes[i];
      const x = k * s;
      const R = besselRatio(x);
      const factor = near ? R * R : ratioDefect(x) * (1 + R);
      sum += weights[i] * s * s * Math.exp(-rate * s) * besselI0e(x) * factor;
    }
  }
  const moment = (V / (2 * rho)) * sum;
  return near ? (moment - q / V) / V : (1 - moment) / V;
}

/** Logistic functions and sums in log space, without overflow and with relative accuracy at both ends. */

/** 1/(1 + exp(-x)). */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** log(1 + exp(x)): x far right, exp(x) far left. */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** log(1 + exp(x)): the name used in log-partitions; the same function as `softplus`. */
export const log1pExp = softplus;

/** log cosh(x), even: x^2/2 at the origin, |x| - log 2 far out. */
export function logCosh(x: number): number {
  const y = Math.abs(x);
  if (y < 1) {
    const s = Math.sinh(0.5 * y);
    return Math.log1p(2 * s * s);
  }
  return y - Math.LN2 + Math.log1p(Math.exp(-2 * y));
}

/** log(exp(a) + exp(b)); either may be -Infinity (an empty sum). */
export function logAddExp(a: number, b: number): number {
  const gap = -Math.abs(a - b);
  return a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(gap));
}

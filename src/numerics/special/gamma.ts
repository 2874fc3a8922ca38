/**
 * log Gamma on x > 0: a rational function times the zeros at 1 and 2 on [1, 3] (coefficients by
 * test/numerics/references/fit.py), the recurrence around it, Stirling's series from 10 on. Relative error below 1e-15.
 */
import { ParameterError } from "../../core/parameters.ts";

/** log Gamma(2 + t) for t in [-1, 1]; exact zeros at t = -1 and 0. */
function around2(t: number): number {
  const p =
    (((((((1.0261136237959507e-8 * t + 6.930047210094481e-6) * t + 0.0003554979088309588) * t + 0.006381696012265219) * t +
      0.05452608945853805) *
      t +
      0.24893297456010283) *
      t +
      0.6233770865651489) *
      t +
      0.8074156433842646) *
      t +
    0.42278433509846713;
  const q =
    (((((((1.6392895207571376e-6 * t + 0.00012900857815227755) * t + 0.003255442819649109) * t + 0.03841536385415313) * t +
      0.24567057492845198) *
      t +
      0.902913746395982) *
      t +
      1.9059289088901863) *
      t +
      2.1470354261049103) *
      t +
    1;
  return ((1 + t) * t * p) / q + 0; // no negative zero
}

/** log Gamma(x), x > 0. Throws ParameterError elsewhere. Past 2.5e305 the value exceeds the doubles and stays at the largest one. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new ParameterError(`logGamma: x must be a positive number, got ${x}; for example 0.5`);
  if (x < 1) return around2(x - 1) - Math.log(x);
  if (x <= 3) return around2(x - 2);
  if (x < 10) {
    let y = x;
    let product = 1;
    while (y > 3) {
      y -= 1;
      product *= y;
    }
    return Math.log(product) + around2(y - 2);
  }
  const z = 1 / (x * x);
  const series =
    (((((((-3617 / 122400) * z + 1 / 156) * z - 691 / 360360) * z + 1 / 1188) * z - 1 / 1680) * z + 1 / 1260) * z - 1 / 360) * z + 1 / 12;
  const r = (x - 0.5) * (Math.log(x) - 1) + (series / x + (0.9189385332046728 - 0.5));
  return r < Number.MAX_VALUE ? r : Number.MAX_VALUE;
}

/**
 * log Gamma on x > 0: a rational function times the zeros at 1 and 2 on [1, 3] (coefficients by
 * test/numerics/references/fit.py), the recurrence around it, Stirling's series from 10 on. Relative error below 1e-15.
 */
import { ParameterError } from "../../core/parameters.ts";

/** log Gamma(2 + t) for t in [-1, 1]; exact zeros at t = -1 and 0. */
function around2(t: number): number {
  const p =
    (((((((1.02611362379595077e-8 * t + 6.93004721009448131e-6) * t + 0.000355497908830958803) * t + 0.00638169601226521957) * t +
      0.054526089458538048) * t + 0.248932974560102831) * t + 0.623377086565148937) * t + 0.807415643384264648) * t + 0.422784335098467139;
  const q =
    (((((((1.6392895207571375e-6 * t + 0.000129008578152277546) * t + 0.00325544281964910886) * t + 0.0384153638541531313) * t +
      0.245670574928451979) * t + 0.902913746395981979) * t + 1.9059289088901864) * t + 2.14703542610491028) * t + 1;
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
  const r = (x - 0.5) * (Math.log(x) - 1) + (series / x + (0.91893853320467274178 - 0.5));
  return r < Number.MAX_VALUE ? r : Number.MAX_VALUE;
}

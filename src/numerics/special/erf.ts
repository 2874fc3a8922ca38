/**
 * The error function and its scaled complement: Cody's rational Chebyshev approximations (Math. Comp. 23, 1969, 631-637),
 * with the square in the exponent split so that exp(-x^2) keeps full relative accuracy. Relative error below 1e-15.
 */

/** exp(-x^2) to full relative accuracy: the rounding error of x*x is put back (Dekker's product). 0 for |x| > 27.3. */
export function expMinusSquare(x: number): number {
  if (!(Math.abs(x) < 28)) return 0;
  const s = x * x;
  const c = 134217729 * x;
  const high = c - (c - x);
  const low = x - high;
  const lost = high * high - s + 2 * high * low + low * low; // x*x = s + lost exactly
  return Math.exp(-s) * (1 - lost);
}

/** exp(x^2), for erfcx at negative arguments; kept finite. */
function expSquare(x: number): number {
  const s = x * x;
  if (s > 709.7) return Number.MAX_VALUE;
  const c = 134217729 * x;
  const high = c - (c - x);
  const low = x - high;
  return Math.exp(s) * (1 + (high * high - s + 2 * high * low + low * low));
}

/** erf(x)/x as a function of z = x^2, for |x| <= 0.46875. */
function erfSmall(z: number): number {
  const p = (((0.18577770618460315 * z + 3.1611237438705655) * z + 113.86415415105016) * z + 377.485237685302) * z + 3209.3775891384694;
  const q = (((z + 23.601290952344122) * z + 244.02463793444417) * z + 1282.6165260773723) * z + 2844.236833439171;
  return p / q;
}

/** erfcx for x >= 0.46875. */
function erfcxLarge(x: number): number {
  if (x <= 4) {
    const p =
      (((((((2.1531153547440383e-8 * x + 0.5641884969886701) * x + 8.883149794388377) * x + 66.11919063714163) * x + 298.6351381974001) *
        x +
        881.952221241769) *
        x +
        1712.0476126340707) *
        x +
        2051.0783778260716) *
        x +
      1230.3393547979972;
    const q =
      (((((((x + 15.744926110709835) * x + 117.6939508913125) * x + 537.1811018620099) * x + 1621.3895745666903) * x + 3290.7992357334597) *
        x +
        4362.619090143247) *
        x +
        3439.3676741437216) *
        x +
      1230.3393548037495;
    return p / q;
  }
  const z = 1 / (x * x);
  const p =
    ((((0.016315387137302097 * z + 0.30532663496123236) * z + 0.36034489994980445) * z + 0.12578172611122926) * z + 0.016083785148742275) *
      z +
    0.0006587491615298378;
  const q =
    ((((z + 2.568520192289822) * z + 1.8729528499234604) * z + 0.5279051029514285) * z + 0.06051834131244132) * z + 0.0023352049762686918;
  return (0.5641895835477563 - (z * p) / q) / x;
}

/** (2/sqrt(pi)) times the integral of exp(-t^2) over [0, x]; odd, in [-1, 1]. */
export function erf(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.46875) return x * erfSmall(x * x);
  if (y > 6) return x < 0 ? -1 : 1;
  const r = 0.5 - erfcxLarge(y) * expMinusSquare(y) + 0.5;
  return x < 0 ? -r : r;
}

/** 1 - erf(x) without cancellation; in [0, 2], 0 past x = 27.3 where it leaves the range of doubles. */
export function erfc(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.46875) return 1 - x * erfSmall(x * x);
  const r = erfcxLarge(y) * expMinusSquare(y);
  return x < 0 ? 2 - r : r;
}

/** exp(x^2) erfc(x): about 1/(x sqrt(pi)) for large x; below x = -26.6 it exceeds the doubles and stays at the largest one. */
export function erfcx(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.46875) return Math.exp(x * x) * (1 - x * erfSmall(x * x));
  if (x > 0) return erfcxLarge(x);
  const r = 2 * expSquare(y) - erfcxLarge(y);
  return r < Number.MAX_VALUE ? r : Number.MAX_VALUE;
}

/** log erfc(x) for every x: about -x^2 for large positive x (kept above -1.8e308), log 2 for large negative x. */
export function logErfc(x: number): number {
  if (x < 0.46875) return Math.log1p(-erf(x));
  const r = -x * x + Math.log(erfcxLarge(x));
  return r > -Number.MAX_VALUE ? r : -Number.MAX_VALUE;
}

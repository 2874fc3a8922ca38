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
  const p =
    (((1.8577770618460315267e-1 * z + 3.161123743870565596947) * z + 1.138641541510501556495e2) * z + 3.774852376853020208137e2) * z +
    3.209377589138469472562e3;
  const q =
    (((z + 2.360129095234412093499e1) * z + 2.440246379344441733056e2) * z + 1.282616526077372275645e3) * z + 2.844236833439170622273e3;
  return p / q;
}

/** erfcx for x >= 0.46875. */
function erfcxLarge(x: number): number {
  if (x <= 4) {
    const p =
      (((((((2.15311535474403846343e-8 * x + 5.64188496988670089180e-1) * x + 8.88314979438837594118) * x + 6.61191906371416294775e1) * x +
        2.98635138197400131132e2) * x + 8.81952221241769090411e2) * x + 1.71204761263407058314e3) * x + 2.05107837782607146532e3) * x +
      1.23033935479799725272e3;
    const q =
      (((((((x + 1.57449261107098347253e1) * x + 1.17693950891312499305e2) * x + 5.37181101862009857509e2) * x + 1.62138957456669018874e3) * x +
        3.29079923573345962678e3) * x + 4.36261909014324715820e3) * x + 3.43936767414372163696e3) * x + 1.23033935480374942043e3;
    return p / q;
  }
  const z = 1 / (x * x);
  const p =
    ((((1.63153871373020978498e-2 * z + 3.05326634961232344035e-1) * z + 3.60344899949804439429e-1) * z + 1.25781726111229246204e-1) * z +
      1.60837851487422766278e-2) * z + 6.58749161529837803157e-4;
  const q =
    ((((z + 2.56852019228982242072) * z + 1.87295284992346047209) * z + 5.27905102951428412248e-1) * z + 6.05183413124413191178e-2) * z +
    2.33520497626869185443e-3;
  return (0.56418958354775628695 - (z * p) / q) / x;
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

/**
 * Modified Bessel functions I0, I1 scaled by exp(-|x|), and their ratio: power series up to |x| = 8 (all terms positive),
 * polynomial in 16/|x| - 1 beyond (coefficients by test/numerics/references/fit.py). Relative error below 1e-15.
 */

/** I0(x) as a function of t = x^2/4 <= 16: sum of t^k / k!^2. */
function series0(t: number): number {
  let sum = 1;
  for (let k = SERIES; k > 0; k--) sum = 1 + sum * t * INVERSE0[k];
  return sum;
}

/** I1(x)/(x/2): sum of t^k / (k! (k+1)!). */
function series1(t: number): number {
  let sum = 1;
  for (let k = SERIES; k > 0; k--) sum = 1 + sum * t * INVERSE1[k];
  return sum;
}

const SERIES = 24; // 16^24/24!^2 = 2e-19
const INVERSE0 = Float64Array.from({ length: SERIES + 1 }, (_, k) => (k ? 1 / (k * k) : 1));
const INVERSE1 = Float64Array.from({ length: SERIES + 1 }, (_, k) => (k ? 1 / (k * (k + 1)) : 1));

/** sqrt(x) exp(-x) I0(x) on x >= 8, in powers of t = 16/x - 1. */
const TAIL0 = Float64Array.of(
  0.4021765094450081,
  0.0033605519836677235,
  0.00013621607439187193,
  1.1143033802583682e-5,
  1.4838475863096976e-6,
  2.9735956581528157e-7,
  8.872154618944625e-8,
  3.932926571091252e-8,
  2.155681110989874e-8,
  7.532386417555123e-9,
  -6.805980075129678e-9,
  -1.331979859201994e-8,
  -5.162517880939013e-9,
  7.323310735122893e-9,
  6.789790403895736e-9,
  -3.11851456121224e-9,
  -4.8482509221176966e-9,
  1.0924527246468664e-9,
  2.3981927228949238e-9,
  -2.748111637276033e-10,
  -7.473844621887592e-10,
  3.525321019700796e-11,
  1.0881994785468934e-10
);
/** sqrt(x) exp(-x) I1(x) on x >= 8, in powers of t = 16/x - 1. */
const TAIL1 = Float64Array.of(
  0.38939845902587233,
  -0.009749577193235609,
  -0.000219235763833829,
  -1.503854721127423e-5,
  -1.8349101539664522e-6,
  -3.483853071371078e-7,
  -1.0001220638799958e-7,
  -4.31323156237458e-8,
  -2.3382691353601083e-8,
  -8.407326839577817e-9,
  6.795073490187386e-9,
  1.3952625102162603e-8,
  5.722677527454156e-9,
  -7.432535335623792e-9,
  -7.222524178953976e-9,
  3.0717395650769477e-9,
  5.094016301574338e-9,
  -1.0476127785270019e-9,
  -2.5062162405593894e-9,
  2.582169443152386e-10,
  7.79067217908059e-10,
  -3.2677656089803323e-11,
  -1.13288885034257e-10
);

function horner(c: Float64Array, t: number): number {
  let sum = c[22];
  for (let k = 21; k >= 0; k--) sum = sum * t + c[k];
  return sum;
}

/** exp(-|x|) I0(x): even, 1 at 0, about 1/sqrt(2 pi |x|) far out. */
export function besselI0e(x: number): number {
  const y = Math.abs(x);
  if (y <= 8) return series0(0.25 * y * y) * Math.exp(-y);
  return horner(TAIL0, 16 / y - 1) / Math.sqrt(y);
}

/** exp(-|x|) I1(x): odd, x/2 at 0, about 1/sqrt(2 pi x) far out. */
export function besselI1e(x: number): number {
  const y = Math.abs(x);
  if (y <= 8) return 0.5 * x * series1(0.25 * y * y) * Math.exp(-y);
  const r = horner(TAIL1, 16 / y - 1) / Math.sqrt(y);
  return x < 0 ? -r : r;
}

/** I1(x)/I0(x): odd, x/2 at 0, 1 - 1/(2x) far out. */
export function besselRatio(x: number): number {
  const y = Math.abs(x);
  if (y <= 8) {
    const t = 0.25 * y * y;
    return (0.5 * x * series1(t)) / series0(t);
  }
  const t = 16 / y - 1;
  const r = horner(TAIL1, t) / horner(TAIL0, t);
  return x < 0 ? -r : r;
}

/** The asymptotic series 1 - I1(x)/I0(x) = sum c_k/x^k (quotient of the two Hankel series in exact fractions), k = 1...13. */
const DEFECT = Float64Array.of(
  1 / 2,
  1 / 8,
  1 / 8,
  25 / 128,
  13 / 32,
  1073 / 1024,
  103 / 32,
  375733 / 32768,
  23797 / 512,
  55384775 / 262144,
  2180461 / 2048,
  24713030909 / 4194304,
  72763141 / 2048
);

/** 1 - I1(x)/I0(x), x >= 0, without cancellation far out; absolute error 2e-16 below 40, so not among the functions of index.ts. */
export function ratioDefect(x: number): number {
  if (x < 40) return 1 - besselRatio(x);
  const t = 1 / x;
  let sum = 0;
  for (let k = DEFECT.length - 1; k >= 0; k--) sum = t * (DEFECT[k] + sum);
  return sum;
}

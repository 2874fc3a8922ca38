/** Messages at the ends of their range: variances that are zero to every purpose, and precisions that say nothing. */

/** A mean posterior variance below this is an exact value: the message sent out has this variance, so that its b stays finite. */
export const EXACT = 1e-100;

/** Likelihoods and activations need a proper message from below: a smaller precision is read as this one. */
export const FAINT = 1e-12;

/** ln(2 pi/a)/2 per real component, ln(pi/a) per complex one: the log mass of exp(-a |x|^2/2). Its divergence at a = infinity is left out, see `freeEntropy`. */
export function logGaussianMass(a: number, complex: boolean): number {
  if (a === Infinity) return 0;
  return complex ? Math.log(Math.PI / a) : 0.5 * Math.log((2 * Math.PI) / a);
}

/** The partition function of a spike and a slab. */

/** log(1 - rho + rho e^l): relative accuracy where it is small, no overflow where l is large, no cancellation where rho is near 1. */
export function logSpikeSlab(rho: number, l: number): number {
  if (l > 700) return l + Math.log(rho);
  const gain = rho * Math.expm1(l);
  if (gain > -0.5) return Math.log1p(gain);
  return rho === 1 ? l : Math.log(1 - rho + rho * Math.exp(l));
}

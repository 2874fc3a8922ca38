/** The instance on which a reader's own AMP runs: small enough to be done while one looks, and a typical one; about one in ten of this size
 * (the one of seed 1) stops even the Bayes-optimal denoiser halfway. */
export const RHO = 0.2;
export const ampSetting = { alpha: 0.5, noise: 1e-4, size: 500, iterations: 25, seed: 5 } as const;

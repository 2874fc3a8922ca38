/** The instance on which a reader's own AMP runs: small enough to be done while one looks. */
export const RHO = 0.2;
export const ampSetting = { alpha: 0.5, noise: 1e-4, size: 500, iterations: 25 } as const;

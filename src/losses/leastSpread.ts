/** Below this V a proximal step is shorter than any rounding and 1/V would overflow: V = 0 is meant, where a kink has no width. */
export const LEAST_SPREAD = 1e-300;

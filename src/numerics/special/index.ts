/** Special functions of the statistical physics of inference: scalar, allocation-free, relative error below 1e-14, always finite. */
export { besselI0e, besselI1e, besselRatio } from "./bessel.ts";
export { bivariateNormalCdf } from "./bivariate.ts";
export { erf, erfc, erfcx, logErfc } from "./erf.ts";
export { logGamma } from "./gamma.ts";
export { logDiffErf, logNormalInterval, truncatedNormal } from "./interval.ts";
export { log1pExp, logAddExp, logCosh, logistic, softplus } from "./logs.ts";
export { hazard, inverseNormalCdf, logNormalCdf, mills, normalCdf, normalPdf } from "./normal.ts";
export { owensT } from "./owens.ts";

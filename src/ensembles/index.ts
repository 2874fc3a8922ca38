// The registry of ensembles: one export line each; the id is what users type.
export { gaussianIid } from "./gaussianIid.ts";
export { complexGaussianIid } from "./complexGaussianIid.ts";
export { binaryIid } from "./binaryIid.ts";
export { ternaryIid } from "./ternaryIid.ts";
export { orthogonal } from "./orthogonal.ts";
export { unitary } from "./unitary.ts";
export { rowOrthogonal } from "./rowOrthogonal.ts";
export { partialDct } from "./partialDct.ts";
export { partialFourier } from "./partialFourier.ts";
export { partialHadamard } from "./partialHadamard.ts";
export { geometricSpectrum } from "./geometricSpectrum.ts";
export { singularValues } from "./singularValues.ts";
export { gaussianProduct } from "./gaussianProduct.ts";
export { randomFeatures } from "./randomFeatures.ts";

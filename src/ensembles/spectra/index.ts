/** Laws of the eigenvalues of A^* A: in closed form, from the equation of their Stieltjes transform, or from a matrix at hand. */
export { atomicSpectrum, orthogonalSpectrum, spectrumFromEigenvalues, spectrumOf } from "./atoms.ts";
export { gaussianFeatureSpectrum } from "./gaussianFeatures.ts";
export { gaussianProductSpectrum } from "./gaussianProduct.ts";
export { logUniformSpectrum } from "./logUniform.ts";
export { marchenkoPastur } from "./marchenkoPastur.ts";
export { scaledSpectrum } from "./scaled.ts";

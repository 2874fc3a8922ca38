/** Structured linear operators: transforms, subsampled transforms, sparse, convolution, wavelets, and how to combine them. */
export { type Blur, blur } from "./blur.ts";
export { adjointOf, compose, horizontalStack, probedNorm, scale, verticalStack } from "./combine.ts";
export { type Convolution, convolution2d } from "./convolution2d.ts";
export { dct, subsampledDct } from "./dct.ts";
export { complexUnknowns, realUnknowns } from "./fields.ts";
export { type FourierSubsampling, fourier, subsampledFourier } from "./fourier.ts";
export { type GradientOptions, gradient } from "./gradient.ts";
export { type GramBasis, type GridTransform, gridTransform } from "./gridTransform.ts";
export { haar1d, haar2d } from "./haar.ts";
export { hadamard, subsampledHadamard } from "./hadamard.ts";
export { makeOperator, type NamedOperator, operators, synthesisOf } from "./named.ts";
export { type Choice, diagonal, mask, subsample } from "./selection.ts";
export { type Compressed, sparse, sparseFromEntries } from "./sparse.ts";
export { materialise, type StructuredOperator } from "./structure.ts";
export { randomSubset, type Subsampling } from "./unitary.ts";

/** Structured linear operators: transforms, subsampled transforms, sparse, convolution, wavelets, and how to combine them. */
export { cosineTransform, dct, subsampledDct } from "./dct.ts";
export { complexUnknowns, realUnknowns } from "./fields.ts";
export { type FourierSubsampling, fourier, subsampledFourier } from "./fourier.ts";
export { hadamard, subsampledHadamard } from "./hadamard.ts";
export { materialise, type StructuredOperator } from "./structure.ts";
export { randomSubset, type Subsampling } from "./unitary.ts";

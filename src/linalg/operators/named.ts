/** Structured operators by name, for the command line: `subsampled-dct:rows=512,cols=1024,seed=3,basis=haar1d` is the operator Measure o Synthesis. */
import { defineFamily, ParameterError } from "../../core/parameters.ts";
import { makeFromSpec, type Registry } from "../../core/specs.ts";
import { makeRng } from "../../numerics/random/index.ts";
import { blur } from "./blur.ts";
import { adjointOf, compose } from "./combine.ts";
import { convolution2d } from "./convolution2d.ts";
import { dct, subsampledDct } from "./dct.ts";
import { complexUnknowns } from "./fields.ts";
import { fourier, subsampledFourier } from "./fourier.ts";
import { gradient } from "./gradient.ts";
import { haar1d, haar2d } from "./haar.ts";
import { hadamard, subsampledHadamard } from "./hadamard.ts";
import { subsample } from "./selection.ts";
import type { StructuredOperator } from "./structure.ts";

/** The unknowns of `operator` are coefficients when it has a `synthesis`: the signal is synthesis applied to them. */
export type NamedOperator = StructuredOperator & { readonly synthesis?: StructuredOperator };

const size = { kind: "integer", min: 1, max: 2 ** 26, scale: "log" } as const;
const rows = { ...size, symbol: "n", about: "number of measurements", default: 512 } as const;
const cols = { ...size, symbol: "p", about: "number of unknowns", default: 1024 } as const;
const seed = {
  kind: "integer",
  symbol: "seed",
  about: "seed of the rows and signs drawn",
  default: 0,
  min: 0,
  max: Number.MAX_SAFE_INTEGER
} as const;
const signs = {
  kind: "choice",
  symbol: "signs",
  about: "random signs on the columns, before the transform",
  default: "none",
  options: ["none", "random"]
} as const;
const synthesisParams = {
  basis: {
    kind: "choice",
    symbol: "Ψ",
    about: "basis in which the signal is sparse; the unknowns are then its coefficients",
    default: "none",
    options: ["none", "dct", "haar1d", "haar2d"]
  },
  imageWidth: {
    kind: "integer",
    symbol: "w",
    about: "width of the image, for haar2d; 0 for a square image",
    default: 0,
    min: 0,
    max: 2 ** 26
  },
  levels: { kind: "integer", symbol: "L", about: "wavelet levels; 0 for as many as the size allows", default: 0, min: 0, max: 26 }
} as const;
type Basis = (typeof synthesisParams.basis.options)[number];

/** The synthesis x = Psi c of n samples, or null for basis none. Throws ParameterError when n does not suit the basis. */
export function synthesisOf(basis: Basis, n: number, imageWidth = 0, levels = 0): StructuredOperator | null {
  const depth = levels === 0 ? undefined : levels;
  switch (basis) {
    case "none":
      return null;
    case "dct":
      return adjointOf(dct(n), `dct synthesis(${n})`);
    case "haar1d":
      return haar1d(n, depth);
    case "haar2d": {
      const wide = imageWidth || Math.round(Math.sqrt(n));
      if (n % wide !== 0 || (imageWidth === 0 && wide * wide !== n))
        throw new ParameterError(
          `haar2d: image-width must divide the number of pixels ${n} (0 only for a square image), got ${imageWidth}`
        );
      return haar2d(n / wide, wide, depth);
    }
  }
}

/** Measure o Synthesis, the synthesis kept beside. */
export function inBasis(
  measure: StructuredOperator,
  p: { readonly basis: Basis; readonly imageWidth: number; readonly levels: number }
): NamedOperator {
  const real = synthesisOf(p.basis, measure.cols, p.imageWidth, p.levels);
  if (!real) return measure;
  const synthesis = measure.scalar === "complex" ? complexUnknowns(real) : real;
  return Object.assign(compose(measure, synthesis), { synthesis });
}

const named = defineFamily<NamedOperator>();

export const subsampledDctFamily = named({
  id: "subsampled-dct",
  about: "random rows of the orthonormal cosine transform; rows of norm 1",
  params: { rows, cols, seed, signs, ...synthesisParams },
  build: (p) =>
    inBasis(subsampledDct({ rows: p.rows, cols: p.cols, rng: makeRng(p.seed, "subsampled-dct"), signs: p.signs === "random" }), p)
});

export const subsampledFourierFamily = named({
  id: "subsampled-fourier",
  about: "random rows of the unitary Fourier transform, of a complex or a real signal; rows of norm 1",
  params: {
    rows: { ...rows, about: "number of complex measurements" },
    cols,
    seed,
    signs,
    signal: {
      kind: "choice",
      symbol: "x",
      about: "the field of the unknowns; real: each complex measurement is two real rows, Re and Im, times sqrt 2",
      default: "complex",
      options: ["complex", "real"]
    },
    ...synthesisParams
  },
  build: (p) =>
    inBasis(
      subsampledFourier({
        rows: p.rows,
        cols: p.cols,
        rng: makeRng(p.seed, "subsampled-fourier"),
        signs: p.signs === "random",
        signal: p.signal
      }),
      p
    )
});

export const subsampledHadamardFamily = named({
  id: "subsampled-hadamard",
  about: "random rows of the Walsh-Hadamard matrix, cols a power of two; rows of norm 1",
  params: { rows, cols, seed, signs, ...synthesisParams },
  build: (p) =>
    inBasis(subsampledHadamard({ rows: p.rows, cols: p.cols, rng: makeRng(p.seed, "subsampled-hadamard"), signs: p.signs === "random" }), p)
});

export const subsampleFamily = named({
  id: "subsample",
  about: "random entries of the signal itself, increasing (missing samples or pixels)",
  params: { rows, cols, seed, ...synthesisParams },
  build: (p) => inBasis(subsample({ rows: p.rows, cols: p.cols, rng: makeRng(p.seed, "subsample") }), p)
});

export const convolutionFamily = named({
  id: "convolution",
  about: "two-dimensional convolution of an image, row-major, with a kernel given row by row; same size",
  params: {
    height: { ...size, symbol: "h", about: "height of the image", default: 64 },
    width: { ...size, symbol: "w", about: "width of the image", default: 64 },
    kernel: { kind: "list", symbol: "k", about: "kernel entries, row by row", default: [0.25, 0.5, 0.25], min: -1e6, max: 1e6 },
    kernelWidth: {
      kind: "integer",
      symbol: "k_w",
      about: "entries in a row of the kernel; 0 for a single row",
      default: 0,
      min: 0,
      max: 4096
    },
    boundary: { kind: "choice", symbol: "∂", about: "what lies outside the image", default: "zero", options: ["zero", "periodic"] },
    basis: synthesisParams.basis,
    levels: synthesisParams.levels
  },
  build(p) {
    const wide = p.kernelWidth || p.kernel.length;
    if (p.kernel.length % wide !== 0)
      throw new ParameterError(
        `convolution: kernel-width must divide the number of kernel entries ${p.kernel.length}, got ${p.kernelWidth}`
      );
    const kernel = Array.from({ length: p.kernel.length / wide }, (_, i) => p.kernel.slice(i * wide, (i + 1) * wide));
    const { height, width, boundary, basis, levels } = p;
    return inBasis(convolution2d({ height, width, kernel, boundary }), { basis, levels, imageWidth: width });
  }
});

export const blurFamily = named({
  id: "blur",
  about: "Gaussian blur of an image, row-major, or of a signal (height 1); same size",
  params: {
    height: { ...size, symbol: "h", about: "height of the image", default: 64 },
    width: { ...size, symbol: "w", about: "width of the image", default: 64 },
    sigma: { kind: "real", symbol: "σ", about: "standard deviation, in pixels", default: 2, min: 0.1, max: 1e3, scale: "log" },
    boundary: {
      kind: "choice",
      symbol: "∂",
      about: "what lies outside the image",
      default: "periodic",
      options: ["periodic", "zero"]
    },
    basis: synthesisParams.basis,
    levels: synthesisParams.levels
  },
  build: ({ height, width, sigma, boundary, basis, levels }) =>
    inBasis(blur({ height, width, sigma, boundary }), { basis, levels, imageWidth: width })
});

export const gradientFamily = named({
  id: "gradient",
  about: "forward differences along every axis of a signal, an image or a volume: one block of rows per axis",
  params: {
    shape: { kind: "list", symbol: "n", about: "sizes of the array, 1 to 3 of them", default: [64, 64], min: 2, max: 2 ** 26 },
    boundary: {
      kind: "choice",
      symbol: "∂",
      about: "periodic, or reflect: no difference across the edge",
      default: "periodic",
      options: ["periodic", "reflect"]
    }
  },
  build: ({ shape, boundary }) => gradient(shape, { boundary })
});

const whole = { size: { ...size, symbol: "p", about: "length of the signal", default: 1024 } } as const;

export const dctFamily = named({
  id: "dct",
  about: "the square orthonormal cosine transform (DCT-II)",
  params: whole,
  build: (p) => dct(p.size)
});
export const fourierFamily = named({
  id: "fourier",
  about: "the square unitary Fourier transform, complex",
  params: whole,
  build: (p) => fourier(p.size)
});
export const hadamardFamily = named({
  id: "hadamard",
  about: "the square orthonormal Walsh-Hadamard transform, size a power of two",
  params: whole,
  build: (p) => hadamard(p.size)
});

/** Every named operator; a new one is a family here and a line below. */
export const operators = {
  subsampledDctFamily,
  subsampledFourierFamily,
  subsampledHadamardFamily,
  subsampleFamily,
  convolutionFamily,
  blurFamily,
  gradientFamily,
  dctFamily,
  fourierFamily,
  hadamardFamily
} satisfies Registry<NamedOperator>;

/** The operator a spec names. Throws ParameterError. */
export function makeOperator(spec: string): NamedOperator {
  return makeFromSpec<NamedOperator>(operators, spec, "operator");
}

/** Where the weights of a chain come from: ensembles, files, or training; as laws for the theory and as matrices for an instance. */
import { readArraysText } from "../../core/files.ts";
import { ParameterError } from "../../core/parameters.ts";
import { makeFromSpec } from "../../core/specs.ts";
import type { Ensemble, Spectrum, Vec } from "../../core/types.ts";
import * as ensembles from "../../ensembles/index.ts";
import { scaledSpectrum, spectrumOf } from "../../ensembles/spectra/index.ts";
import { type MatrixData, scale, svd } from "../../linalg/index.ts";

/** Matrices W_1 ... W_L of a file, each with as many columns as the one before has rows. Throws ParameterError. */
export function readWeights(text: string, layers: number, owner: string): MatrixData[] {
  const matrices = readArraysText(text, `${owner}: weightsFile`).map(({ name, shape, data }) => {
    if (shape.length !== 2 || shape[0] < 1 || shape[1] < 1)
      throw new ParameterError(
        `${owner}: weightsFile must hold matrices, such as 300 x 500, got an array ${name} of shape ${shape.join(" x ") || "()"}`
      );
    return { rows: shape[0], cols: shape[1], data: Float64Array.from(data) };
  });
  if (matrices.length !== layers)
    throw new ParameterError(`${owner}: weightsFile must hold one matrix a layer, ${layers} of them, in order, got ${matrices.length}`);
  matrices.forEach(({ rows, cols, data }, l) => {
    const below = matrices[l - 1];
    if (below && below.rows !== cols)
      throw new ParameterError(
        `${owner}: matrix ${l + 1} of weightsFile must have as many columns as the one before has rows, ${below.rows}, got ${rows} x ${cols}`
      );
    if (!data.some((x) => x !== 0))
      throw new ParameterError(`${owner}: matrix ${l + 1} of weightsFile must not be zero everywhere, got ${rows} x ${cols} zeros`);
  });
  return matrices;
}

/** W with independent entries or orthonormal rows (columns), and E |W h|^2/rows = power |h|^2/cols. */
export function sampledWeights(kind: "iid" | "orthogonal", power = 1): Ensemble {
  const ensemble = makeFromSpec<Ensemble>(ensembles, kind === "iid" ? "gaussian-iid" : "row-orthogonal", "ensemble");
  if (power === 1) return ensemble;
  return {
    scalar: ensemble.scalar,
    sample: (rng, rows, cols, options) => scale(Math.sqrt(power), ensemble.sample(rng, rows, cols, options)),
    spectrum: (alpha) => scaledSpectrum(ensemble.spectrum(alpha), power)
  };
}

/** The law of given spectra, whatever the ratio it is asked for. */
export function fixedLaw(spectrum: Spectrum): Pick<Ensemble, "scalar" | "spectrum"> {
  return { scalar: "real", spectrum: () => spectrum };
}

/** The singular values of a matrix, as they are. */
export function lawOf(matrix: MatrixData): Pick<Ensemble, "scalar" | "spectrum"> {
  const { rows, cols } = matrix;
  return fixedLaw(spectrumOf(svd(matrix, { vectors: false }).s, cols, rows / cols));
}

/** The law of the singular values of several matrices of one shape taken together: one share each. */
export function pooledLaw(values: readonly Vec[], rows: number, cols: number): Pick<Ensemble, "scalar" | "spectrum"> {
  const all = Float64Array.from(values.flatMap((s) => Array.from(s)));
  return fixedLaw(spectrumOf(all, cols * values.length, rows / cols));
}

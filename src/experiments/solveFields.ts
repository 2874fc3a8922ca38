/** Makes measurements, operator, prior and channel of one number field, or says which two do not fit together. */
import { ParameterError } from "../core/parameters.ts";
import type { Channel, LinearOperator, Prior, Scalar, Vec } from "../core/types.ts";
import { complexUnknowns, realUnknowns, scale } from "../linalg/operators/index.ts";

/** Numbers as they come from a file: complex ones interleaved. */
export interface Samples {
  readonly scalar: Scalar;
  readonly data: Vec;
}

export interface Fields {
  readonly operator: LinearOperator;
  readonly synthesis: LinearOperator | null;
  readonly y: Vec;
  /** In signal space, in the field of the unknowns. */
  readonly truth: Vec | null;
  /** What was changed, in words. */
  readonly notes: readonly string[];
}

export interface Ingredients {
  /** Acts on the unknowns: the measurement composed with the synthesis, if there is one. */
  readonly operator: LinearOperator;
  /** Unknowns to signal. */
  readonly synthesis?: LinearOperator | null;
  readonly observations: Samples;
  readonly truth?: Samples | null;
}

/** Entries, not numbers. */
export function count({ scalar, data }: Samples): number {
  return scalar === "complex" ? data.length / 2 : data.length;
}

/**
 * A real prior under a complex matrix becomes 2 rows a measurement, times sqrt 2, so that the noise variance stays that of the complex
 * measurement. Throws ParameterError with the shapes or fields that disagree.
 */
export function matchFields(
  { operator, synthesis = null, observations, truth = null }: Ingredients,
  prior: Prior,
  channel: Channel
): Fields {
  const notes: string[] = [];
  let A = operator;
  let B = synthesis;
  let y = observations;
  if (prior.scalar !== channel.scalar)
    throw new ParameterError(
      prior.scalar === "complex"
        ? "solve: the prior is complex but the channel takes real signals; use --channel complex-gaussian or modulus"
        : "solve: the channel takes complex signals but the prior is real; use --prior complex-gauss-bernoulli, or a real channel such as gaussian"
    );
  if (prior.scalar === "real" && A.scalar === "complex") {
    if (B)
      throw new ParameterError(
        "solve: a real signal in a basis under a complex operator; give a real operator, such as subsampled-fourier:signal=real"
      );
    if (y.scalar === "real")
      throw new ParameterError(
        "solve: the matrix is complex but the observations are real; give complex observations, or --prior complex-gauss-bernoulli and --channel modulus"
      );
    A = scale(Math.SQRT2, realUnknowns(A));
    notes.push("the signal is real: every complex measurement counts as two real ones");
  } else if (prior.scalar === "complex" && A.scalar === "real") {
    A = complexUnknowns(A);
    if (B?.scalar === "real") B = complexUnknowns(B);
    notes.push("the signal is complex: the real matrix acts on real and imaginary parts");
  }
  const doubled = A.scalar === "real" && y.scalar === "complex" && channel.labelScalar === "real" && A.rows === 2 * count(y);
  if (doubled) y = { scalar: "real", data: y.data.map((v) => v * Math.SQRT2) };
  else if (y.scalar === "complex" && channel.labelScalar === "real") {
    const how =
      prior.scalar === "complex"
        ? "its channel takes real ones (moduli); use --channel complex-gaussian"
        : "the model is real; use --prior complex-gauss-bernoulli and --channel complex-gaussian";
    throw new ParameterError(`solve: the observations are complex but ${how}`);
  } else if (y.scalar === "real" && channel.labelScalar === "complex") y = { scalar: "complex", data: interleaved(y.data) };
  if (count(y) !== A.rows)
    throw new ParameterError(`solve: the operator has ${A.rows} rows but there are ${count(y)} observations; both must agree`);
  const length = B ? B.rows : A.cols;
  let x = truth;
  if (x && count(x) !== length)
    throw new ParameterError(`solve: the signal has ${length} components but the truth has ${count(x)}; both must agree`);
  if (x?.scalar === "complex" && prior.scalar === "real") {
    if (x.data.some((v, k) => k % 2 === 1 && v !== 0))
      throw new ParameterError("solve: the truth is complex but the prior is real; use --prior complex-gauss-bernoulli");
    x = { scalar: "real", data: x.data.filter((_, k) => k % 2 === 0) };
  } else if (x?.scalar === "real" && prior.scalar === "complex") x = { scalar: "complex", data: interleaved(x.data) };
  return { operator: A, synthesis: B, y: y.data, truth: x?.data ?? null, notes };
}

function interleaved(real: Vec): Vec {
  const out = new Float64Array(2 * real.length);
  for (let k = 0; k < real.length; k++) out[2 * k] = real[k];
  return out;
}

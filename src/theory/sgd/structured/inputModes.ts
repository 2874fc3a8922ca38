/**
 * What online learning sees of structured inputs x of N components: the eigenvalues omega of E x x^T, each with the share of
 * directions that have it and the products N phi_m phi_n of the teacher's correlations phi_m = E x nu_m in these directions, PER MODE
 * (their mean over all modes is not enough: Goldt et al. 2020, section IV).
 */
import { ParameterError } from "../../../core/parameters.ts";
import type { Vec } from "../../../core/types.ts";
import { marchenkoPasturRule } from "../../../ensembles/spectra/marchenkoPastur.ts";
import { orientRows, symmetricEigen } from "../../../linalg/index.ts";

type Matrix = readonly (readonly number[])[];

export interface InputModes {
  /** Eigenvalues of the covariance of the inputs, length n. */
  readonly omega: Vec;
  /** Shares of the N directions, length n, summing to 1. */
  readonly weight: Vec;
  /** N phi_m phi_n averaged over the directions of mode i at `(i M + m) M + n`. */
  readonly product: Vec;
  /** Covariance of the teacher's fields nu, M x M. */
  readonly T: Matrix;
  /** Where every mode is one direction of N: unit vectors in rows (n = N), and the components of phi in these, n x M. */
  readonly axes?: { readonly directions: Vec; readonly phi: Vec };
}

/** How a scalar nonlinearity acts on standard Gaussians, after centring: f(u) - E f = slope u + sqrt(rest) noise. */
export interface LinearPart {
  /** b^2, b = E u f(u). */
  readonly slope2: number;
  /** Var f - b^2. */
  readonly rest: number;
}

const flat = (M: Matrix): Vec => Float64Array.from(M.flat());

/** x standard Gaussian, nu_m = B_m.x/sqrt N: one mode. */
export function plainModes(T: Matrix): InputModes {
  return { omega: Float64Array.of(1), weight: Float64Array.of(1), product: flat(T), T };
}

interface CovarianceLaw {
  /** Eigenvalues s of F F^T/D and their shares of N directions. */
  readonly s: Vec;
  readonly share: Vec;
}

/** F is N x D with latentRatio = D/N and rows of squared norm D. `orthogonal`: orthogonal columns (rows where D > N). */
function featureLaw(kind: "gaussian" | "orthogonal", latentRatio: number, count: number): CovarianceLaw {
  if (!(latentRatio > 0 && latentRatio < Number.POSITIVE_INFINITY))
    throw new ParameterError(`feature law: latentRatio must be a positive number, got ${latentRatio}; for example 0.3`);
  const null0 = Math.max(0, 1 - latentRatio);
  const rule =
    kind === "gaussian"
      ? marchenkoPasturRule(1 / latentRatio, count)
      : { nodes: Float64Array.of(Math.max(1, 1 / latentRatio)), weights: Float64Array.of(Math.min(1, 1 / latentRatio)) };
  const extra = null0 > 0 ? [0] : [];
  return {
    s: Float64Array.from([...extra, ...rule.nodes]),
    share: Float64Array.from([...extra.map(() => null0), ...Array.from(rule.weights, (w) => w * latentRatio)])
  };
}

export interface HiddenManifold extends LinearPart {
  readonly features: "gaussian" | "orthogonal";
  /** D/N. */
  readonly latentRatio: number;
  readonly T: Matrix;
  /** Gauss nodes of the Marchenko-Pastur law, 64 by default. */
  readonly nodes?: number;
}

/**
 * x = f(F c/sqrt D) centred, nu_m = B_m.c/sqrt D with B_m.B_n/D = T: omega = b^2 s + rest and N phi_m phi_n = b^2 s T N/D, since
 * phi_m = b F B_m/D and (chi.B_m)(chi.B_n) averages to T over singular vectors chi that know nothing of B.
 */
export function latentTeacherModes({ features, latentRatio, slope2, rest, T, nodes = 64 }: HiddenManifold): InputModes {
  const { s, share } = featureLaw(features, latentRatio, nodes);
  const t = flat(T);
  return {
    omega: s.map((x) => slope2 * x + rest),
    weight: share,
    product: Float64Array.from(Array.from(s).flatMap((x) => Array.from(t, (y) => (slope2 * x * y) / latentRatio))),
    T
  };
}

/** The same inputs, teacher on the inputs themselves: nu_m = B_m.x/sqrt N, isotropic B with covariance T of nu; phi_m = Omega B_m/sqrt N. */
export function inputTeacherModes({ features, latentRatio, slope2, rest, T, nodes = 64 }: HiddenManifold): InputModes {
  const { s, share } = featureLaw(features, latentRatio, nodes);
  const t = flat(T);
  const omega = s.map((x) => slope2 * x + rest);
  let mean = 0;
  for (let i = 0; i < s.length; i++) mean += share[i] * omega[i];
  return {
    omega,
    weight: share,
    product: Float64Array.from(Array.from(omega).flatMap((x) => Array.from(t, (y) => (x * x * y) / mean))),
    T
  };
}

/** One mode for every eigenvector of a given covariance `Omega` (N x N, row-major) with phi = E x nu^T (`Phi`, N x M, row-major). */
export function covarianceModes(Omega: Vec, Phi: Vec, T: Matrix): InputModes {
  const M = T.length;
  const N = Phi.length / M;
  if (!Number.isInteger(N) || N < 1 || Omega.length !== N * N)
    throw new ParameterError(`covariance modes: Omega must be N x N and Phi N x ${M}, got ${Omega.length} and ${Phi.length} numbers`);
  const { values, vectors } = symmetricEigen({ rows: N, cols: N, data: Omega }, { backend: "wasm" });
  orientRows(vectors!, N); // starts are drawn along them
  const product = new Float64Array(N * M * M);
  const components = new Float64Array(N * M);
  for (let i = 0; i < N; i++) {
    const phi = components.subarray(i * M, (i + 1) * M);
    for (let j = 0; j < N; j++) for (let m = 0; m < M; m++) phi[m] += vectors![i * N + j] * Phi[j * M + m];
    for (let m = 0; m < M; m++) for (let n = 0; n < M; n++) product[(i * M + m) * M + n] = N * phi[m] * phi[n];
  }
  const omega = values.map((x) => Math.max(0, x));
  return { omega, weight: new Float64Array(N).fill(1 / N), product, T, axes: { directions: vectors!, phi: components } };
}

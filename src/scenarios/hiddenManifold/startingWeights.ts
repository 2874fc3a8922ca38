/** The weights that both students of a run start from, or one sentence on why there are none. */
import { type PlantedProblem, plantedWeights, stratifiedRows } from "../../algorithms/sgd/structured/index.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Rng, Vec } from "../../core/types.ts";
import { makeRng } from "../../numerics/random/index.ts";

/** 2K x N. `owner` begins the refusal. Throws ParameterError where Q leaves no room for R. */
export function startingWeights(owner: string, overlap: number, problem: PlantedProblem, rng: Rng): Vec {
  try {
    return plantedWeights(problem, rng);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw noRoom(owner, overlap, error);
  }
}

/**
 * The same where every run shares the weights and every mode is a direction: their noise is spread evenly over the modes. `phi`: components
 * of the teacher's correlations, n x M.
 */
export function sharedWeights(
  owner: string,
  p: { readonly overlap: number; readonly overlapSeed: number },
  problem: PlantedProblem,
  modes: { readonly omega: Vec; readonly directions: Vec; readonly phi: Vec }
): Vec {
  const rng = makeRng(p.overlapSeed, `${owner}/students`);
  const { omega, directions, phi } = modes;
  const N = omega.length;
  const M = phi.length / N;
  const avoid = new Float64Array(2 * M * N); // phi_m and Omega phi_m, which R and Q are made of
  for (let i = 0; i < N; i++)
    for (let m = 0; m < M; m++) {
      avoid[m * N + i] = phi[i * M + m];
      avoid[(M + m) * N + i] = omega[i] * phi[i * M + m];
    }
  const noise = stratifiedRows(problem.Q.length, directions, avoid, rng.fork("noise"));
  return startingWeights(owner, p.overlap, noise ? { ...problem, noise } : problem, rng);
}

/** The refusal of a start whose overlaps R are too large for Q. */
export function noRoom(owner: string, overlap: number, error: ParameterError): ParameterError {
  return new ParameterError(`${owner}: overlap must leave room for the start, got ${overlap} (${error.message}); for example 0.1`);
}

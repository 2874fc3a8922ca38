/** The weights that both students of a run start from, or one sentence on why there are none. */
import { type PlantedProblem, plantedWeights } from "../../algorithms/sgd/structured/index.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Rng, Vec } from "../../core/types.ts";

/** 2K x N. `owner` begins the refusal. Throws ParameterError where Q leaves no room for R. */
export function startingWeights(owner: string, overlap: number, problem: PlantedProblem, rng: Rng): Vec {
  try {
    return plantedWeights(problem, rng);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw noRoom(owner, overlap, error);
  }
}

/** The refusal of a start whose overlaps R are too large for Q. */
export function noRoom(owner: string, overlap: number, error: ParameterError): ParameterError {
  return new ParameterError(`${owner}: overlap must leave room for the start, got ${overlap} (${error.message}); for example 0.1`);
}

/**
 * Heat-bath (Glauber) dynamics of N Ising spins that all feel each other, energy -(J/2N) sum_{i != j} s_i s_j - h sum_i s_i: one spin at a
 * time, chosen at random, is drawn from its law given the others. Spins of one sign are alike, so their number is the whole state: one random
 * number a step, no array, and still the exact chain.
 */
import { ParameterError } from "../core/parameters.ts";
import type { Rng } from "../core/types.ts";

export interface MagnetModel {
  readonly spins: number;
  readonly coupling: number;
  readonly field: number;
  /** Inverse temperature. */
  readonly beta: number;
}

export interface MagnetState {
  /** Sweeps done: N steps each. */
  readonly t: number;
  /** Number of spins +1. */
  readonly up: number;
  readonly magnetization: number;
  /** Per spin. */
  readonly energy: number;
}

/** Random numbers are drawn so many at a time. */
const BATCH = 8192;

/** The state at t = 0 and after each of `sweeps` sweeps, from round(N (1 + magnetization)/2) spins up. Throws ParameterError. */
export function* heatBath(
  { spins: N, coupling, field, beta }: MagnetModel,
  start: { readonly magnetization: number },
  sweeps: number,
  rng: Rng
): Generator<MagnetState, void> {
  if (!Number.isInteger(N) || N < 1) throw new ParameterError(`heatBath: spins must be an integer >= 1, such as 1000, got ${N}`);
  if (!(Math.abs(start.magnetization) <= 1))
    throw new ParameterError(`heatBath: magnetization must be in [-1, 1], such as 0.5, got ${start.magnetization}`);
  let up = Math.round((N * (1 + start.magnetization)) / 2);
  const draws = new Float64Array(BATCH);
  let next = BATCH;
  // chances that a step turns a spin down, or up: that it is met with the old sign and drawn with the new one
  let down = 0;
  let rise = 0;
  const rates = (): void => {
    const M = 2 * up - N;
    down = up / N / (1 + Math.exp(2 * beta * ((coupling * (M - 1)) / N + field)));
    rise = (N - up) / N / (1 + Math.exp(-2 * beta * ((coupling * (M + 1)) / N + field)));
  };
  const state = (t: number): MagnetState => {
    const m = (2 * up - N) / N;
    return { t, up, magnetization: m, energy: -0.5 * coupling * (m * m - 1 / N) - field * m };
  };
  rates();
  yield state(0);
  for (let t = 1; t <= sweeps; t++) {
    for (let k = 0; k < N; k++) {
      if (next === BATCH) {
        rng.fillUniform(draws);
        next = 0;
      }
      const u = draws[next++];
      if (u < down) up--;
      else if (u < down + rise) up++;
      else continue;
      rates();
    }
    yield state(t);
  }
}

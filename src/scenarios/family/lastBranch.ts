/** The prediction of a dynamics that runs to a given time: its last frame. */
import { ParameterError } from "../../core/parameters.ts";
import type { Branch, Frame, Observables, Outcome } from "../../core/types.ts";

/** Observables and matrices of the last frame, with how the equations ended. Throws ParameterError where they could not even start. */
export function lastBranch<O extends string>(id: string, frames: Generator<Frame<O>, Outcome>): Branch<O> {
  let last: Frame<O> | null = null;
  for (let step = frames.next(); ; step = frames.next()) {
    if (!step.done) {
      last = step.value;
      continue;
    }
    if (!last) throw new ParameterError(`${id}: the equations have no start (${step.value.advice}); take a smaller learningRate`);
    const { t: _, matrices, ...observables } = last;
    return { outcome: step.value, observables: observables as unknown as Observables<O>, ...(matrices ? { matrices } : {}) };
  }
}

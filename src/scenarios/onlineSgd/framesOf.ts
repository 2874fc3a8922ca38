/** Overlaps along a trajectory as frames, the same way for runs and for the equations. */
import { outcome } from "../../core/outcome.ts";
import type { Outcome, Overlaps } from "../../core/types.ts";

export interface OverlapFrame {
  readonly t: number;
  readonly error: number;
  readonly matrices: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/** Steps of the integrator: enough for t of 1e5 at a rate of 1, and a few seconds where the equations have become stiff. */
export const STEPS = { maxSteps: 60_000 } as const;
const SLOW = "weights that shoot up have made them stiff, or the time is too long; take a smaller learning rate or a shorter time";

/**
 * Each state with its error and Q, R, T and v as matrices. Ends "completed" where the last time was reached, with |d error / d ln t|
 * over the last two frames as the residual, and "diverged" before an error that is no finite number.
 */
export function* framesOf(
  states: Generator<{ readonly t: number; readonly overlaps: Overlaps }, Outcome>,
  errorOf: (overlaps: Overlaps) => number
): Generator<OverlapFrame, Outcome> {
  let error = 0;
  let t = 0;
  let speed = 0;
  for (let step = states.next(); ; step = states.next()) {
    if (step.done) {
      const { kind, iterations, residual } = step.value;
      if (kind === "diverged") return diverged(t, residual, iterations);
      if (kind === "horizon")
        return outcome("horizon", residual, iterations, { advice: `the equations stop at t = ${t.toPrecision(3)}: ${SLOW}` });
      return outcome("completed", speed, iterations);
    }
    const { Q, R, T, v } = step.value.overlaps;
    const now = errorOf(step.value.overlaps);
    if (!Number.isFinite(now)) return diverged(t, Number.MAX_VALUE, 0);
    speed = t > 0 ? Math.abs(now - error) / Math.log(step.value.t / t) : Math.abs(now - error);
    t = step.value.t;
    error = now;
    yield { t, error, matrices: { Q, R, T, v: [v] } };
  }
}

function diverged(t: number, residual: number, iterations: number): Outcome {
  const advice = `the weights grow without bound soon after t = ${t.toPrecision(3)}; take a smaller learning rate`;
  return outcome("diverged", residual, iterations, { advice });
}

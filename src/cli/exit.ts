/**
 * Exit codes, a public contract. `failed`: a number that was asked for does not exist: a theory branch, every run, a solution or a
 * landmark ended diverged or out of iterations. A trivial fixed point is a result of theory and simulation, a failure of `solve`.
 */
import type { Outcome } from "../core/types.ts";

export const EXIT = { good: 0, fault: 1, usage: 2, failed: 3, interrupted: 130 } as const;

/** Diverged, or stopped before it had settled. */
export function endedBadly(outcome: Outcome): boolean {
  return outcome.kind === "diverged" || outcome.kind === "horizon";
}

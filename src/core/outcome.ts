/** Outcomes: how a numerical procedure ended, and what to do about it. */
import type { Outcome } from "./types.ts";

/** Good news: the numbers are what was asked for. A trivial fixed point and an exhausted horizon are not. */
export function succeeded(outcome: Outcome): boolean {
  return outcome.kind === "converged" || outcome.kind === "exact-recovery" || outcome.kind === "completed";
}

/** Builds an outcome; drops what says nothing, keeps the residual finite. */
export function outcome(
  kind: Outcome["kind"],
  residual: number,
  iterations: number,
  note: { readonly advice?: string | undefined; readonly clipped?: number } = {}
): Outcome {
  return {
    kind,
    residual: Number.isFinite(residual) ? residual : Number.MAX_VALUE,
    iterations,
    ...(note.advice ? { advice: note.advice } : {}),
    ...(note.clipped ? { clipped: note.clipped } : {})
  };
}

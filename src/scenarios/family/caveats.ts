/** Choices that take a run out of its theory, and the sentence that says so. */
import type { Agreement, Param } from "../../core/types.ts";

/** The memory term of AMP, of every scenario that runs it. */
export const onsager = {
  kind: "choice",
  default: "on",
  options: ["on", "off"],
  symbol: "V g",
  about: "the Onsager term of AMP; off leaves naive iterative thresholding, which the theory does not describe"
} as const satisfies Param;

export const NO_ONSAGER =
  "state evolution does not describe the iteration without its Onsager term: the effective noise then depends on the estimate and is not Gaussian";

/** Of the way only: the whole map is averaged, which moves no fixed point. */
export const DAMPED = "the theory of the way has no damping: damped runs follow it more slowly, to the same end";

/** Of the way only, where zero overlap is a fixed point. */
export const SPARKED =
  "a run leaves zero overlap at a time that its own random start sets, the theory at that of a typical start: trajectories differ by shifts in time";

/** Of scenarios that minimise a convex risk by GAMP or by a solver, which needs no theory of a way. */
export function convexCaveat(
  { algorithm, onsager, damping }: { readonly algorithm: "gamp" | "solver"; readonly onsager: "on" | "off"; readonly damping: number },
  at: Agreement["at"] = "end"
): string | null {
  if (algorithm !== "gamp") return null;
  if (onsager === "off") return NO_ONSAGER;
  return at === "every-t" && damping > 0 ? DAMPED : null;
}

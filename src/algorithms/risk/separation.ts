/** Separable data: some w gives every sample a positive margin y z, and the logistic loss has no minimiser without a penalty. */
import type { Vec } from "../../core/types.ts";
import type { Setting } from "./riskProblem.ts";

export const SEPARABLE = "the data are separable: the minimiser is at infinity; take ridge > 0 (maxMargin gives the direction w tends to)";

/** Whether z = A w proves that the data are separable and l, decreasing in y z without end, has no minimiser. */
export function separatedBy({ loss, y }: Pick<Setting, "loss" | "y">, z: Vec): boolean {
  if (loss.labels !== "signs" || !loss.smooth) return false;
  for (let i = 0; i < z.length; i++) if (!(y[i] * z[i] > 0)) return false;
  return true;
}

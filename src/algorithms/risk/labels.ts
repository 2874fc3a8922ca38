/** Whether labels are what a loss takes: +-1 for hinge and logistic, any finite number for losses of y - z. */
import { ParameterError } from "../../core/parameters.ts";
import type { Loss } from "../../core/types.ts";

/** Throws ParameterError in one sentence; `name` is how the message calls the loss. */
export function checkLabels(
  y: ArrayLike<number>,
  loss: Pick<Loss, "labels">,
  name = loss.labels === "signs" ? "classification loss" : "loss"
): void {
  for (let i = 0; i < y.length; i++)
    if (!(Math.abs(y[i]) <= LARGEST_LABEL)) {
      const cure = Number.isFinite(y[i]) ? `within ${LARGEST_LABEL} of zero, for its square to be a number; rescale it` : "finite";
      throw new ParameterError(`${name}: labels must be ${cure}, got ${y[i]} at index ${i}`);
    }
  if (loss.labels === "reals" || signs(y)) return;
  const classes = distinct(y);
  const listed = classes.length > SHOWN ? `${classes.slice(0, SHOWN).join(", ")}, ...` : classes.join(", ");
  const count = classes.length > MANY ? `more than ${MANY} values` : `${classes.length} ${classes.length === 1 ? "class" : "classes"}`;
  throw new ParameterError(`${name}: labels must be -1 or +1, got ${count} (${listed}); for example ${cure(classes)}`);
}

function signs(y: ArrayLike<number>): boolean {
  for (let i = 0; i < y.length; i++) if (y[i] !== 1 && y[i] !== -1) return false;
  return true;
}

/** Sorted; stops counting after MANY. */
function distinct(y: ArrayLike<number>): number[] {
  const seen = new Set<number>();
  for (let i = 0; i < y.length && seen.size <= MANY; i++) seen.add(y[i] === 0 ? 0 : y[i]);
  return [...seen].sort((a, b) => a - b);
}

function cure(classes: readonly number[]): string {
  if (classes.length === 2) return `${classes[0]} becomes -1 and ${classes[1]} becomes +1`;
  return classes.every(Number.isInteger)
    ? "odd digits +1, even -1"
    : "the sign of what was measured (or take the loss square, huber or absolute)";
}

const LARGEST_LABEL = 1e100;
const MANY = 1000;
const SHOWN = 10;

/** Online SGD of a two-layer student on a two-layer teacher of the same activation, with independent standard Gaussian inputs. */
import type { Outcome, Overlaps, Rng, Vec } from "../../core/types.ts";
import { overlapsOf } from "./overlapsOf.ts";
import { type SgdSettings, trainOnline } from "./trainOnline.ts";

export interface TeacherProblem extends SgdSettings {
  readonly N: number;
  /** Student K x N and teacher M x N at the start, row-major; copied. */
  readonly W: Vec;
  readonly teacher: Vec;
  /** Second layers, K and M. */
  readonly v: ArrayLike<number>;
  readonly vTeacher: ArrayLike<number>;
}

/**
 * The overlaps at `times` (ascending, t = steps/N). Ends as `trainOnline` does. Inputs and label noise are streams of their own
 * (`rng.fork`), so that runs with and without noise see the same inputs.
 */
export function* onlineSgd(
  problem: TeacherProblem,
  times: readonly number[],
  rng: Rng
): Generator<{ readonly t: number; readonly overlaps: Overlaps }, Outcome> {
  const { teacher, vTeacher, ...rest } = problem;
  const inputs = rng.fork("inputs");
  const draw = (x: Vec): number => {
    inputs.fillNormal(x);
    return 0;
  };
  const states = trainOnline({ ...rest, teacher: { W: teacher, v: vTeacher }, draw }, times, rng.fork("noise"));
  for (;;) {
    const step = states.next();
    if (step.done) return step.value;
    const { t, W, v } = step.value;
    yield { t, overlaps: overlapsOf(W, v, teacher, vTeacher) };
  }
}

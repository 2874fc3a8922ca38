/** Landmarks of the family: a threshold or a prediction, recomputed through the scenario itself. */
import { parse } from "../../core/parameters.ts";
import type { Landmark, Scenario } from "../../core/types.ts";

// biome-ignore lint/suspicious/noExplicitAny: landmarks of scenarios of every parameter set
type Any = Scenario<any, any>;

interface Stated {
  readonly name: string;
  readonly value: number;
  readonly tolerance: number;
  readonly source: string;
}

/** `scenario` is a thunk: a scenario's landmarks speak of the scenario being defined. */
export function thresholdLandmark(
  scenario: () => Any,
  params: Readonly<Record<string, unknown>>,
  threshold: string,
  stated: Stated
): Landmark {
  return { ...stated, compute: () => scenario().thresholds?.(parse(scenario(), params))?.[threshold] ?? Number.NaN };
}

export function predictionLandmark(
  scenario: () => Any,
  params: Readonly<Record<string, unknown>>,
  observable: string,
  stated: Stated,
  branch: "algorithmic" | "optimal" = "optimal"
): Landmark {
  return {
    ...stated,
    compute: () => {
      const branches = scenario().predict(parse(scenario(), params)).branches;
      return (branches[branch] ?? branches.algorithmic).observables[observable];
    }
  };
}

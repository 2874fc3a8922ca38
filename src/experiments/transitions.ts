/** Where the transitions of a scenario lie on an axis, and the abscissas that draw a line through them well. */
import { ParameterError } from "../core/parameters.ts";
import type { Value } from "../core/types.ts";
import { brentSteps } from "../numerics/roots.ts";
import { type Axis, spread } from "./axis.ts";
import { type AnyDeclaration, cellKey } from "./cell.ts";
import { alongOf, type Laboratory, runCells, thresholdsCell } from "./sweep.ts";

/** A transition inside the window. `x` is its place on the axis. */
export interface Transition {
  readonly name: string;
  readonly x: number;
}

/** Everything the scenario reports at `params`; empty where it reports nothing. */
export async function thresholdsAt(
  scenario: AnyDeclaration,
  params: Readonly<Record<string, unknown>>,
  laboratory: Laboratory
): Promise<Readonly<Record<string, number | null>>> {
  if (alongOf(scenario) === null) return {};
  const cell = thresholdsCell(scenario, params);
  const result = (await runCells([cell], "thresholds", laboratory)).get(cellKey(cell))?.result;
  if (result?.kind === "error") throw new ParameterError(result.error);
  return result?.kind === "thresholds" ? result.thresholds : {};
}

/**
 * Along alpha (or what else thresholds are along) they are the transitions. Along another parameter x one sits where threshold(x) = alpha:
 * the difference is sampled on 33 points, and each change of sign is closed in on by Brent, not by looking at the phases.
 */
export async function transitionsAlong(
  scenario: AnyDeclaration,
  params: Readonly<Record<string, Value>>,
  along: Axis,
  thresholds: Readonly<Record<string, number | null>>,
  laboratory: Laboratory
): Promise<Transition[]> {
  const from = along.values[0];
  const to = along.values[along.values.length - 1];
  const vertical = alongOf(scenario);
  if (vertical === null || along.name === "size" || from === to) return [];
  if (along.name === vertical)
    return Object.entries(thresholds).flatMap(([name, x]) => (x !== null && x >= from && x <= to ? [{ name, x }] : []));
  if (scenario.params[along.name].kind === "integer") return [];
  const alpha = Number(params[vertical]);
  const xs = spread(from, to, 33, along.log);
  const cells = xs.map((x) => thresholdsCell(scenario, { ...params, [along.name]: x }));
  const records = await runCells(cells, `thresholds along ${along.name}`, laboratory);
  const found: Transition[] = [];
  const gap = (name: string, k: number): number | null => {
    const result = records.get(cellKey(cells[k]))?.result;
    const value = result?.kind === "thresholds" ? result.thresholds[name] : null;
    return value === null || value === undefined ? null : value - alpha;
  };
  /** threshold(x) - alpha, by a cell like any other. */
  const at = async (name: string, x: number): Promise<number> => {
    const cell = thresholdsCell(scenario, { ...params, [along.name]: x });
    const result = (await runCells([cell], `${name} along ${along.name}`, laboratory)).get(cellKey(cell))?.result;
    return result?.kind === "thresholds" ? (result.thresholds[name] ?? alpha) - alpha : Number.NaN;
  };
  for (const name of scenario.thresholdNames)
    for (let k = 0; k + 1 < xs.length; k++) {
      const [left, right] = [gap(name, k), gap(name, k + 1)];
      if (left === null || right === null || left * right > 0 || right === 0) continue;
      if (left === 0) {
        found.push({ name, x: xs[k] });
        continue;
      }
      const search = brentSteps(xs[k], xs[k + 1], { tolerance: 1e-10 * (to - from) });
      let step = search.next(0);
      while (!step.done) step = search.next(await at(name, step.value));
      found.push({ name, x: step.value.x });
    }
  return found;
}

/** Even spacing, every value that is simulated, and points crowding on each transition: a jump is drawn upright, a root singularity round. */
export function theoryGrid(along: Axis, transitions: readonly Transition[], points: number, integer: boolean): number[] {
  const from = along.values[0];
  const to = along.values[along.values.length - 1];
  const grid = [...spread(from, to, points, along.log), ...along.values];
  for (const { x } of transitions)
    for (const d of [1e-8, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 2e-3]) {
      const step = d * (along.log ? x : to - from);
      grid.push(x - step, x + step);
    }
  const kept = grid.map((x) => (integer ? Math.round(x) : x)).filter((x) => x >= from && x <= to);
  return [...new Set(kept)].sort((a, b) => a - b);
}

/** Theory against simulation at one declared point: what lies further apart than 4 standard errors + bias/size. */
import { parse } from "../../src/core/parameters.ts";
import { average, evolveRun, final, simulateRun } from "../../src/core/scenario.ts";
import type { Agreement, Run, Scenario } from "../../src/core/types.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

const SEEDS = 16;
/** A run that stopped early stays where it is. */
const held = (x: readonly number[], k: number) => x[Math.min(k, x.length - 1)];

/** One sentence a miss. `scale` multiplies the declared size; a diverged run is a miss. */
export function disagreements(
  // biome-ignore lint/suspicious/noExplicitAny: scenarios of every parameter set
  s: Scenario<any, any>,
  point: Agreement,
  { seeds = point.seeds ?? SEEDS, scale = 1 }: { readonly seeds?: number; readonly scale?: number } = {}
): string[] {
  const size = scale * (parse(s, point.params).size as number);
  const params = { ...point.params, size };
  const runs = Array.from({ length: seeds }, (_, k) => simulateRun(s, params, k + 1, makeRng));
  const misses = runs.filter((r) => r.outcome.kind === "diverged").map((r) => `seed ${r.seed}: ${JSON.stringify(r.outcome)}`);
  const theory: Run = point.at === "every-t" ? evolveRun(s, params) : atEnd(s, params);
  const T = point.at === "every-t" ? Math.max(theory.t.length, ...runs.map((r) => r.t.length)) : 1;
  for (const key of point.observables ?? Object.keys(s.observables))
    for (let k = 0; k < T; k++) {
      const values = runs.map((r) => (point.at === "end" ? final(r)[key] : held(r.series[key], k)));
      const { mean, sem } = average(values);
      const want = held(theory.series[key], k);
      const tolerance = 4 * (sem ?? 0) + point.bias / size;
      if (!(Math.abs(mean - want) <= tolerance))
        misses.push(
          `${key} at t = ${k}: ${mean.toFixed(5)} ± ${(sem ?? 0).toFixed(5)}, theory ${want.toFixed(5)}, off by ${(mean - want).toFixed(5)} > ${tolerance.toFixed(5)}`
        );
    }
  return misses;
}

function atEnd(s: Scenario, raw: Readonly<Record<string, unknown>>): Run {
  const params = parse(s, raw);
  const { observables, outcome } = s.predict(params).branches.algorithmic;
  return {
    scenario: s.id,
    source: "theory",
    seed: null,
    params,
    t: [0],
    series: Object.fromEntries(Object.entries(observables).map(([k, v]) => [k, [v]])),
    outcome
  };
}

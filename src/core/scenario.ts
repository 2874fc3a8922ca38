/** Running a scenario: generators in, plain data out. */
import { parse } from "./parameters.ts";
import type { Frame, Outcome, Params, Rng, Run, Scenario, SimulationEnd, Value } from "./types.ts";

/** Identity at run time; at compile time it pins the literal types of parameters and observables. */
export function defineScenario<const P extends Params, O extends string>(s: Scenario<P, O>): Scenario<P, O> {
  return s;
}

/** One finite-size run. `makeRng` comes from numerics/random: core draws no numbers itself. */
export function simulateRun<P extends Params, O extends string>(
  s: Scenario<P, O>,
  raw: Readonly<Record<string, unknown>>,
  seed: number,
  makeRng: (seed: number, label: string) => Rng
): Run<O> {
  const params = parse(s, raw);
  return collect(s, "simulation", params, seed, s.simulate(params, makeRng(seed, s.id)));
}

/** The theory of the same trajectory. */
export function evolveRun<P extends Params, O extends string>(s: Scenario<P, O>, raw: Readonly<Record<string, unknown>>): Run<O> {
  const params = parse(s, raw);
  return collect(s, "theory", params, null, s.evolve(params));
}

/** Drains a generator of frames. Frame arrays grow with t; nothing else is kept. */
export function collect<O extends string>(
  s: { readonly id: string; readonly observables: Readonly<Record<O, unknown>> },
  source: Run["source"],
  params: Readonly<Record<string, Value>>,
  seed: number | null,
  frames: Generator<Frame<O>, Outcome | SimulationEnd>
): Run<O> {
  const names = Object.keys(s.observables) as O[];
  const t: number[] = [];
  const series = Object.fromEntries(names.map((k) => [k, [] as number[]])) as unknown as Record<O, number[]>;
  const matrices: Record<string, (readonly (readonly number[])[])[]> = {};
  for (;;) {
    const step = frames.next();
    if (step.done) {
      const { extra, ...outcome } = step.value as SimulationEnd;
      return {
        scenario: s.id,
        source,
        seed,
        params,
        t,
        series,
        outcome,
        ...(Object.keys(matrices).length ? { matrices } : {}),
        ...(extra ? { extra } : {})
      };
    }
    const frame = step.value;
    t.push(frame.t);
    for (const k of names) series[k].push(frame[k]);
    for (const [k, M] of Object.entries(frame.matrices ?? {})) {
      matrices[k] ??= [];
      matrices[k].push(M);
    }
  }
}

/** The last frame of a run. */
export function final<O extends string>(run: Run<O>): Record<O, number> {
  return Object.fromEntries(Object.entries<readonly number[]>(run.series).map(([k, v]) => [k, v[v.length - 1]])) as Record<O, number>;
}

/** Mean and standard error over runs; a single run has no standard error (null). */
export function average(values: readonly number[]): { readonly mean: number; readonly sem: number | null; readonly median: number } {
  const n = values.length;
  const mean = values.reduce((s, x) => s + x, 0) / n;
  const sorted = [...values].sort((a, b) => a - b);
  const median = n % 2 ? sorted[(n - 1) / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  return { mean, sem: n > 1 ? Math.sqrt(values.reduce((s, x) => s + (x - mean) ** 2, 0) / (n - 1) / n) : null, median };
}

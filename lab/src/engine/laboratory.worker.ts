/** The worker's side of protocol.ts. A scenario's code is loaded when it is first asked for. */
import loaders from "virtual:scenarios";
import { add } from "workerpool/src/worker.js";
import { ParameterError, parse } from "../../../src/core/parameters.ts";
import { collect } from "../../../src/core/scenario.ts";
import type { Frame, SimulationEnd } from "../../../src/core/types.ts";
import type { AnyScenario } from "../../../src/experiments/cell.ts";
import { hashingRng } from "../../../src/experiments/instance.ts";
import { runCell } from "../../../src/experiments/runCell.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";
import { solverMethods } from "../solve/work/methods.ts";
import type { Answer, Computed, LiveFrames, Methods } from "./protocol.ts";

const known = new Map<string, Promise<AnyScenario>>();

function scenarioOf(id: string): Promise<AnyScenario> {
  const there = known.get(id);
  if (there) return there;
  const load = loaders[id];
  if (!load) return Promise.reject(new ParameterError(`there is no scenario ${JSON.stringify(id)}`));
  const loading = load();
  known.set(id, loading);
  loading.catch(() => known.delete(id)); // a network that failed once may not fail again
  return loading;
}

async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), usage: error instanceof ParameterError };
  }
}

let live: Generator<Frame, SimulationEnd> | null = null;

function take(count: number, milliseconds: number): LiveFrames {
  const frames: Frame[] = [];
  const until = performance.now() + milliseconds;
  while (live && frames.length < count) {
    const step = live.next();
    if (step.done) {
      live = null;
      return { frames, end: step.value };
    }
    frames.push(step.value);
    if (performance.now() > until) break;
  }
  return { frames, end: null };
}

const methods: Methods = {
  ...solverMethods(answer),
  runCells: (cells) =>
    answer(async () => {
      const done: Computed[] = [];
      for (const cell of cells) {
        const scenario = await scenarioOf(cell.scenario);
        const { key, result, seconds } = runCell(cell, { scenario });
        done.push({ key, result, seconds });
      }
      return done;
    }),
  rest: () =>
    answer(async () => {
      live = null;
      return null;
    }),
  landscape: (id, params) =>
    answer(async () => {
      const s = await scenarioOf(id);
      if (!s.landscape) throw new ParameterError(`${id} has no landscape`);
      return s.landscape(parse(s, params));
    }),
  predict: (id, params) =>
    answer(async () => {
      const s = await scenarioOf(id);
      return s.predict(parse(s, params));
    }),
  caveats: (id, params) =>
    answer(async () => {
      const s = await scenarioOf(id);
      const values = parse(s, params);
      return { end: s.caveat?.(values, "end") ?? null, way: s.caveat?.(values, "every-t") ?? null };
    }),
  evolve: (id, params, most) =>
    answer(async () => {
      const s = await scenarioOf(id);
      const values = parse(s, params);
      const run = collect(s, "theory", values, null, s.evolve(values));
      const every = Math.max(1, Math.ceil(run.t.length / most));
      const thin = <T>(all: readonly T[]) => all.filter((_, k) => k % every === 0 || k === all.length - 1);
      const each = <T>(all: Readonly<Record<string, readonly T[]>>) =>
        Object.fromEntries(Object.entries(all).map(([k, v]) => [k, thin(v)]));
      return { ...run, t: thin(run.t), series: each(run.series), ...(run.matrices ? { matrices: each(run.matrices) } : {}) };
    }),
  instance: (id, params, seed) =>
    answer(async () => {
      const s = await scenarioOf(id);
      const rng = hashingRng(seed, s.id);
      s.simulate(parse(s, params), rng).next();
      return rng.digest();
    }),
  open: (start) =>
    answer(async () => {
      live = null;
      const s = await scenarioOf(start.scenario);
      const rng = hashingRng(start.seed, s.id);
      live = s.simulate(parse(s, start.params), rng, { detail: start.detail });
      const first = take(1, Number.POSITIVE_INFINITY);
      return { ...first, instance: rng.digest() };
    }),
  advance: (count, milliseconds) => answer(async () => take(count, milliseconds)),
  normals: (seed, label, count) =>
    answer(async () => {
      const numbers = new Float64Array(count);
      makeRng(seed, label).fillNormal(numbers);
      return numbers;
    })
};

add(methods as unknown as Record<string, (...args: never[]) => unknown>);

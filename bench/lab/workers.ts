/** The page's worker against Node: the same instances, and as many iterations a second. */
import { readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import type { AnyScenario } from "../../src/experiments/cell.ts";
import { type Line, line, median } from "../timing.ts";
import type { Place } from "./page.ts";

/** A worker of the page, spoken to as workerpool speaks to it. */
async function workerOf(place: Place): Promise<{
  readonly page: Page;
  ask(method: string, params: unknown[]): Promise<{ answer: unknown; ms: number }>;
  close(): Promise<void>;
}> {
  const script = readdirSync(`${place.folder}/assets`).find((name) => /^laboratory\.worker-.*\.js$/.test(name));
  if (!script) throw new Error("the built lab has no laboratory.worker script");
  const page = await place.open("#/glossary");
  await page.waitForLoadState("load");
  await page.evaluate(async (url) => {
    const worker = new Worker(url, { type: "module" });
    await new Promise((ready) => worker.addEventListener("message", ready, { once: true }));
    Object.assign(globalThis, { worker });
  }, `${place.url}assets/${script}`);
  return {
    page,
    ask: (method, params) =>
      page.evaluate(
        ([method, params]) =>
          new Promise<{ answer: unknown; ms: number }>((resolve, reject) => {
            const { worker } = globalThis as unknown as { worker: Worker };
            const start = performance.now();
            const hear = ({ data }: MessageEvent) => {
              if (data?.id !== 1) return;
              worker.removeEventListener("message", hear);
              const value = data.result;
              if (data.error || value?.error) reject(new Error(data.error?.message ?? value.error));
              else resolve({ answer: value.value, ms: performance.now() - start });
            };
            worker.addEventListener("message", hear);
            worker.postMessage({ id: 1, method, params });
          }),
        [method, params] as const
      ),
    close: () => page.context().close()
  };
}

interface Library {
  readonly scenarios: Readonly<Record<string, AnyScenario>>;
  makeRng(seed: number, label: string): never;
  parse(scenario: AnyScenario, raw: object): never;
  instanceOf(scenario: AnyScenario, params: object, seed: number): string;
}
/** The built library, as Node's users have it. */
const library = (place: Place): Promise<Library> => import(pathToFileURL(`${place.root}dist/index.js`).href);

/** Compressed sensing at N = 1000, from frame 0 to the end; page and Node in turn, the ratio of each round. */
export async function ampRate(place: Place): Promise<Line[]> {
  const { scenarios, makeRng, parse } = await library(place);
  const scenario = Object.values(scenarios).find((s) => s.id === "compressed-sensing") as AnyScenario;
  const params = { size: 1000, alpha: 0.6 };
  const worker = await workerOf(place);
  const rates: { page: number; node: number }[] = [];
  let same = true;
  for (let seed = 0; seed < 9; seed++) {
    await worker.ask("open", [{ scenario: scenario.id, params, seed, detail: false }]);
    const { answer, ms } = await worker.ask("advance", [1e6, 1e9]);
    const { frames } = answer as { frames: Record<string, number>[] };
    const run = scenario.simulate(parse(scenario, params), makeRng(seed, scenario.id));
    let last: Record<string, unknown> | null = null;
    run.next();
    const start = performance.now();
    let count = 0;
    for (let step = run.next(); !step.done; step = run.next()) {
      last = step.value;
      count++;
    }
    const here = performance.now() - start;
    // engines differ in the last bit of an exponential
    const close = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a));
    same &&= count === frames.length && close(Number(last?.mse), frames[frames.length - 1].mse);
    if (seed > 1) rates.push({ page: (1e3 * frames.length) / ms, node: (1e3 * count) / here }); // the first two warm up
  }
  await worker.close();
  const ratio = median(rates.map((r) => r.page / r.node));
  const measured = `${median(rates.map((r) => r.page)).toFixed(0)} against ${median(rates.map((r) => r.node)).toFixed(0)}, ratio ${ratio.toFixed(2)}`;
  return [
    line(
      `AMP iterations a second at N = 1000, page against Node${same ? "" : " (NOT THE SAME RUNS)"}`,
      measured,
      "ratio >= 0.7",
      same && ratio >= 0.7
    )
  ];
}

/** Every scenario at its defaults, as small as it may be up to 60; seed 7. */
export async function instances(place: Place): Promise<Line[]> {
  const { scenarios, instanceOf, parse } = await library(place);
  const worker = await workerOf(place);
  const differ: string[] = [];
  const all = Object.values(scenarios);
  for (const scenario of all) {
    const size = scenario.params.size;
    const small = size?.kind === "integer" ? { size: Math.min(size.default, Math.max(size.min, 60)) } : {};
    const here = instanceOf(scenario, parse(scenario, small), 7);
    try {
      const { answer } = await worker.ask("instance", [scenario.id, small, 7]);
      if (answer !== here) differ.push(`${scenario.id} (${answer}, ${here})`);
    } catch (error) {
      differ.push(`${scenario.id} (${error instanceof Error ? error.message.split("\n")[0] : error})`);
    }
  }
  await worker.close();
  const measured = differ.length ? `differ: ${differ.join(", ")}` : `all ${all.length} equal`;
  return [line("hash of the instance, page against Node", measured, "equal for every scenario", differ.length === 0)];
}

/** The library as users' pages load it: dist/index.js in a real Chromium gives the instances and the numbers that Node gives. */
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "./chromium.ts";

const dist = resolve(import.meta.dirname, "../../dist");

let server: Server;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
    const file = join(dist, path);
    if (path === "/" || !file.startsWith(dist) || !existsSync(file)) {
      response.setHeader("content-type", "text/html");
      response.end("<!doctype html><title>spinodal</title>");
      return;
    }
    response.setHeader("content-type", "text/javascript");
    response.end(readFileSync(file));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  browser = await launch();
  page = await browser.newPage();
  page.on("console", (m) => m.type() === "error" && complaints.push(m.text()));
  page.on("pageerror", (e) => complaints.push(e.message));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

// biome-ignore lint/suspicious/noExplicitAny: the library is imported at run time, by its address
type Dynamic = any;

/** Runs on either engine: its text goes to the browser, so it sees nothing but its argument. */
async function report(library: string) {
  const s = await import(/* @vite-ignore */ library);
  const hash = (x: ArrayBufferView): string => {
    let h = 0x811c9dc5;
    for (const byte of new Uint8Array(x.buffer, x.byteOffset, x.byteLength)) h = Math.imul(h ^ byte, 0x01000193);
    return (h >>> 0).toString(16);
  };
  const instances: Record<string, string> = {};
  for (const family of Object.values<Dynamic>(s.priors)) {
    const x = new Float64Array(2000);
    s.make(family).sample(s.makeRng(3, family.id), x);
    instances[`prior ${family.id}`] = hash(x);
  }
  for (const family of Object.values<Dynamic>(s.channels)) {
    const channel = s.make(family);
    const z = new Float64Array(channel.scalar === "complex" ? 4000 : 2000);
    s.makeRng(4, "z").fillNormal(z);
    const y = new Float64Array(channel.labelScalar === "complex" ? 4000 : 2000);
    channel.sample(s.makeRng(5, family.id), z, y);
    instances[`channel ${family.id}`] = hash(y);
  }
  for (const family of Object.values<Dynamic>(s.ensembles))
    for (const [rows, cols] of [
      [64, 50],
      [40, 64]
    ]) {
      const A = s.make(family).sample(s.makeRng(6, family.id), rows, cols);
      instances[`ensemble ${family.id} ${rows} x ${cols}`] = hash(A.data ?? s.materialise(A)); // structured ones are written out
    }
  const numbers: Record<string, number[]> = {};
  for (const scenario of Object.values<Dynamic>(s.scenarios)) {
    // of a relu generator thresholds take tens of seconds, of a linear one none
    const light = scenario.id.startsWith("generative") ? { activation: "linear" } : {};
    const at = "alpha" in scenario.params ? { alpha: 0.9 } : {};
    // engines differ in the last bit of Math.exp; hundreds of adaptive steps blow that up to 3e-9 of the peak in total-variation
    const short = scenario.id === "total-variation" ? { iterations: 30 } : {};
    const run = s.simulateRun(scenario, { size: 100, ...light, ...short }, 1, s.makeRng);
    numbers[`${scenario.id}: run`] = Object.values<number[]>(run.series).flat();
    const thresholds = scenario.thresholds?.(s.parse(scenario, light)) ?? {};
    numbers[`${scenario.id}: thresholds`] = Object.values<number | null>(thresholds).map((x) => x ?? -1);
    const branch = scenario.predict(s.parse(scenario, { ...at, ...light })).branches.algorithmic;
    numbers[`${scenario.id}: prediction`] = Object.values<number>(branch.observables);
  }
  return { instances, numbers };
}

test("every sampler gives the same bits, every scenario the same runs, predictions and thresholds", async () => {
  const here = await report(join(dist, "index.js"));
  const there = (await page.evaluate(
    `(${report.toString().replace(/__vite_ssr_dynamic_import__|__vi_import__/g, "import")})("/index.js")`
  )) as Awaited<ReturnType<typeof report>>;
  expect(complaints).toEqual([]);
  expect(Object.keys(here.instances).length).toBeGreaterThan(20);
  expect(there.instances).toEqual(here.instances);
  for (const [name, values] of Object.entries(here.numbers)) {
    expect(there.numbers[name].length, name).toBe(values.length);
    values.forEach((x, k) => {
      expect(Math.abs(there.numbers[name][k] - x), `${name} [${k}]`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(x)));
    });
  }
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { ParameterError } from "../../src/core/parameters.ts";
import { average } from "../../src/core/scenario.ts";
import {
  type AnyScenario,
  type Comparison,
  comparisonManifest,
  compare,
  type Executor,
  inProcessExecutor,
  type Laboratory,
  memoryStore,
  parseAxis,
  type PhaseDiagram,
  phaseDiagram,
  phaseTable,
  type Progress,
  runsTable,
  summaryTable,
  theoryTable
} from "../../src/experiments/index.ts";
import { openStore, writeComparison } from "../../src/experiments/node/index.ts";
import { linearRegression, mmse } from "./fixtures/ridge.ts";

const scenario: AnyScenario = linearRegression;
const lab = (): Laboratory => ({ scenarios: { linearRegression }, executor: inProcessExecutor(), store: memoryStore() });
const rows = (csv: string) => Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true }).data;

describe("compare", () => {
  test("draws the theory on at least 200 points, at every simulated value, and close on both sides of each transition", async () => {
    const along = parseAxis("alpha=0.2:2:0.1", scenario);
    const c = await compare({ scenario, params: { noise: 0.2 }, along, seeds: [] }, lab());
    const xs = c.theory.map((p) => p.x);
    expect(xs.length).toBeGreaterThanOrEqual(200);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    for (const x of along.values) expect(xs).toContain(x);
    expect(c.transitions).toEqual([
      { name: "algorithmic", x: 1.2 },
      { name: "informationTheoretic", x: 1 }
    ]);
    for (const { x } of c.transitions) {
      expect(xs.some((v) => v < x && v > x - 1e-7)).toBe(true);
      expect(xs.some((v) => v > x && v < x + 1e-7)).toBe(true);
    }
    for (const p of c.theory) expect(p.algorithmic.mse).toBe(mmse(p.x, 0.2));
    expect(c.dots).toEqual([]);
  });

  test("along another parameter a transition sits where its threshold equals alpha", async () => {
    const c = await compare(
      { scenario, params: { alpha: 1.3 }, along: parseAxis("noise=log:0.01:0.45:9", scenario), seeds: [], theoryPoints: 5 },
      lab()
    );
    expect(c.transitions).toHaveLength(1);
    expect(c.transitions[0].name).toBe("algorithmic");
    expect(c.transitions[0].x).toBeCloseTo(0.3, 9); // 1 + noise = 1.3
  });

  test("dots are the mean, standard error and median of the runs, and lie on the theory (4 standard errors and 2/N: 1 false alarm in 2000)", async () => {
    const seeds = Array.from({ length: 30 }, (_, k) => k);
    const c = await compare(
      { scenario, params: { noise: 0.2, size: 60 }, along: parseAxis("alpha=0.5,1,2", scenario), seeds, theoryPoints: 3 },
      lab()
    );
    expect(c.runs).toHaveLength(90);
    for (const dot of c.dots) {
      const values = c.runs.filter((r) => r.x === dot.x).map((r) => r.observables.mse);
      expect(dot.all.mse).toEqual({ n: 30, ...average(values) });
      expect(dot).toMatchObject({ runs: 30, good: 30, success: 1 });
      const s = dot.all.mse;
      const off = Math.abs((s?.mean ?? Number.NaN) - mmse(dot.x, 0.2));
      expect(off, `alpha ${dot.x}: ${s?.mean} against ${mmse(dot.x, 0.2)}, s.e. ${s?.sem}`).toBeLessThan(4 * (s?.sem ?? 0) + 2 / 60);
    }
  });

  test("failed runs stay in the table with their status, out of the converged averages and out of the success fraction", async () => {
    const seeds = Array.from({ length: 40 }, (_, k) => k);
    const c = await compare(
      { scenario, params: { mode: "diverging", size: 10 }, along: parseAxis("alpha=1", scenario), seeds, theoryPoints: 2 },
      lab()
    );
    const diverged = c.runs.filter((r) => r.outcome === "diverged");
    expect(diverged.length).toBeGreaterThan(0);
    expect(c.dots[0].converged.mse?.n).toBe(40 - diverged.length);
    expect(c.dots[0].all.mse?.n).toBe(40 - diverged.length); // a diverged run here has no finite mse ...
    expect(c.dots[0].all.overlap?.n).toBe(40); // ... but has an overlap
    expect(c.dots[0].success).toBe((40 - diverged.length) / 40);
    const table = rows(runsTable(c));
    expect(table).toHaveLength(40);
    const failed = table.filter((r) => r.outcome === "diverged");
    expect(failed).toHaveLength(diverged.length);
    for (const r of failed)
      expect(r).toMatchObject({ mse: "", success: "false", advice: "it was asked to diverge", alpha: "1", mode: "diverging" });
    expect(comparisonManifest(c).outcomes).toEqual({ converged: 40 - diverged.length, diverged: diverged.length });
    expect(JSON.stringify(c)).not.toMatch(/NaN|Infinity/);
  });

  test("an exception of a run becomes a row, not the end of the sweep", async () => {
    const c = await compare(
      { scenario, params: { mode: "throwing", size: 10 }, along: parseAxis("alpha=0.5,1", scenario), seeds: [0, 1], theoryPoints: 2 },
      lab()
    );
    expect(c.runs.map((r) => r.outcome)).toEqual(["error", "error", "converged", "converged"]);
    expect(c.runs[0].advice).toContain("alpha must be at least 1");
    expect(c.dots[0].all.mse).toBeNull();
  });

  test("success can be a bound on an observable", async () => {
    const success = { observable: "mse", atMost: 0.3 };
    const c = await compare(
      { scenario, params: { size: 30 }, along: parseAxis("alpha=0.2,3", scenario), seeds: [0, 1, 2], theoryPoints: 2, success },
      lab()
    );
    expect(c.dots.map((d) => d.success)).toEqual([0, 1]);
    const misspelt = { observable: "msee", atMost: 0.3 };
    await expect(
      compare({ scenario, params: {}, along: parseAxis("alpha=1", scenario), seeds: [], success: misspelt }, lab())
    ).rejects.toThrow("one of mse, overlap, got msee");
  });

  test("the tables say the same as the comparison, one row per observation", async () => {
    const c = await compare(
      { scenario, params: { size: 20 }, along: parseAxis("alpha=0.5,1.5", scenario), seeds: [3, 4], theoryPoints: 2 },
      lab()
    );
    expect(rows(theoryTable(c))).toHaveLength(2 * c.theory.length);
    const summary = rows(summaryTable(c));
    expect(summary).toHaveLength(2 * 2 * 2);
    expect(Number(summary[0].mean)).toBe(c.dots[0].all.mse?.mean);
    expect(Number(summary[0].algorithmic)).toBe(mmse(0.5, 0.1));
    expect(rows(runsTable(c)).map((r) => r.seed)).toEqual(["3", "4", "3", "4"]);
  });

  test("a second comparison in the same folder computes nothing and writes the same files", { timeout: 60_000 }, async () => {
    const directory = mkdtempSync(join(tmpdir(), "spinodal-compare-"));
    const request = { scenario, params: { size: 20 }, along: parseAxis("alpha=0.5:1.5:0.5", scenario), seeds: [0, 1] };
    const once = async () => {
      const store = await openStore(directory);
      const seen: Progress[] = [];
      const c = await compare(request, { ...lab(), store, onProgress: (p) => seen.push(p) });
      store.close();
      const files = await writeComparison(directory, c);
      return { fresh: seen.some((p) => p.done > p.skipped), files, contents: files.map((f) => readFileSync(f)) };
    };
    const first = await once();
    const second = await once();
    expect(first.fresh).toBe(true);
    expect(second.fresh).toBe(false);
    expect(second.files.map((f) => f.slice(directory.length + 1))).toEqual([
      "runs.csv",
      "theory.csv",
      "summary.csv",
      "manifest.json",
      "compare-mse.svg",
      "compare-mse.png",
      "compare-mse.pdf"
    ]);
    second.files.forEach((file, k) => {
      if (!file.endsWith(".pdf")) expect(second.contents[k].equals(first.contents[k]), file).toBe(true);
    });
    rmSync(directory, { recursive: true, force: true });
  });
});

/** The in-process executor, but cells of `kind` wait for the gate. */
function gated(kind: "thresholds" | "predict" | "simulate") {
  const executor = inProcessExecutor();
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const held: Executor = {
    name: "gated",
    async run(job) {
      if (job.manifest.cells[0]?.kind === kind) await gate;
      return executor.run(job);
    }
  };
  return { laboratory: { ...lab(), executor: held }, open: () => open() };
}

describe("a listener", () => {
  const request = { scenario, params: { noise: 0.2, size: 20 }, along: parseAxis("alpha=0.2:2:0.2", scenario), seeds: [0, 1] };

  test("of compare has the line and the runs before the thresholds are known, then the transitions, and last the same as nobody", async () => {
    const { laboratory, open } = gated("thresholds");
    const heard: Comparison[] = [];
    const whole = await compare({ ...request, onUpdate: (c) => heard.push(c) && c.runs.length === 20 && open(), every: 1 }, laboratory);
    expect(heard.length).toBeGreaterThan(2);
    const early = heard.filter((c) => Object.keys(c.thresholds).length === 0);
    expect(early.length).toBeGreaterThan(1);
    for (const c of early) {
      expect(c.transitions).toEqual([]);
      // in outline before in detail: whoever sees the line sees it from end to end
      const xs = c.theory.map((p) => p.x);
      if (xs.length >= 17) expect(xs[xs.length - 1]).toBeGreaterThan(1.8);
      expect(xs).toEqual([...xs].sort((a, b) => a - b));
    }
    expect(whole.transitions.map((t) => t.name)).toEqual(["algorithmic", "informationTheoretic"]);
    expect(heard[heard.length - 1]).toBe(whole);
    const unheard = await compare(request, lab());
    const timeless = (c: Comparison) => ({ ...c, runs: c.runs.map((r) => ({ ...r, seconds: 0 })) });
    expect(timeless(whole)).toEqual(timeless(unheard));
  });

  test("of compare hears less often when hearing takes long", async () => {
    let heard = 0;
    const busy = () => {
      heard++;
      for (const until = performance.now() + 20; performance.now() < until; );
    };
    const start = performance.now();
    await compare({ ...request, params: { size: 60 }, seeds: Array.from({ length: 40 }, (_, k) => k), onUpdate: busy, every: 5 }, lab());
    const seconds = (performance.now() - start) / 1e3;
    expect(heard).toBeLessThanOrEqual(3 + seconds / 0.08); // 20 ms of hearing, then 80 ms of peace, whatever was asked
  });

  test("of a scenario that refuses hears the refusal, and nothing goes on behind it", async () => {
    const laboratory = lab();
    const refusing: AnyScenario = {
      ...scenario,
      thresholds: () => {
        throw new ParameterError("no thresholds today");
      }
    };
    const seeds = Array.from({ length: 2000 }, (_, k) => k);
    const refused = compare({ ...request, seeds, onUpdate: () => {} }, { ...laboratory, scenarios: { refusing } });
    await expect(refused).rejects.toThrow("no thresholds today");
    const finished = [...laboratory.store.records()].length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([...laboratory.store.records()].length).toBe(finished);
  });

  test("that aborts is told Interrupted", async () => {
    const abort = new AbortController();
    const stopped = compare(
      { ...request, seeds: Array.from({ length: 2000 }, (_, k) => k), onUpdate: () => abort.abort() },
      { ...lab(), signal: abort.signal }
    );
    await expect(stopped).rejects.toThrow("interrupted");
  });

  test("of a phase diagram sees lines while they are traced, the heat map from end to end while it fills, and last the same as nobody", async () => {
    const simulate = { seeds: [0, 1] };
    const grid = {
      scenario,
      params: { size: 40 },
      x: parseAxis("noise=0.05:0.45:0.05", scenario),
      y: parseAxis("alpha=0.2:2:0.2", scenario),
      simulate
    };
    const heard: PhaseDiagram[] = [];
    const whole = await phaseDiagram({ ...grid, onUpdate: (p) => heard.push(p), every: 1 }, lab());
    expect(heard[heard.length - 1]).toBe(whole);
    for (const p of heard) {
      const xs = p.columns.map((c) => c.x);
      expect(xs).toEqual([...xs].sort((a, b) => a - b));
      expect(p.window).toEqual(whole.window);
      for (const h of p.heat) expect(h.runs).toBeGreaterThan(0);
    }
    const partial = heard.filter((p) => p.heat.length >= 12 && p.heat.length < whole.heat.length);
    for (const p of partial) {
      expect(Math.max(...p.heat.map((h) => h.x)) - Math.min(...p.heat.map((h) => h.x))).toBeCloseTo(0.4, 9);
      expect(Math.max(...p.heat.map((h) => h.y))).toBeGreaterThan(1.7);
    }
    const unheard = await phaseDiagram(grid, lab());
    const timeless = (p: PhaseDiagram) => ({ ...p, runs: p.runs.map((r) => ({ ...r, seconds: 0 })) });
    expect(timeless(whole)).toEqual(timeless(unheard));
  });

  test("of a phase diagram has runs on the grid while the refinement of the lines still waits", async () => {
    const { laboratory, open } = gated("predict"); // the bands wait
    const grid = { scenario, params: { size: 20 }, x: parseAxis("noise=0.1,0.2", scenario), y: parseAxis("alpha=0.5,1.5", scenario) };
    const heard: PhaseDiagram[] = [];
    const request = { ...grid, simulate: { seeds: [0, 1] }, onUpdate: (p: PhaseDiagram) => heard.push(p) && p.runs.length === 8 && open() };
    const whole = await phaseDiagram(request, laboratory);
    expect(heard.some((p) => p.runs.length === 8 && p.columns.every((c) => c.bands.length === 0))).toBe(true);
    expect(whole.columns.every((c) => c.bands.length > 0)).toBe(true);
  });
});

describe("phase diagrams", () => {
  test("lines are refined to where they end, and the bands between them are labelled by the scenario", async () => {
    const p = await phaseDiagram({ scenario, params: {}, x: parseAxis("noise=0.05:0.95:0.05", scenario) }, lab());
    const ends = p.columns.filter((c) => c.thresholds.algorithmic !== null).map((c) => c.x);
    expect(Math.abs(Math.max(...ends) - 0.5)).toBeLessThan(0.002); // the line ends at noise 0.5
    for (const c of p.columns) {
      expect(c.bands.map((b) => b.phase)).toEqual(c.x > 0.5 ? ["easy"] : ["impossible", "hard", "easy"]);
      if (c.x <= 0.5) expect(c.bands[1]).toMatchObject({ from: 1, to: 1 + c.x, lower: "informationTheoretic", upper: "algorithmic" });
    }
    expect(rows(phaseTable(p))).toHaveLength(2 * p.columns.length);
  });

  test("a constant line with rounding noise is not refined", async () => {
    let calls = 0;
    const noisy: AnyScenario = {
      ...scenario,
      thresholds: () => ({ algorithmic: 1 + 1e-13 * Math.sin(++calls), informationTheoretic: null })
    };
    const p = await phaseDiagram(
      { scenario: noisy, params: {}, x: parseAxis("noise=0.05:0.45:0.025", scenario) },
      { ...lab(), scenarios: { noisy } }
    );
    expect(p.columns).toHaveLength(17);
  });

  test("runs on the grid give a success fraction at each point", async () => {
    const simulate = { seeds: [0, 1], success: { observable: "mse", atMost: 0.3 } };
    const p = await phaseDiagram(
      { scenario, params: { size: 20 }, x: parseAxis("noise=0.1,0.2", scenario), y: parseAxis("alpha=0.2,3", scenario), simulate },
      lab()
    );
    expect(p.heat.map((h) => [h.x, h.y, h.runs])).toEqual([
      [0.1, 0.2, 2],
      [0.1, 3, 2],
      [0.2, 0.2, 2],
      [0.2, 3, 2]
    ]);
    expect(p.heat.filter((h) => h.y === 3).every((h) => h.success === 1)).toBe(true);
    expect(p.heat.filter((h) => h.y === 0.2).every((h) => h.success === 0)).toBe(true);
    expect(p.runs).toHaveLength(8);
  });

  test("what cannot be a phase diagram is refused in a sentence", async () => {
    const x = parseAxis("noise=0.1:0.3:0.1", scenario);
    await expect(phaseDiagram({ scenario, params: {}, x: parseAxis("alpha=1:2:0.5", scenario) }, lab())).rejects.toThrow(
      "other than alpha and size"
    );
    await expect(phaseDiagram({ scenario, params: {}, x, y: x }, lab())).rejects.toThrow("the vertical axis must be alpha, got noise");
    await expect(phaseDiagram({ scenario, params: {}, x: parseAxis("noise=0.1", scenario) }, lab())).rejects.toThrow(
      "at least 2 values, got 1"
    );
  });
});

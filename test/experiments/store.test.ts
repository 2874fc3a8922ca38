import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CellRecord, cellKey, manifestOf } from "../../src/experiments/cell.ts";
import { inProcessExecutor, type Progress } from "../../src/experiments/executor.ts";
import { openStore } from "../../src/experiments/node/directoryStore.ts";
import { localExecutor } from "../../src/experiments/node/localExecutor.ts";
import { runShard } from "../../src/experiments/node/shard.ts";
import { memoryStore } from "../../src/experiments/store.ts";
import { Interrupted, runCells, simulateCells } from "../../src/experiments/sweep.ts";
import { bundle } from "./fixtures/bundle.ts";
import { linearRegression } from "./fixtures/ridge.ts";
import { effort } from "../effort.ts";

const scenarios = { linearRegression };
const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "spinodal-store-"));
  folders.push(path);
  return path;
}
let workerScript = "";
let sweepProcess = "";
beforeAll(async () => {
  [workerScript, sweepProcess] = await Promise.all([bundle("worker"), bundle("sweepProcess")]);
});
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
  rmSync(join(workerScript, ".."), { recursive: true, force: true });
});

const cells = (count: number, params = {}) =>
  simulateCells(
    linearRegression,
    { size: 10, ...params },
    Array.from({ length: count }, (_, k) => k)
  );
function linesOf(directory: string): string[] {
  const path = join(directory, "cells");
  if (!existsSync(path)) return [];
  return readdirSync(path).flatMap((name) =>
    readFileSync(join(path, name), "utf8")
      .split("\n")
      .filter((line) => line !== "")
  );
}
function wholeRecords(lines: readonly string[]): CellRecord[] {
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as CellRecord];
    } catch {
      return [];
    }
  });
}

describe("the store in a folder", () => {
  test("keeps what was appended, and a sweep over it computes only what is missing", async () => {
    const directory = folder();
    const store = await openStore(directory);
    const lab = { scenarios, executor: inProcessExecutor(), store };
    await runCells(cells(5), "five", lab);
    store.close();
    const again = await openStore(directory);
    const seen: Progress[] = [];
    const records = await runCells(cells(8), "eight", { ...lab, store: again, onProgress: (p) => seen.push(p) });
    again.close();
    expect(records.size).toBe(8);
    expect(seen[0]).toMatchObject({ total: 8, done: 5, skipped: 5, secondsLeft: null });
    expect(seen[seen.length - 1]).toMatchObject({ total: 8, done: 8, secondsLeft: 0 });
    expect(linesOf(directory)).toHaveLength(8);
  });

  test("passes over a torn last line and computes that cell again", async () => {
    const directory = folder();
    const store = await openStore(directory);
    await runCells(cells(3), "three", { scenarios, executor: inProcessExecutor(), store });
    store.close();
    const file = join(directory, "cells", readdirSync(join(directory, "cells"))[0]);
    truncateSync(file, statSync(file).size - 20);
    const torn = await openStore(directory);
    expect(torn.unreadable).toBe(1);
    expect([...torn.records()]).toHaveLength(2);
    await runCells(cells(3), "three", { scenarios, executor: inProcessExecutor(), store: torn });
    torn.close();
    const mended = await openStore(directory);
    expect([...mended.records()]).toHaveLength(3);
  });

  test("a foreign line is counted, not believed", async () => {
    const directory = folder();
    const store = await openStore(directory);
    await runCells(cells(1), "one", { scenarios, executor: inProcessExecutor(), store });
    store.close();
    appendFileSync(join(directory, "cells", readdirSync(join(directory, "cells"))[0]), '{"hello":1}\n');
    const read = await openStore(directory);
    expect(read.unreadable).toBe(1);
    expect([...read.records()]).toHaveLength(1);
  });

  test("two writers at once have files of their own, and each sees the other's cells after refresh", async () => {
    const directory = folder();
    const [a, b] = [await openStore(directory), await openStore(directory)];
    await Promise.all([
      runCells(cells(4), "a", { scenarios, executor: inProcessExecutor(), store: a }),
      runCells(cells(4, { alpha: 2 }), "b", { scenarios, executor: inProcessExecutor(), store: b })
    ]);
    expect(readdirSync(join(directory, "cells"))).toHaveLength(2);
    await a.refresh();
    expect([...a.records()]).toHaveLength(8);
    a.close();
    b.close();
  });

  test("runs that failed are kept with their status, exceptions with their sentence", async () => {
    const store = memoryStore();
    const lab = { scenarios, executor: inProcessExecutor(), store };
    const diverged = [...(await runCells(cells(20, { mode: "diverging" }), "d", lab)).values()].map((r) => r.result);
    expect(
      diverged.some((r) => r.kind === "simulate" && r.outcome.kind === "diverged" && r.outcome.advice === "it was asked to diverge")
    ).toBe(true);
    const [thrown] = (await runCells(cells(1, { mode: "throwing", alpha: 0.5 }), "t", lab)).values();
    expect(thrown.result).toEqual({
      kind: "error",
      error: "linear-regression: alpha must be at least 1 in this mode, such as alpha=1",
      usage: true
    });
    for (const record of store.records()) expect(JSON.stringify(record)).not.toContain("null,");
  });
});

describe("executors", () => {
  test("the pool and the process itself give the same records, run by run", async () => {
    const here = await runCells(cells(12), "here", { scenarios, executor: inProcessExecutor(), store: memoryStore() });
    const executor = localExecutor({ workers: 2, workerScript, patience: 0 });
    const there = await runCells(cells(12), "there", { scenarios, executor, store: memoryStore() });
    expect(there.size).toBe(12);
    for (const [key, record] of here) expect(there.get(key)?.result).toEqual(record.result);
  });

  test.each(["in-process", "pool"])("an abort stops the %s executor, keeps what was finished, and the same sweep goes on", async (kind) => {
    const store = memoryStore();
    const abort = new AbortController();
    const executor = kind === "pool" ? localExecutor({ workers: 2, workerScript, patience: 0 }) : inProcessExecutor();
    const stopping = runCells(cells(200, { size: 40 }), "stopped", {
      scenarios,
      executor,
      store,
      signal: abort.signal,
      onProgress: (p) => {
        if (p.done >= 5) abort.abort();
      }
    });
    await expect(stopping).rejects.toThrow(Interrupted);
    const kept = [...store.records()].length;
    expect(kept).toBeGreaterThanOrEqual(5);
    expect(kept).toBeLessThan(200);
    const summary = await executor.run({ manifest: manifestOf("rest", cells(200, { size: 40 })), scenarios, store });
    expect(summary).toMatchObject({ done: 200, skipped: kept, interrupted: false, crashes: [] });
  });

  test("three shards of a manifest file do every cell once, into the store beside it", async () => {
    const directory = folder();
    const store = await openStore(directory);
    const path = await store.saveManifest(manifestOf("Shards of 10!", cells(10)));
    expect(path).toBe(join(directory, "manifests", "shards-of-10.json"));
    const done = await Promise.all([0, 1, 2].map((i) => runShard(path ?? "", i, 3, { scenarios })));
    expect(done.map((s) => s.done)).toEqual([4, 3, 3]);
    await store.refresh();
    for (const cell of cells(10)) expect(store.has(cellKey(cell))).toBe(true);
    expect(linesOf(directory)).toHaveLength(10);
    await expect(runShard(path ?? "", 3, 3, { scenarios })).rejects.toThrow("the index must be an integer in [0, 2], got 3");
    await expect(runShard(join(directory, "none.json"), 0, 1, { scenarios })).rejects.toThrow("cannot read the manifest");
  });
});

const KILLS = effort(6, 20);
test(`kill -9, ${KILLS} times at random moments: no finished cell is lost, none is computed twice`, { timeout: 240_000 }, async () => {
  const directory = folder();
  const total = 150 * KILLS; // more than so many lives can finish
  const start = () =>
    spawn(process.execPath, [sweepProcess, directory, workerScript, String(total)], {
      detached: true,
      stdio: ["ignore", "pipe", "inherit"]
    });
  let before = new Set<string>();
  let kills = 0;
  let ended = false;
  while (kills < KILLS && !ended) {
    const child = start();
    let hasEnded = false;
    const exit = new Promise<void>((resolve) =>
      child.on("exit", (code) => {
        hasEnded = code === 0;
        resolve();
      })
    );
    // let it write at least a little, then strike at a random moment
    const target = before.size + 1 + Math.floor(Math.random() * 25);
    while (!hasEnded && child.exitCode === null && linesOf(directory).length < target) await new Promise((r) => setTimeout(r, 15));
    await new Promise((r) => setTimeout(r, Math.random() * 40));
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await exit;
    ended = hasEnded;
    if (!ended) kills++;
    const now = new Set(wholeRecords(linesOf(directory)).map((r) => r.key));
    for (const key of before) expect(now.has(key), `cell ${key} was finished before kill ${kills} and is gone`).toBe(true);
    before = now;
  }
  expect(kills).toBe(KILLS);
  const last = start();
  let said = "";
  last.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await new Promise((resolve) => last.on("close", resolve));
  const summary = JSON.parse(said) as Progress;
  expect(summary).toMatchObject({ total, done: total, skipped: before.size });
  const records = wholeRecords(linesOf(directory));
  expect(records).toHaveLength(total);
  expect(new Set(records.map((r) => r.key)).size).toBe(total);
});

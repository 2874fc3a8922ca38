/** Who computes what, when: the lab's crew of workers with workers of cardboard. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Crew, makeCrew, type Priority, type Worker } from "../../lab/src/engine/crew.ts";
import { Died } from "../../lab/src/engine/endings.ts";
import type { Cell } from "../../src/experiments/cell.ts";

const cellsOf = (name: string, count: number): Cell[] =>
  Array.from({ length: count }, (_, seed) => ({ scenario: name, kind: "simulate", params: {}, seed, version: "0" }));

/** Workers that take `cost(cell)` ms a cell; NaN kills them. */
function cardboard(cost: (cell: Cell) => number) {
  const log: { readonly worker: number; readonly cells: readonly Cell[]; readonly at: number }[] = [];
  const ended: number[] = [];
  let hired = 0;
  const hire = (): Worker => {
    const worker = hired++;
    let over = false;
    return {
      compute(cells) {
        log.push({ worker, cells, at: performance.now() });
        const bad = cells.findIndex((cell) => Number.isNaN(cost(cell)));
        const whole = cells.slice(0, bad < 0 ? cells.length : bad).reduce((sum, cell) => sum + cost(cell), 0);
        return new Promise((resolve, reject) => {
          setTimeout(() => {
            if (over) return;
            if (bad >= 0) reject(new Died("out of memory"));
            else
              resolve({
                value: cells.map((cell) => ({
                  key: `${cell.scenario}${cell.seed}`,
                  result: { kind: "error", error: "" },
                  seconds: cost(cell) / 1e3
                }))
              });
          }, whole);
        });
      },
      end() {
        over = true;
        ended.push(worker);
      }
    };
  };
  return { hire, log, ended, hired: () => hired };
}

function sweep(crew: Crew, cells: readonly Cell[], priority: Priority = "visible", signal?: AbortSignal) {
  const finished: number[] = [];
  const lost: string[] = [];
  let over = Number.NaN;
  const start = performance.now();
  const done = crew
    .run({ cells, priority, signal, finished: ({ cell }) => finished.push(cell.seed ?? -1), lost: (_, why) => lost.push(why) })
    .then(() => {
      over = performance.now() - start;
    });
  return { finished, lost, done, over: () => over };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the crew", () => {
  test("computes every cell once, quick ones in batches, slow ones one by one", async () => {
    const quick = cardboard(() => 1);
    const a = sweep(makeCrew(quick.hire, 2), cellsOf("quick", 300));
    await vi.runAllTimersAsync();
    await a.done;
    expect([...a.finished].sort((x, y) => x - y)).toEqual(cellsOf("quick", 300).map((c) => c.seed));
    expect(quick.log.length).toBeLessThan(40);
    const slow = cardboard(() => 500);
    const b = sweep(makeCrew(slow.hire, 2), cellsOf("slow", 10));
    await vi.runAllTimersAsync();
    await b.done;
    expect(slow.log).toHaveLength(10);
    expect(slow.hired()).toBe(2);
  });

  test("starts its second worker when the first has answered, or is slow to", async () => {
    const quick = cardboard(() => 5);
    const crew = makeCrew(quick.hire, 2);
    crew.warmUp();
    sweep(crew, cellsOf("s", 100));
    expect(quick.hired()).toBe(1);
    await vi.advanceTimersByTimeAsync(6);
    expect(quick.hired()).toBe(2);
    const slow = cardboard(() => 3000);
    sweep(makeCrew(slow.hire, 2), cellsOf("s", 2));
    await vi.advanceTimersByTimeAsync(100);
    expect(slow.hired()).toBe(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(slow.hired()).toBe(2);
  });

  test("two visible sweeps share it evenly", async () => {
    const crew = makeCrew(cardboard(() => 100).hire, 2);
    const [a, b] = [sweep(crew, cellsOf("a", 50)), sweep(crew, cellsOf("b", 50))];
    await vi.advanceTimersByTimeAsync(2100);
    expect(Math.abs(a.finished.length - b.finished.length)).toBeLessThanOrEqual(2);
    expect(a.finished.length + b.finished.length).toBeGreaterThan(36);
  });

  test("what is visible goes before what is in the background, and takes its workers", async () => {
    const crew = makeCrew(cardboard((cell) => (cell.scenario === "card" ? 5000 : 50)).hire, 2);
    const card = sweep(crew, cellsOf("card", 4), "background");
    await vi.advanceTimersByTimeAsync(1000);
    const view = sweep(crew, cellsOf("view", 10));
    await vi.advanceTimersByTimeAsync(500);
    expect(view.over()).toBeLessThan(450);
    expect(card.finished).toEqual([]);
    await vi.runAllTimersAsync();
    expect([...card.finished].sort()).toEqual([0, 1, 2, 3]);
  });

  test("an abort resolves at once, and within 100 ms no worker is at its cells; others are there for the next sweep", async () => {
    const { hire, ended, hired } = cardboard((cell) => (cell.scenario === "long" ? 60_000 : 10));
    const crew = makeCrew(hire, 2);
    await (async () => {
      const warm = sweep(crew, cellsOf("warm", 20));
      await vi.runAllTimersAsync();
      await warm.done;
    })();
    const abort = new AbortController();
    const long = sweep(crew, cellsOf("long", 8), "visible", abort.signal);
    await vi.advanceTimersByTimeAsync(1000);
    abort.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(long.over()).toBe(1000);
    await vi.advanceTimersByTimeAsync(99);
    expect(ended).toEqual([0, 1]);
    expect(hired()).toBe(4);
    const after = sweep(crew, cellsOf("after", 10));
    await vi.advanceTimersByTimeAsync(200);
    expect(after.finished).toHaveLength(10);
  });

  test("an abort lets a worker that is about to finish finish: nothing is started anew, and its results are kept", async () => {
    const { hire, ended } = cardboard(() => 20);
    const crew = makeCrew(hire, 2);
    const abort = new AbortController();
    const short = sweep(crew, cellsOf("short", 50), "visible", abort.signal);
    await vi.advanceTimersByTimeAsync(300);
    abort.abort();
    const before = short.finished.length;
    await vi.advanceTimersByTimeAsync(100);
    expect(ended).toEqual([]);
    expect(short.finished.length).toBe(before + 2);
  });

  test("a cell that kills its worker is lost alone, with one sentence; the others are computed", async () => {
    const { hire } = cardboard((cell) => (cell.seed === 57 ? Number.NaN : 2));
    const doomed = sweep(makeCrew(hire, 2), cellsOf("s", 100));
    await vi.runAllTimersAsync();
    await doomed.done;
    expect(doomed.finished).toHaveLength(99);
    expect(doomed.finished).not.toContain(57);
    expect(doomed.lost).toEqual(["the worker that computed this stopped (out of memory); try again, with a smaller size if it was large"]);
  });

  test("workers that never start end the sweep with the reason, not with silence; the next sweep tries again", async () => {
    let broken = true;
    const crew = makeCrew(() => {
      const [worker] = [cardboard(() => (broken ? Number.NaN : 1)).hire()];
      return worker;
    }, 2);
    const first = sweep(crew, cellsOf("s", 5));
    await vi.runAllTimersAsync();
    await first.done;
    expect(first.finished).toEqual([]);
    expect(first.lost).toHaveLength(5);
    broken = false;
    const second = sweep(crew, cellsOf("s", 5));
    await vi.runAllTimersAsync();
    await second.done;
    expect(second.finished).toHaveLength(5);
  });

  test("code that cannot be loaded is a reason, and the workers stay", async () => {
    const { hire, ended } = cardboard(() => 1);
    const crew = makeCrew(() => ({ ...hire(), compute: async () => ({ error: "it could not be fetched", usage: false }) }), 2);
    const a = sweep(crew, cellsOf("s", 3));
    await vi.runAllTimersAsync();
    await a.done;
    expect(a.lost).toEqual(Array(3).fill("it could not be fetched"));
    expect(ended).toEqual([]);
  });
});

/** An observable against time: the line of the theory at once, then whole trajectories of runs, seed after seed. */
import type { Run, Value } from "../../../../src/core/types.ts";
import { succeeded } from "../../../../src/core/outcome.ts";
import { cellKey, Interrupted, type Progress, runCells, simulateCells } from "../../../../src/experiments/index.ts";
import { complete } from "../../../../src/experiments/sweep.ts";
import type { Entry } from "../../catalogue/types.ts";
import { accepted, type Caveats, desk, laboratory } from "../../engine/index.ts";
import type { Ended } from "./outcomes.ts";

export interface TimeRequest {
  readonly entry: Entry;
  readonly params: Readonly<Record<string, Value>>;
  readonly seeds: readonly number[];
}
export interface Track {
  readonly t: readonly number[];
  readonly series: Readonly<Record<string, readonly number[]>>;
}
export interface Trajectories {
  readonly params: Readonly<Record<string, Value>>;
  readonly seeds: readonly number[];
  readonly theory: Run | null;
  readonly caveat: string | null;
  readonly levels: readonly { readonly name: string; readonly observable: string; readonly value: number }[];
  readonly runs: readonly Track[];
  readonly ended: readonly Ended[];
}

const REST = 350;
const PATIENCE = 200;
const EVERY = 150;
/** Frames kept of the theory, for the eye. */
const FRAMES = 400;

export class TimeSweep {
  shown: Trajectories | null = $state.raw(null);
  stale = $state(false);
  progress: Progress | null = $state.raw(null);
  trouble = $state("");
  stopped = $state(false);
  private abort: AbortController | null = null;
  private last: TimeRequest | null = null;
  private readonly worker = desk();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;

  start(request: TimeRequest): void {
    this.stale = this.shown !== null;
    this.last = request;
    // while a parameter is dragged a theory that is quick is finished first; the newest is next
    this.timer ??= setTimeout(() => this.resume(), this.busy ? PATIENCE : 0);
  }
  stop(): void {
    this.end();
    this.stopped = true;
    this.stale = false;
  }
  resume(): void {
    if (this.last) void this.launch(this.last);
  }
  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.abort?.abort();
    this.abort = null;
    this.progress = null;
    if (this.busy) this.worker.drop();
    this.busy = false;
  }
  close(): void {
    this.end();
    this.worker.drop();
  }

  private async launch({ entry, params, seeds }: TimeRequest): Promise<void> {
    this.end();
    this.stopped = false;
    const abort = new AbortController();
    this.abort = abort;
    const { signal } = abort;
    const current = () => this.abort === abort;
    const lab = laboratory(signal, (p) => {
      if (current()) this.progress = p;
    });
    try {
      const full = complete(entry, params);
      this.busy = true;
      const theory = accepted(await this.worker.ask("evolve", entry.id, params, FRAMES));
      const caveats: Caveats = accepted(await this.worker.ask("caveats", entry.id, params));
      if (!current()) return;
      this.busy = false;
      const begun: Trajectories = { params: full, seeds, theory, caveat: caveats.way ?? caveats.end, levels: [], runs: [], ended: [] };
      this.shown = begun;
      this.stale = false;
      this.trouble = "";
      const { levels = [] } = accepted(await this.worker.ask("predict", entry.id, params));
      if (!current()) return;
      this.shown = { ...begun, levels };
      await new Promise((resolve) => setTimeout(resolve, REST));
      if (!current() || seeds.length === 0) return;
      const cells = simulateCells(entry, params, seeds, { trajectory: true });
      const gather = () => {
        const runs: Track[] = [];
        const ended: Ended[] = [];
        for (const cell of cells) {
          const result = lab.store.get(cellKey(cell))?.result;
          if (result?.kind === "simulate" && result.trajectory) {
            runs.push(result.trajectory);
            const { kind, advice = "" } = result.outcome;
            const x = result.trajectory.t[result.trajectory.t.length - 1] ?? 0;
            ended.push({ x, seed: cell.seed ?? 0, outcome: kind, advice, good: succeeded(result.outcome) });
          } else if (result?.kind === "error")
            ended.push({ x: 0, seed: cell.seed ?? 0, outcome: "error", advice: result.error, good: false });
        }
        if (current()) this.shown = { ...begun, levels, runs, ended };
      };
      let last = 0;
      await runCells(cells, "runs", {
        ...lab,
        onProgress: (p) => {
          lab.onProgress?.(p);
          if (performance.now() - last < EVERY) return;
          last = performance.now();
          gather();
        }
      });
      gather();
    } catch (error) {
      if (!current() || signal.aborted || error instanceof Interrupted) return;
      this.busy = false;
      this.trouble = error instanceof Error ? error.message : String(error);
      this.stale = this.shown !== null;
    } finally {
      if (current()) this.progress = null;
    }
  }
}

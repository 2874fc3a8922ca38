/** Trajectories with their matrices: the theory's from a worker of its own, those of the runs from the pool, as they come. */
import type { Run } from "../../../../src/core/types.ts";
import { cellKey, Interrupted, type Progress, runCells, simulateCells } from "../../../../src/experiments/index.ts";
import type { MatrixRun } from "../../../../src/experiments/figures/index.ts";
import type { Entry } from "../../catalogue/types.ts";
import { accepted, desk, laboratory, type Raw } from "../../engine/index.ts";

const MOST = 300;

export class Tracks {
  theory: Run | null = $state.raw(null);
  runs: readonly MatrixRun[] = $state.raw([]);
  progress: Progress | null = $state.raw(null);
  trouble = $state("");
  stale = $state(false);
  stopped = $state(false);

  #desk = desk();
  #abort: AbortController | null = null;
  #generation = 0;
  #busy = false;

  async ask(entry: Entry, params: Raw, seeds: readonly number[]): Promise<void> {
    const mine = ++this.#generation;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.trouble = "";
    this.stale = true;
    this.stopped = false;
    await Promise.all([this.#theory(mine, entry, params), this.#runs(mine, abort, entry, params, seeds)]);
    if (mine === this.#generation) this.stale = false;
  }
  stop(): void {
    this.stopped = true;
    this.#abort?.abort();
  }
  drop(): void {
    this.#generation++;
    this.#abort?.abort();
    this.#desk.drop();
  }

  async #theory(mine: number, entry: Entry, params: Raw): Promise<void> {
    if (this.#busy) this.#desk.drop();
    this.#busy = true;
    try {
      const run = accepted(await this.#desk.ask("evolve", entry.id, params, MOST));
      if (mine === this.#generation) this.theory = run;
    } catch (error) {
      if (mine !== this.#generation) return;
      this.theory = null;
      this.trouble = error instanceof Error ? error.message : String(error);
    } finally {
      if (mine === this.#generation) this.#busy = false;
    }
  }
  async #runs(mine: number, abort: AbortController, entry: Entry, params: Raw, seeds: readonly number[]): Promise<void> {
    try {
      const cells = simulateCells(entry, params, seeds, { trajectory: true });
      // runs are shown as they come: those that are in the store
      const show = () => {
        const found: MatrixRun[] = [];
        for (const cell of cells) {
          const result = laboratoryOfRuns.store.get(cellKey(cell))?.result;
          if (result?.kind === "simulate" && result.trajectory?.matrices) found.push(result.trajectory);
          if (result?.kind === "error") this.trouble ||= result.error;
        }
        if (found.length > 0 || !this.stale) this.runs = found;
      };
      const laboratoryOfRuns = laboratory(abort.signal, (progress) => {
        if (mine !== this.#generation) return;
        this.progress = progress;
        show();
      });
      await runCells(cells, "runs", laboratoryOfRuns);
      if (mine === this.#generation) show();
    } catch (error) {
      if (mine !== this.#generation) return;
      if (!(error instanceof Interrupted)) this.trouble ||= error instanceof Error ? error.message : String(error);
    } finally {
      if (mine === this.#generation) this.progress = null;
    }
  }
}

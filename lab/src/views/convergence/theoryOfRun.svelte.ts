/** What the theory says of a live run: its trajectory, where it ends, and why it does not describe the run. Asked in a worker beside the run's. */
import type { Prediction, Run } from "../../../../src/core/types.ts";
import { accepted, type Caveats, desk, type Raw } from "../../engine/index.ts";

/** Frames of the theory that a figure can show. */
const MOST = 600;

export class TheoryOfRun {
  run: Run | null = $state.raw(null);
  prediction: Prediction | null = $state.raw(null);
  caveats: Caveats = $state.raw({ end: null, way: null });
  /** Why there is no theory here. */
  trouble = $state("");
  /** What is shown belongs to older parameters. */
  stale = $state(false);

  #desk = desk();
  #generation = 0;
  #busy = false;

  async ask(scenario: string, params: Raw): Promise<void> {
    const mine = ++this.#generation;
    if (this.#busy) this.#desk.drop(); // what it computes is of no use any more
    this.#busy = true;
    this.stale = true;
    this.trouble = "";
    try {
      const caveats = accepted(await this.#desk.ask("caveats", scenario, params));
      if (mine !== this.#generation) return;
      this.caveats = caveats;
      const run = accepted(await this.#desk.ask("evolve", scenario, params, MOST));
      if (mine !== this.#generation) return;
      this.run = run;
      this.stale = false;
      const prediction = accepted(await this.#desk.ask("predict", scenario, params));
      if (mine === this.#generation) this.prediction = prediction;
    } catch (error) {
      if (mine !== this.#generation) return;
      this.trouble = error instanceof Error ? error.message : String(error);
      this.run = null;
      this.prediction = null;
      this.stale = false;
    } finally {
      if (mine === this.#generation) this.#busy = false;
    }
  }
  drop(): void {
    this.#generation++;
    this.#desk.drop();
  }
}

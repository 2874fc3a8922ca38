/** A solve under way in a worker of its own, as state a component reads; and the same of a picture. */
import type { Progress } from "../../../src/experiments/index.ts";
import type { ImageResult, ImageTask } from "../../../src/experiments/imageTask.ts";
import type { Solved } from "../../../src/experiments/solveReport.ts";
import { accepted, type Desk, desk } from "../engine/index.ts";
import type { SolveJob, SpoiltPicture } from "./work/protocol.ts";
import { onPage } from "./wording.ts";

/** How long a worker computes before it tells: short enough to look alive. */
const SLICE = 60;

type Phase = "idle" | "running" | "done" | "cancelled" | "refused";

/** What both have: one desk for one run, ended at once when the run is not wanted any more. */
abstract class Work {
  phase: Phase = $state("idle");
  trouble = $state("");
  progress: Progress | null = $state.raw(null);
  protected began = 0;
  #desk: Desk | null = null;

  /** A new desk; what another one may still say is not heard any more. */
  protected begin(stage: string): Desk {
    this.#desk?.drop();
    const mine = desk();
    this.#desk = mine;
    this.phase = "running";
    this.trouble = "";
    this.began = performance.now();
    this.progress = { stage, total: 1, done: 0, skipped: 0, failed: 0, seconds: 0, secondsLeft: null };
    return mine;
  }
  protected mine(desk: Desk): boolean {
    return this.#desk === desk;
  }
  protected tell(stage: string, done: number, total: number): void {
    const seconds = (performance.now() - this.began) / 1e3;
    this.progress = {
      stage,
      total,
      done,
      skipped: 0,
      failed: 0,
      seconds,
      secondsLeft: done > 2 ? (seconds / done) * (total - done) : null
    };
  }
  protected end(desk: Desk, phase: Phase, trouble = ""): void {
    if (!this.mine(desk)) return;
    desk.drop();
    this.#desk = null;
    this.phase = phase;
    this.trouble = trouble;
    this.progress = null;
  }
  protected refuse(desk: Desk, error: unknown): void {
    this.end(desk, "refused", onPage(error instanceof Error ? error.message : String(error)));
  }
  /** Ends the worker at once; nothing of the run is kept. */
  cancel(): void {
    if (this.#desk) this.end(this.#desk, "cancelled");
  }
  drop(): void {
    this.#desk?.drop();
    this.#desk = null;
  }
}

export interface Sweeps {
  readonly t: readonly number[];
  readonly residual: readonly number[];
  readonly estimatedMse: readonly number[];
}

export class SolveRun extends Work {
  sweeps: Sweeps = $state.raw({ t: [], residual: [], estimatedMse: [] });
  solved: Solved | null = $state.raw(null);
  #stop = false;

  async start(job: SolveJob): Promise<void> {
    const at = this.begin("looking at the matrix");
    this.solved = null;
    this.sweeps = { t: [], residual: [], estimatedMse: [] };
    this.#stop = false;
    try {
      accepted(await at.ask("openSolve", job));
      while (this.mine(at)) {
        const { steps, solved } = accepted(await at.ask("advanceSolve", SLICE, this.#stop));
        if (!this.mine(at)) return;
        this.sweeps = {
          t: [...this.sweeps.t, ...steps.map((s) => s.t)],
          residual: [...this.sweeps.residual, ...steps.map((s) => s.residual)],
          estimatedMse: [...this.sweeps.estimatedMse, ...steps.map((s) => s.estimatedMse)]
        };
        const last = steps[steps.length - 1];
        if (last) this.tell("sweeps", last.t, last.sweeps);
        if (solved) {
          this.solved = solved;
          this.end(at, "done");
        }
      }
    } catch (error) {
      this.refuse(at, error);
    }
  }
  /** Ends after the sweep that is being made, and keeps what there is. */
  stop(): void {
    this.#stop = true;
  }
}

export class ImageRun extends Work {
  spoilt: SpoiltPicture | null = $state.raw(null);
  estimate: Float64Array | null = $state.raw(null);
  result: ImageResult | null = $state.raw(null);
  mse = $state(Number.NaN);
  task: ImageTask | null = $state.raw(null);

  async start(task: ImageTask): Promise<void> {
    const at = this.begin("spoiling the picture");
    this.task = task;
    this.spoilt = null;
    this.estimate = null;
    this.result = null;
    this.mse = Number.NaN;
    try {
      const spoilt = accepted(await at.ask("openImage", task));
      if (!this.mine(at)) return;
      this.spoilt = spoilt;
      while (this.mine(at)) {
        const { steps, estimate, result } = accepted(await at.ask("advanceImage", SLICE));
        if (!this.mine(at)) return;
        this.estimate = estimate;
        const last = steps[steps.length - 1];
        if (last) {
          this.mse = last.mse;
          this.tell("iterations", last.t, last.iterations);
        }
        if (result) {
          this.result = result;
          this.mse = result.mse;
          this.end(at, "done");
        }
      }
    } catch (error) {
      this.refuse(at, error);
    }
  }
}

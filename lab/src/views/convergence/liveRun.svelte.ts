/** One run iterating in a worker of its own, as state a component reads. Frames are asked for in small batches, one animation frame at a time. */
import type { Detail, Frame, SimulationEnd } from "../../../../src/core/types.ts";
import type { Trajectory } from "../../../../src/experiments/figures/index.ts";
import { accepted, desk, type LiveFrames, type LiveStart } from "../../engine/index.ts";
import { emptyTrail, extend } from "./trail.ts";
import { modeAfter, due, type Mode, type Press, type Speed } from "./transport.ts";

/** A batch computes no longer than this, so that the animation goes on. */
const BATCH = 12;
/** A worker that has been busy for longer is not waited for: it is ended, and another one made. */
const PATIENCE = 150;

export class LiveRun {
  mode: Mode = $state("opening");
  /** 16 hexadecimal digits of the instance; "" before it is drawn. */
  instance = $state("");
  trouble = $state("");
  end: SimulationEnd | null = $state.raw(null);
  /** Of the last frame only: a picture for every frame would fill the memory. */
  detail: Detail | null = $state.raw(null);
  speed: Speed = $state("8");

  #frames = $state(0);
  #trail = emptyTrail([]);
  #desk = desk();
  #start: LiveStart | null = null;
  #names: readonly string[] = [];
  /** Answers to an older question are not ours any more. */
  #generation = 0;
  #asked = 0;
  #busy = false;
  #loop = 0;
  #last = 0;
  #carried = 0;

  /** The frames so far; `frames` says how many. */
  get trajectory(): Trajectory {
    void this.#frames;
    return this.#trail;
  }
  get frames(): number {
    return this.#frames;
  }
  get time(): number {
    return this.#frames > 0 ? this.#trail.t[this.#frames - 1] : 0;
  }

  /** Draws the instance and rests at frame 0, or goes on as `then` says. */
  async open(start: LiveStart, names: readonly string[], then: "play" | "finish" | null): Promise<void> {
    const mine = ++this.#generation;
    if (this.#busy && performance.now() - this.#asked > PATIENCE) this.#desk.drop();
    this.#start = start;
    this.#names = names;
    this.#press("reset");
    this.trouble = "";
    this.end = null;
    this.#busy = true;
    this.#asked = performance.now();
    try {
      const opened = accepted(await this.#desk.ask("open", start));
      if (mine !== this.#generation) return;
      this.#trail = emptyTrail(names);
      this.#frames = 0;
      this.instance = opened.instance;
      this.#press("opened");
      this.#take(opened);
      if (then && !opened.end) this.#press(then);
    } catch (error) {
      if (mine === this.#generation) this.#refuse(error);
    } finally {
      if (mine === this.#generation) this.#busy = false;
    }
    this.#run();
  }

  /** To the same instance, from its first frame. */
  reset(then: "play" | "finish" | null): void {
    if (this.#start) void this.open(this.#start, this.#names, then);
  }
  play(): void {
    if (this.mode === "ended") this.reset("play");
    else {
      this.#press("play");
      this.#run();
    }
  }
  pause(): void {
    this.#press("pause");
  }
  finish(): void {
    this.#press("finish");
    this.#run();
  }
  step(): void {
    this.#press("step");
    if (this.mode === "resting" && !this.#busy) void this.#advance(1);
  }
  /** Nothing is computed any more. */
  drop(): void {
    this.#generation++;
    cancelAnimationFrame(this.#loop);
    this.#loop = 0;
    this.#desk.drop();
  }

  #press(press: Press): void {
    this.mode = modeAfter(this.mode, press);
  }
  #run(): void {
    if (this.#loop || !this.#moving()) return;
    this.#last = performance.now();
    this.#carried = 1; // the first frame comes at once
    this.#loop = requestAnimationFrame(this.#tick);
  }
  #moving(): boolean {
    return this.mode === "playing" || this.mode === "rushing";
  }
  #tick = (now: number): void => {
    this.#loop = 0;
    if (!this.#moving()) return;
    this.#loop = requestAnimationFrame(this.#tick);
    if (this.#busy) return; // what is due grows meanwhile
    const owed = due(now - this.#last, this.mode === "rushing" ? "max" : this.speed, this.#carried);
    this.#last = now;
    this.#carried = owed.carried;
    if (owed.count > 0) void this.#advance(owed.count);
  };
  async #advance(count: number): Promise<void> {
    const mine = this.#generation;
    this.#busy = true;
    this.#asked = performance.now();
    try {
      const more = accepted(await this.#desk.ask("advance", count, BATCH));
      if (mine === this.#generation) this.#take(more);
    } catch (error) {
      if (mine === this.#generation) this.#refuse(error);
    } finally {
      if (mine === this.#generation) this.#busy = false;
    }
  }
  #take({ frames, end }: LiveFrames): void {
    extend(this.#trail, frames as readonly Frame[]);
    this.#frames = this.#trail.t.length;
    const last = frames[frames.length - 1];
    if (last) this.detail = last.detail ?? null;
    if (end) {
      this.end = end;
      this.#press("end");
    }
  }
  #refuse(error: unknown): void {
    this.trouble = error instanceof Error ? error.message : String(error);
    this.#trail = emptyTrail(this.#names);
    this.#frames = 0;
    this.detail = null;
    this.#press("refuse");
  }
}

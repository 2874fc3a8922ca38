/**
 * Landscapes of one model along one parameter, from a worker: the one asked for as soon as it is there, one in between until then, and a
 * grid of them fetched when nothing else is asked, which gives the axis and the in-betweens.
 */
import type { Landscape, Phase } from "../../../../src/core/types.ts";
import { accepted, desk, type Raw } from "../../engine/index.ts";
import { axisOf, between, type Known, pointsBetween } from "./heights.ts";
import { coarseFirst, type LatestWins, latestWins } from "./latestWins.ts";

export interface Shown extends Known {
  readonly value: number;
  readonly phase: Phase;
  /** Computed at this value; otherwise in between. */
  readonly exact: boolean;
}
interface Computed extends Known {
  readonly phase: Phase;
}

/** More are not remembered: a long drag would fill the memory. */
const MOST = 800;

export class Landscapes {
  trouble = $state("");
  #version = $state(0);
  #known = new Map<number, Computed>();
  #sorted: number[] = [];
  #grid: number[] = [];
  #todo: number[] = [];
  #desk = desk();
  #queue: LatestWins<number> | null = null;
  #wanted = Number.NaN;
  #frame = 0;
  #axis: readonly [number, number] | null = null;

  /** Forgets what there is: another model, or other parameters beside `name`. */
  begin(scenario: string, params: Raw, name: string): void {
    this.#queue?.close();
    this.#known = new Map();
    this.#sorted = [];
    this.#todo = [];
    this.#axis = null;
    this.trouble = "";
    this.#queue = latestWins<number, Computed>(
      async (value) => {
        const at = { ...params, [name]: value };
        const landscape: Landscape = accepted(await this.#desk.ask("landscape", scenario, at));
        const prediction = accepted(await this.#desk.ask("predict", scenario, at));
        return { landscape, fixedPoints: prediction.fixedPoints ?? [], phase: prediction.phase };
      },
      (value, computed) => this.#keep(value, computed),
      (value, error) => {
        // a survey may pass through values where there is no landscape; only what is asked for is missed
        if (value === this.#wanted) this.trouble = error instanceof Error ? error.message : String(error);
      },
      () => this.#todo.shift() ?? null
    );
  }
  /** Values to know beforehand: ends first, then halves of what lies between. */
  survey(values: readonly number[]): void {
    this.#grid = [...values];
    this.#axis = null;
    this.#todo = coarseFirst(values).filter((v) => !this.#known.has(v));
    this.#queue?.wake();
  }
  ask(value: number): void {
    this.#wanted = value;
    if (!this.#known.has(value)) this.#queue?.ask(value);
  }

  /** What can be shown of `value` now; null before anything is known. */
  at(value: number): Shown | null {
    void this.#version;
    const exact = this.#known.get(value);
    if (exact) return { ...exact, value, exact: true };
    const above = this.#sorted.findIndex((v) => v > value);
    const [low, high] = above < 0 ? [this.#sorted[this.#sorted.length - 1], undefined] : [this.#sorted[above - 1], this.#sorted[above]];
    const [a, b] = [low === undefined ? undefined : this.#known.get(low), high === undefined ? undefined : this.#known.get(high)];
    if (a && b && low !== undefined && high !== undefined) {
      const share = (value - low) / (high - low);
      const landscape = between(a.landscape, b.landscape, share);
      return { landscape, fixedPoints: pointsBetween(a, b, share, landscape), phase: (share < 0.5 ? a : b).phase, value, exact: false };
    }
    const only = a ?? b;
    return only ? { ...only, value, exact: false } : null;
  }
  exactly(value: number): Known | null {
    void this.#version;
    return this.#known.get(value) ?? null;
  }
  /** The vertical axis of everything surveyed: it does not move while the parameter is dragged. */
  get axis(): readonly [number, number] {
    void this.#version;
    if (this.#axis) return this.#axis;
    const surveyed = this.#grid.flatMap((v) => this.#known.get(v) ?? []);
    if (surveyed.length === 0) return axisOf([...this.#known.values()]);
    this.#axis = axisOf(surveyed);
    return this.#axis;
  }
  drop(): void {
    this.#queue?.close();
    cancelAnimationFrame(this.#frame);
    this.#desk.drop();
  }

  #keep(value: number, computed: Computed): void {
    if (this.#known.size >= MOST && !this.#grid.includes(value)) this.#forgetOne();
    this.#known.set(value, computed);
    const at = this.#sorted.findIndex((v) => v >= value);
    if (at < 0) this.#sorted.push(value);
    else if (this.#sorted[at] !== value) this.#sorted.splice(at, 0, value);
    if (value === this.#wanted) this.trouble = "";
    if (this.#grid.includes(value)) this.#axis = null;
    // answers come faster than the screen: one drawing a frame
    if (!this.#frame)
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#version++;
      });
  }
  #forgetOne(): void {
    for (const value of this.#known.keys())
      if (!this.#grid.includes(value)) {
        this.#known.delete(value);
        this.#sorted = this.#sorted.filter((v) => v !== value);
        return;
      }
  }
}

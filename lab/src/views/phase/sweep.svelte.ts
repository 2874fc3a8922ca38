/** A phase diagram as it is computed: lines while they are traced, then runs on a grid; what was drawn stays until there is something newer. */
import type { Value } from "../../../../src/core/types.ts";
import { Interrupted, parseAxis, type PhaseDiagram, phaseDiagram, type Progress } from "../../../../src/experiments/index.ts";
import type { Entry } from "../../catalogue/types.ts";
import { laboratory } from "../../engine/index.ts";
import { readGrid } from "../curve/axis.ts";
import { zoomed } from "./axes.ts";

export interface PhaseAsked {
  readonly entry: Entry;
  readonly params: Readonly<Record<string, Value>>;
  readonly x: string;
  /** Nobody chose x: it may be narrowed to where the lines are. */
  readonly free: boolean;
  /** By default what holds every line. */
  readonly y: string | undefined;
  /** Seeds of the runs at each point of the grid; none without a heat map. */
  readonly seeds: readonly number[];
}

/** A change that follows another so soon belongs to a drag: the newest is computed when it pauses. */
const REST = 150;

export class PhaseSweep {
  diagram: PhaseDiagram | null = $state.raw(null);
  /** The horizontal grid as it is drawn. */
  x = $state("");
  stale = $state(false);
  progress: Progress | null = $state.raw(null);
  trouble = $state("");
  stopped = $state(false);
  private abort: AbortController | null = null;
  private last: PhaseAsked | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  start(asked: PhaseAsked): void {
    this.end();
    this.stale = this.diagram !== null;
    this.last = asked;
    this.timer = setTimeout(() => this.resume(), this.diagram === null ? 0 : REST);
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
    this.abort?.abort();
    this.abort = null;
    this.progress = null;
  }

  private async launch({ entry, params, x, free, y, seeds }: PhaseAsked): Promise<void> {
    this.end();
    this.stopped = false;
    const abort = new AbortController();
    this.abort = abort;
    const current = () => this.abort === abort;
    const lab = laboratory(abort.signal, (p) => {
      if (current()) this.progress = p;
    });
    const began = performance.now();
    const show = (d: PhaseDiagram) => {
      if (!current()) return;
      // an outline of lines without phases is shown only where nothing is drawn, or when more takes long
      const outline = d.heat.length === 0 && d.columns.some((c) => c.bands.length === 0);
      if (d.columns.length < 2 || (outline && this.diagram !== null && performance.now() - began < 1000)) return;
      this.diagram = d;
      this.stale = false;
      this.trouble = "";
    };
    try {
      let ask = { scenario: entry, params, x: parseAxis(x, entry), ...(y ? { y: parseAxis(y, entry) } : {}) };
      // a page needs no more than a pixel of precision
      const bend = 0.002;
      const first = await phaseDiagram({ ...ask, bend, onUpdate: show }, lab);
      const grid = readGrid(x);
      const narrow = free && grid ? zoomed(grid, first.columns) : null;
      if (narrow) ask = { ...ask, x: parseAxis(narrow, entry) };
      show(narrow ? await phaseDiagram({ ...ask, bend }, lab) : first);
      if (current()) this.x = narrow ?? x;
      if (seeds.length > 0 && current()) show(await phaseDiagram({ ...ask, bend, simulate: { seeds }, every: 250, onUpdate: show }, lab));
    } catch (error) {
      if (!current() || abort.signal.aborted || error instanceof Interrupted) return;
      this.trouble = error instanceof Error ? error.message : String(error);
      this.stale = this.diagram !== null;
    } finally {
      if (current()) this.progress = null;
    }
  }
}

/**
 * Theory and runs along an axis, computed as the setting changes: lines at once, dots when it has rested for a moment. What was
 * drawn stays, marked as stale, until there is something newer to draw.
 */
import type { Value } from "../../../../src/core/types.ts";
import { type Comparison, compare, Interrupted, type Progress, parseAxis } from "../../../../src/experiments/index.ts";
import type { Entry } from "../../catalogue/types.ts";
import { laboratory } from "../../engine/index.ts";
import { gridText, suggestedGrid } from "./axis.ts";

export interface CurveRequest {
  readonly entry: Entry;
  readonly params: Readonly<Record<string, Value>>;
  /** The axis, and its grid as typed; without one it is suggested. */
  readonly name: string;
  readonly grid: string | undefined;
  readonly seeds: readonly number[];
}

/** Dots begin when nothing has changed for so long. */
const REST = 350;
/** A line that takes no longer is finished although another is asked for: while a parameter is dragged it follows in steps. */
const PATIENCE = 1000;
/** A line that takes longer is shown in outline. */
const OUTLINE = 400;
/** Points of a line on a screen; the scenario may say fewer. */
const POINTS = 121;

export class CurveSweep {
  comparison: Comparison | null = $state.raw(null);
  /** The axis as it is, when it was suggested too. */
  grid = $state("");
  stale = $state(false);
  progress: Progress | null = $state.raw(null);
  trouble = $state("");
  stopped = $state(false);
  private abort: AbortController | null = null;
  private lines = false;
  private waiting: CurveRequest | null = null;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private last: CurveRequest | null = null;
  private asked = 0;

  start(request: CurveRequest): void {
    this.stale = this.comparison !== null;
    this.asked = performance.now();
    this.last = request;
    if (this.abort && this.lines) {
      this.waiting = request;
      return;
    }
    void this.launch(request);
  }

  /** The reader has seen enough; what is there stays. */
  stop(): void {
    this.end();
    this.stopped = true;
    this.stale = false;
  }
  resume(): void {
    if (this.last) void this.launch(this.last);
  }
  end(): void {
    this.abort?.abort();
    this.abort = null;
    this.waiting = null;
    clearTimeout(this.patience);
    this.progress = null;
  }

  private async launch(request: CurveRequest): Promise<void> {
    this.end();
    this.stopped = false;
    const abort = new AbortController();
    this.abort = abort;
    const { signal } = abort;
    const { entry, params } = request;
    const current = () => this.abort === abort;
    const began = performance.now();
    try {
      this.lines = true;
      this.patience = setTimeout(() => {
        this.lines = false; // from here on a change ends it
        if (this.waiting && current()) void this.launch(this.waiting);
      }, PATIENCE);
      // thresholds are not known yet: those of the setting before are a good guess
      let grid = request.grid ?? suggested(request, this.comparison?.along.name === request.name ? this.comparison.thresholds : {});
      const points = { theoryPoints: Math.min(entry.theoryPoints ?? POINTS, POINTS) };
      const show = (c: Comparison, whole: boolean) => {
        if (!current()) return;
        if (!whole && this.comparison !== null && performance.now() - began < OUTLINE) return;
        this.comparison = c;
        this.grid = request.grid ?? grid;
        this.stale = this.waiting !== null;
        this.trouble = "";
      };
      const lab = laboratory(signal, (p) => {
        if (current()) this.progress = p;
      });
      const ask = () => ({ scenario: entry, params, along: parseAxis(grid, entry), ...points });
      let lines = await compare({ ...ask(), seeds: [], onUpdate: (c) => show(c, false) }, lab);
      const covering = request.grid ?? suggested(request, lines.thresholds);
      if (covering !== grid) {
        show(lines, this.comparison === null);
        grid = covering;
        lines = await compare({ ...ask(), seeds: [], onUpdate: (c) => show(c, false) }, lab);
      }
      show(lines, true);
      this.lines = false;
      clearTimeout(this.patience);
      if (!current()) return;
      if (this.waiting) return void this.launch(this.waiting);
      if (request.seeds.length > 0) {
        await pause(REST - (performance.now() - this.asked), signal);
        await compare(
          { ...ask(), seeds: request.seeds, every: 150, onUpdate: (c) => show(c, c.theory.length >= lines.theory.length) },
          lab
        );
      }
    } catch (error) {
      if (!current() || signal.aborted || error instanceof Interrupted) return;
      this.trouble = error instanceof Error ? error.message : String(error);
      this.stale = this.comparison !== null;
      const next = this.waiting;
      if (next) void this.launch(next);
    } finally {
      if (current()) {
        this.lines = false;
        this.progress = null;
      }
    }
  }
}

/** Around the parameter's own value, and wide enough for the thresholds that are along it. */
function suggested({ entry, params, name }: CurveRequest, thresholds: Comparison["thresholds"]): string {
  const along = entry.thresholdNames.length > 0 && name === (entry.along ?? "alpha");
  const cover = along ? Object.values(thresholds).filter((v) => v !== null) : [];
  return gridText(suggestedGrid(entry, name, params[name], cover));
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, Math.max(0, milliseconds));
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("stopped", "AbortError"));
    });
  });
}

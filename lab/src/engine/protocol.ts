/**
 * What a worker of the lab does when asked: plain data in, plain data out. One script serves all of them; a pool of them computes the
 * cells of sweeps, one by itself has the live run, one answers what must be quick (landscapes, trajectories of the theory).
 */
import type { Frame, Landscape, Prediction, Run, SimulationEnd, Value } from "../../../src/core/types.ts";
import type { Cell, CellRecord } from "../../../src/experiments/cell.ts";
import type { SolverMethods } from "../solve/work/protocol.ts";

export type Raw = Readonly<Record<string, Value>>;

/** Where a live run starts; the same data is the same instance, bit for bit. */
export interface LiveStart {
  readonly scenario: string;
  readonly params: Raw;
  readonly seed: number;
  /** Frames carry residuals and pictures, where the scenario has them. */
  readonly detail: boolean;
}
export interface LiveFrames {
  readonly frames: readonly Frame[];
  /** How it ended, when it did. */
  readonly end: SimulationEnd | null;
}

/** Of where runs end, and of the way there. */
export interface Caveats {
  readonly end: string | null;
  readonly way: string | null;
}

/** A refusal travels as a value, so that the page can tell bad input from a mistake of ours. */
export type Answer<T> = { readonly value: T } | { readonly error: string; readonly usage: boolean };

/** The record of a cell, without the cell: whoever asked has it. */
export type Computed = Omit<CellRecord, "cell">;

export interface Methods extends SolverMethods {
  /** In the order of the cells. What a cell throws is its result; an error is that its code could not be loaded. */
  runCells(cells: readonly Cell[]): Promise<Answer<readonly Computed[]>>;
  /** Forgets the run there is: the worker waits for somebody else. */
  rest(): Promise<Answer<null>>;
  landscape(scenario: string, params: Raw): Promise<Answer<Landscape>>;
  /** Where the theory says runs end: for who drags a parameter; others ask `runCells`, which remembers. */
  predict(scenario: string, params: Raw): Promise<Answer<Prediction>>;
  /** Why the theory does not describe runs at these parameters, in a sentence; null where it does. */
  caveats(scenario: string, params: Raw): Promise<Answer<Caveats>>;
  /** The theory of a trajectory, drained; at most `most` frames are kept, the last one always. */
  evolve(scenario: string, params: Raw, most: number): Promise<Answer<Run>>;
  /** 16 hexadecimal digits of what is drawn before the first frame. */
  instance(scenario: string, params: Raw, seed: number): Promise<Answer<string>>;
  /** Draws the instance and gives frame 0; drops the run there was. */
  open(start: LiveStart): Promise<Answer<LiveFrames & { readonly instance: string }>>;
  /** At most `count` more frames, fewer when `milliseconds` have passed. */
  advance(count: number, milliseconds: number): Promise<Answer<LiveFrames>>;
  /** `count` numbers N(0, 1) of the stream of this seed and label: the page's own policy has no WebAssembly, so it draws none itself. */
  normals(seed: number, label: string, count: number): Promise<Answer<Float64Array>>;
}

/** What a worker does for the page of the visitor's own data: it reads files, solves step by step, draws examples. Plain data both ways. */
import type { ImageResult, ImageStep, ImageTask } from "../../../../src/experiments/imageTask.ts";
import type { SolveStep } from "../../../../src/experiments/solve.ts";
import type { Given } from "../../../../src/experiments/solveInputs.ts";
import type { Solved } from "../../../../src/experiments/solveReport.ts";
import type { Answer } from "../../engine/protocol.ts";
import type { ExampleId } from "../exampleIds.ts";

/** What is solved: the arrays, and the options as they stand in the form. */
export interface SolveJob {
  readonly matrix: Given;
  readonly observations: Given;
  readonly truth: Given | null;
  readonly prior: string;
  readonly channel: string;
  /** "" for none: dct, haar1d, haar2d. */
  readonly basis: string;
  /** Names separated by commas. */
  readonly learn: string;
  readonly auto: boolean;
  /** A number, adaptive, or "" for what the algorithm takes by itself. */
  readonly damping: string;
  readonly iterations: string;
  readonly init: "" | "uninformed" | "spectral" | "informed";
  readonly seed: number;
}

export interface SolveAdvance {
  readonly steps: readonly SolveStep[];
  /** Present when it has ended. */
  readonly solved: Solved | null;
}

export interface Example {
  readonly matrix: Given;
  readonly observations: Given;
  readonly truth: Given;
}

/** What is drawn of the spoilt picture before any of it is recovered; NaN where nothing was seen. */
export interface SpoiltPicture {
  readonly seen: Float64Array | null;
  readonly baseline: Float64Array;
  readonly baselineName: string;
  readonly baselineMse: number;
  readonly measurements: number;
}
export interface ImageAdvance {
  /** The last one carries the picture. */
  readonly steps: readonly Omit<ImageStep, "estimate">[];
  readonly estimate: Float64Array | null;
  readonly result: ImageResult | null;
}

export interface SolverMethods {
  /** Every array of a file, each called by the file and its own name. */
  readFile(name: string, bytes: Uint8Array): Promise<Answer<readonly Given[]>>;
  drawExample(id: ExampleId, seed: number): Promise<Answer<Example>>;
  openSolve(job: SolveJob): Promise<Answer<{ readonly rows: number; readonly cols: number }>>;
  /** Steps for about this long; `stop` ends it with what it has. */
  advanceSolve(milliseconds: number, stop: boolean): Promise<Answer<SolveAdvance>>;
  openImage(task: ImageTask): Promise<Answer<SpoiltPicture>>;
  advanceImage(milliseconds: number): Promise<Answer<ImageAdvance>>;
}

/** What a worker does for the page of the visitor's own data: it reads files, solves step by step, draws examples. Plain data both ways. */
import type { ImageResult, ImageStep, ImageTask } from "../../../../src/experiments/imageTask.ts";
import type { Scalar } from "../../../../src/core/types.ts";
import type { SolveStep } from "../../../../src/experiments/solve.ts";
import type { Solved } from "../../../../src/experiments/solveReport.ts";
import type { NumericArray } from "../../../../src/io/numericArray.ts";
import type { Answer } from "../../engine/protocol.ts";
import type { ExampleId } from "../exampleIds.ts";

/**
 * An array that the page holds without its numbers: a blob goes from worker to worker as a handle, where tens of megabytes of numbers
 * would be copied by the thread that draws.
 */
export interface Held {
  readonly place: string;
  readonly array: Pick<NumericArray, "scalar" | "shape">;
  /** The numbers, 8 bytes each, complex ones interleaved. */
  readonly numbers: Blob;
  readonly sketch: Sketch;
  /** Turned on this page: the file of this name has it the other way round. */
  readonly turned: boolean;
}
/** What the page says of an array without reading it. */
export interface Sketch {
  /** Of |entry|^2. */
  readonly meanSquare: number;
  /** Of the entries, over the root of the mean square; the real part where they are complex. */
  readonly mean: number;
  /** The values, where there are at most two. */
  readonly values: readonly number[] | null;
}

/** What is solved: the arrays, and the options as they stand in the form. */
export interface SolveJob {
  readonly matrix: Held;
  readonly observations: Held;
  readonly truth: Held | null;
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
  readonly matrix: Held;
  readonly observations: Held;
  readonly truth: Held;
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

export interface ForecastAsked {
  readonly rows: number;
  readonly cols: number;
  /** Of the matrix. */
  readonly scalar: Scalar;
  readonly matrix: Sketch;
  readonly observations: Sketch;
  readonly prior: string;
  readonly channel: string;
}
/** Null where theory has no number. */
export interface Forecast {
  /** Powers, at the noise that is set; negative when the noise is larger than the measurements. */
  readonly signalToNoise: number | null;
  /** Mean square of the measurements over what prior and noise give. */
  readonly largerThanExpected: number | null;
  readonly mse: number | null;
  /** Over the mean square of the signal. */
  readonly nmse: number | null;
  /** The mse of a much better fixed point that a run from scratch does not reach. */
  readonly hidden: number | null;
  /** Measurements from which on the signal is recovered, where these do not. */
  readonly enough: number | null;
}

export interface SolverMethods {
  forecast(asked: ForecastAsked): Promise<Answer<Forecast>>;
  /** Every array of a file, each called by the file and its own name. */
  readFile(file: File): Promise<Answer<readonly Held[]>>;
  transpose(matrix: Held): Promise<Answer<Held>>;
  drawExample(id: ExampleId, seed: number): Promise<Answer<Example>>;
  openSolve(job: SolveJob): Promise<Answer<{ readonly rows: number; readonly cols: number }>>;
  /** Steps for about this long; `stop` ends it with what it has. */
  advanceSolve(milliseconds: number, stop: boolean): Promise<Answer<SolveAdvance>>;
  openImage(task: ImageTask): Promise<Answer<SpoiltPicture>>;
  advanceImage(milliseconds: number): Promise<Answer<ImageAdvance>>;
}

/** The worker's side of protocol.ts: one solve and one picture at a time, each a generator that is advanced in slices. */
import { ParameterError } from "../../../../src/core/parameters.ts";
import { type ImageResult, type ImageStep, type ImageTask, recoverImage, spoilt } from "../../../../src/experiments/imageTask.ts";
import { type Solution, type SolveStep, solve } from "../../../../src/experiments/solve.ts";
import { channelOf, learnOf, priorOf, solveRequest } from "../../../../src/experiments/solveInputs.ts";
import { type Solved, solvedOf } from "../../../../src/experiments/solveReport.ts";
import { readArray, readArrays } from "../../../../src/io/readArrays.ts";
import type { ExampleId } from "../exampleIds.ts";
import { drawExample } from "./examples.ts";
import { given, hold, transposed } from "./held.ts";
import type { Example, Held, ImageAdvance, SolveAdvance, SolveJob, SpoiltPicture } from "./protocol.ts";

export async function heldExample(id: ExampleId, seed: number): Promise<Example> {
  const { matrix, observations, truth } = drawExample(id, seed);
  return { matrix: hold(matrix), observations: hold(observations), truth: hold(truth) };
}

export async function transpose(matrix: Held): Promise<Held> {
  return hold(transposed(await given(matrix)), !matrix.turned);
}

/** Every array of a file, finite and not empty. Throws ParameterError with one sentence. */
export async function readFile(file: File): Promise<Held[]> {
  const { name } = file;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const named = readArrays(bytes, name).map((a) => a.name);
  // a table with a header is its whole and its columns: the whole is what a matrix is read from
  const wanted = named.includes("") ? [""] : named;
  if (wanted.length === 0) throw new ParameterError(`${name}: there is no array of numbers in it`);
  return wanted.map((own) =>
    hold({ place: own === "" ? name : `${name}:${own}`, array: readArray(bytes, name, own === "" ? undefined : own) })
  );
}

function number(name: string, text: string, least: number, most: number, whole: boolean): number {
  const x = text.trim() === "" ? Number.NaN : Number(text);
  if (x >= least && x <= most && (!whole || Number.isInteger(x))) return x;
  throw new ParameterError(`${name} must be ${whole ? "an integer" : "a number"} in [${least}, ${most}], got ${text}`);
}

let running: { readonly run: Generator<SolveStep, Solution, "stop" | undefined>; readonly finish: (s: Solution) => Solved } | null = null;

export async function openSolve(job: SolveJob): Promise<{ readonly rows: number; readonly cols: number }> {
  running = null;
  const { damping, iterations, init } = job;
  const { request, shape } = solveRequest({
    matrix: await given(job.matrix),
    observations: await given(job.observations),
    ...(job.truth ? { truth: await given(job.truth) } : {}),
    ...(job.basis ? { basis: job.basis } : {}),
    prior: priorOf(job.prior),
    channel: channelOf(job.channel),
    learn: learnOf(job.learn),
    auto: job.auto,
    seed: job.seed,
    ...(damping === "" ? {} : { damping: damping === "adaptive" ? damping : number("damping", damping, 0, 0.999, false) }),
    ...(iterations === "" ? {} : { iterations: number("iterations", iterations, 1, 1e6, true) }),
    ...(init === "" ? {} : { init })
  });
  if (init === "informed" && !job.truth)
    throw new ParameterError("an informed start needs the truth; choose a file for it, or another start");
  running = { run: solve(request), finish: (s) => solvedOf(request, s, shape) };
  return { rows: request.operator.rows, cols: request.operator.cols };
}

export function advanceSolve(milliseconds: number, stop: boolean): SolveAdvance {
  if (!running) throw new ParameterError("nothing is being solved");
  const { run, finish } = running;
  const steps: SolveStep[] = [];
  const until = performance.now() + milliseconds;
  for (;;) {
    const step = run.next(stop && steps.length === 0 ? "stop" : undefined);
    if (step.done) {
      running = null;
      return { steps, solved: finish(step.value) };
    }
    steps.push(step.value);
    if (performance.now() > until) return { steps, solved: null };
  }
}

let picture: Generator<ImageStep, ImageResult> | null = null;

export function openImage(task: ImageTask): SpoiltPicture {
  picture = null;
  const { seen, baseline, baselineName, y } = spoilt(task);
  let sum = 0;
  for (let k = 0; k < baseline.length; k++) sum += (baseline[k] - task.pixels[k]) ** 2;
  picture = recoverImage(task);
  return { seen, baseline, baselineName, baselineMse: sum / baseline.length, measurements: y.length };
}

export function advanceImage(milliseconds: number): ImageAdvance {
  if (!picture) throw new ParameterError("no picture is being recovered");
  const steps: Omit<ImageStep, "estimate">[] = [];
  const until = performance.now() + milliseconds;
  for (;;) {
    const step = picture.next();
    if (step.done) {
      picture = null;
      return { steps, estimate: step.value.estimate, result: step.value };
    }
    const { estimate, ...numbers } = step.value;
    steps.push(numbers);
    if (performance.now() > until) return { steps, estimate, result: null };
  }
}

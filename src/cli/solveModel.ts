/** `spinodal solve --model model.json`: expectation propagation on a model of the user's own, every variable estimated with error bars. */
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import {
  type EpState,
  errorBars,
  betheFreeEntropy,
  epLearn,
  type EpOptions,
  expectationPropagation,
  type LearnedParameter
} from "../algorithms/graph/index.ts";
import { metrics } from "../algorithms/metrics.ts";
import { succeeded } from "../core/outcome.ts";
import { ParameterError, suggestion } from "../core/parameters.ts";
import type { Graph, Outcome, Vec } from "../core/types.ts";
import { writeWhole } from "../experiments/node/directoryStore.ts";
import { version } from "../experiments/version.ts";
import { writeNpy } from "../io/npy.ts";
import { readArrayFile, splitPath } from "../io/node/readFile.ts";
import type { NumericArray } from "../io/numericArray.ts";
import { fromJSON, learnable, type Model } from "../models/index.ts";
import { makeRng } from "../numerics/random/index.ts";
import { EXIT } from "./exit.ts";
import { makeFolder, saveResult } from "./files.ts";
import { digits, outcomeText, print, printJson, table, wrap } from "./print.ts";
import { watch } from "./progress.ts";
import { integer, real } from "./scenarioFlags.ts";

export interface ModelFlags {
  readonly model: string;
  readonly observations?: string;
  readonly truth?: string;
  readonly learn?: string;
  /** Adaptive damping, and time for it. */
  readonly auto?: boolean;
  readonly damping?: string;
  readonly iterations?: string;
  readonly init?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** What the run leaves behind: everything the report is made of. */
interface Solved {
  readonly outcome: Outcome;
  readonly state: EpState;
  readonly graph: Graph;
  readonly learned: readonly LearnedParameter[];
  readonly trajectory: { readonly t: number[]; readonly residual: number[] };
}

/** The model of a JSON file; the files it names are found from where it lies. Throws ParameterError. */
export function readModel(path: string): Model {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new ParameterError(
      `--model ${path}: cannot be read (${error instanceof Error ? error.message : "unknown reason"}); give a JSON file, see docs/models.md`
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ParameterError(`--model ${path}: is not JSON (${error instanceof Error ? error.message : "unknown reason"})`);
  }
  return fromJSON(json, (file) => readArrayFile(isAbsolute(splitPath(file).path) ? file : join(dirname(path), file)));
}

/** `y=y.npy,labels=l.npy`; a bare file when only one name is possible. */
function filesOf(flag: string, text: string | undefined, names: readonly string[]): Record<string, NumericArray> {
  const found: Record<string, NumericArray> = {};
  for (const word of (text ?? "").split(",").filter((s) => s.trim() !== "")) {
    const at = word.indexOf("=");
    const name = at > 0 ? word.slice(0, at).trim() : names.length === 1 ? names[0] : null;
    if (name === null)
      throw new ParameterError(
        `--${flag} ${word}: the model has ${names.join(", ")}; say which, such as --${flag} ${names[0] ?? "y"}=${word}`
      );
    if (!names.includes(name))
      throw new ParameterError(`--${flag}: the model has no ${name}${suggestion(name, names) || ";"} it has ${names.join(", ") || "none"}`);
    found[name] = readArrayFile(word.slice(at + 1).trim());
  }
  return found;
}

/** Throws ParameterError where data are missing or an ensemble has no matrix. */
function ready(model: Model): void {
  const bare = model.observations.filter((o) => !o.data).map((o) => o.name);
  if (bare.length)
    throw new ParameterError(
      `solve: ${bare.join(", ")} ${bare.length > 1 ? "have" : "has"} no data; give --observations ${bare.map((n) => `${n}=${n}.npy`).join(",")}`
    );
  const law = model.plan.placed.find((p) => p.factor.drawn);
  if (law)
    throw new ParameterError(
      `solve: ${law.owner} comes from the law ${law.factor.label}, not from a matrix; give the ensemble a seed, or an operator`
    );
}

export async function solveModel(flags: ModelFlags): Promise<void> {
  const asked = readModel(flags.model);
  const names = asked.observations.map((o) => o.name);
  const model = asked.observing(filesOf("observations", flags.observations, names));
  ready(model);
  const given = filesOf(
    "truth",
    flags.truth,
    model.variables.map((v) => v.name)
  );
  const truth: Record<string, Vec> = {};
  for (const [name, a] of Object.entries(given)) {
    const v = model.variable(name);
    if (a.scalar !== v.scalar || a.data.length !== v.size * (v.scalar === "complex" ? 2 : 1))
      throw new ParameterError(
        `--truth ${name}: ${name} has ${v.size} ${v.scalar} components, the file has shape [${a.shape.join(", ")}] and is ${a.scalar}`
      );
    truth[name] = Float64Array.from(a.data);
  }
  const solved = await run(model, optionsOf(flags, truth), flags);
  const report = reportOf(flags, model, solved, truth);
  const files = flags.out === undefined ? [] : save(flags.out, model, solved, report);
  if (flags.json) printJson({ ...report, ...(files.length ? { files } : {}) });
  else show(model, report, files);
  if (process.exitCode === undefined && !succeeded(solved.outcome)) process.exitCode = EXIT.failed;
}

function optionsOf(flags: ModelFlags, truth: Readonly<Record<string, Vec>>): EpOptions {
  const { damping, init } = flags;
  const inits = ["uninformed", "spectral", "informed"] as const;
  const start = inits.find((i) => i === init);
  if (init !== undefined && !start) throw new ParameterError(`--init must be uninformed, spectral or informed, got ${init}`);
  if (start === "informed" && Object.keys(truth).length === 0)
    throw new ParameterError("solve: --init informed needs --truth, such as --truth x=x0.npy");
  return {
    rng: makeRng(integer("seed", flags.seed ?? "1", 0, Number.MAX_SAFE_INTEGER - 1e6), "solve"),
    truth,
    iterations: integer("iterations", flags.iterations ?? (flags.auto ? "1000" : flags.learn ? "500" : "300"), 1, 1e6),
    ...(damping === undefined && flags.auto ? { damping: "adaptive" as const } : {}),
    ...(damping === undefined ? {} : { damping: damping === "adaptive" ? damping : real("damping", damping, 0, 0.999) }),
    ...(start ? { init: start } : {})
  };
}

/** Drives the iterations, breathing between them so that Ctrl-C and the progress get their turn. */
async function run(model: Model, options: EpOptions, flags: ModelFlags): Promise<Solved> {
  const learn = (flags.learn ?? "")
    .split(",")
    .map((s) => s.trim())
    .filter((s) => s !== "");
  const trajectory = { t: [] as number[], residual: [] as number[] };
  const total = options.iterations ?? 300;
  const eye = watch();
  const began = performance.now();
  let breath = began;
  const each = async (state: EpState): Promise<boolean> => {
    trajectory.t.push(state.t);
    trajectory.residual.push(state.residual);
    const now = performance.now();
    if (now - breath > 50) {
      breath = now;
      const seconds = (now - began) / 1e3;
      const secondsLeft = state.t > 0 ? (seconds / state.t) * (total - state.t) : null;
      eye.onProgress({ stage: "iterations", total, done: state.t, skipped: 0, failed: 0, seconds, secondsLeft });
      await new Promise((done) => setTimeout(done, 0));
    }
    return !eye.signal.aborted;
  };
  const stopped = (state: EpState): Outcome => {
    process.exitCode = EXIT.interrupted;
    return { kind: "horizon", residual: state.residual, iterations: state.t, advice: "stopped by Ctrl-C; what was computed is kept" };
  };
  try {
    if (learn.length) {
      const work = epLearn(learnable(model), { ...options, learn });
      for (let step = work.next(); ; step = work.next()) {
        if (step.done) return { ...step.value, trajectory };
        if (await each(step.value.ep)) continue;
        const { ep, parameters } = step.value;
        const learned = learn.map((name) => ({ name, value: parameters[name], onBound: false, trajectory: { t: [], value: [] } }));
        return { outcome: stopped(ep), state: ep, graph: learnable(model).graph(parameters), learned, trajectory };
      }
    }
    const work = expectationPropagation(model.graph, options);
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) return { ...step.value, graph: model.graph, learned: [], trajectory };
      if (!(await each(step.value)))
        return { outcome: stopped(step.value), state: step.value, graph: model.graph, learned: [], trajectory };
    }
  } finally {
    eye.stop();
  }
}

function reportOf(
  flags: ModelFlags,
  model: Model,
  { outcome, state, graph, learned, trajectory }: Solved,
  truth: Readonly<Record<string, Vec>>
) {
  const variables = Object.fromEntries(
    model.variables.map((v) => {
      const belief = state.variables[v.index];
      return [
        v.name,
        {
          shape: v.shape,
          scalar: v.scalar,
          estimatedMse: belief.variance,
          ...(truth[v.name] ? { metrics: metrics(belief.mean, truth[v.name], v.scalar) } : {})
        }
      ];
    })
  );
  const { json: _json, out: _out, ...input } = flags;
  return {
    version,
    input,
    outcome,
    parameters: Object.fromEntries(model.parameters.map((p) => [p.name, learned.find((l) => l.name === p.name)?.value ?? p.value])),
    learned: learned.map(({ name, value, onBound }) => ({ name, value, onBound })),
    freeEntropy: betheFreeEntropy(graph, state),
    variables,
    trajectory
  };
}

/** estimate and posterior standard deviation of every variable, report.json, and the factor graph. */
function save(out: string, model: Model, { graph, state }: Solved, report: object): string[] {
  makeFolder(out);
  const files: string[] = [];
  const put = (name: string, bytes: string | Uint8Array): void => {
    const path = join(out, name);
    writeWhole(path, bytes);
    files.push(path);
  };
  for (const v of model.variables) {
    const shape = [...v.shape];
    const deviation = errorBars(graph, state, v.name).map((x) => Math.sqrt(Math.max(x, 0)));
    put(`${v.name}-estimate.npy`, writeNpy({ scalar: v.scalar, shape, data: Float64Array.from(state.variables[v.index].mean) }));
    put(`${v.name}-std.npy`, writeNpy({ scalar: "real", shape, data: deviation }));
  }
  put("graph.svg", model.draw());
  files.push(saveResult(out, "report", report));
  return files;
}

function show(model: Model, report: ReturnType<typeof reportOf>, files: readonly string[]): void {
  print(model.describe());
  print(wrap(outcomeText(report.outcome)));
  const rows = Object.entries(report.variables).map(([name, { estimatedMse, metrics: m }]) => [
    name,
    digits(estimatedMse),
    m ? digits(m.raw.mse) : "",
    m ? digits(m.aligned.mse) : ""
  ]);
  const known = Object.values(report.variables).some((v) => v.metrics);
  const heads = ["variable", "estimated mse", ...(known ? ["true mse", "best sign or phase"] : [])];
  print(
    table(
      heads,
      rows.map((row) => row.slice(0, heads.length))
    )
  );
  for (const l of report.learned) print(`learned ${l.name} = ${digits(l.value)}${l.onBound ? " (on a bound of its range)" : ""}`);
  if (report.freeEntropy !== null) print(`Bethe free entropy ${digits(report.freeEntropy)} nats`);
  if (files.length) print(`\n${files.map((f) => `wrote ${f}`).join("\n")}`);
}

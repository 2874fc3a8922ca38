/** `spinodal solve`: recover a signal from the user's own measurements, with error bars and a report of what to believe. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { succeeded } from "../core/outcome.ts";
import { ParameterError } from "../core/parameters.ts";
import { kebab } from "../core/specs.ts";
import { type Solution, type SolveRequest, solve } from "../experiments/solve.ts";
import { learnOf, solveRequest } from "../experiments/solveInputs.ts";
import { metricsOf, reportText, type Solved, solvedOf, solveFigures, solveReport } from "../experiments/solveReport.ts";
import { writeNpy } from "../io/npy.ts";
import { EXIT } from "./exit.ts";
import { digits, outcomeText, print, printJson, table, wrap } from "./print.ts";
import { watch } from "./progress.ts";
import { integer, real } from "./scenarioFlags.ts";
import { arrayFrom, channelFrom, priorFrom } from "./solveInputs.ts";

interface Options {
  readonly model?: string;
  readonly matrix?: string;
  readonly operator?: string;
  readonly rows?: string;
  readonly basis?: string;
  readonly observations?: string;
  readonly truth?: string;
  readonly prior?: string;
  readonly channel?: string;
  readonly learn?: string;
  readonly auto?: boolean;
  readonly damping?: string;
  readonly iterations?: string;
  readonly init?: string;
  readonly precision?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function declare(command: Command): void {
  command
    .option(
      "--model <file>",
      "a model of several layers or branches as JSON (docs/models.md), instead of a matrix, prior and channel; --observations y=y.npy, --truth x=x0.npy"
    )
    .option("--matrix <file>", "the matrix A, observations x unknowns: npy, npz:name, csv, json, mat:name")
    .option(
      "--operator <spec>",
      "instead of --matrix: subsampled-dct:rows=400,cols=1000,seed=1, subsampled-fourier, subsampled-hadamard, subsample, convolution, ..."
    )
    .option("--rows <file>", "with --operator: the rows measured, counted from 0, instead of rows and seed")
    .option("--basis <spec>", "the signal is sparse in this basis: dct, haar1d, haar2d, haar2d:width=64,levels=4")
    .option("--observations <file>", "y, one number for each row of A")
    .option("--truth <file>", "the signal itself, when it is known: errors are then measured")
    .option("--prior <spec>", "such as gauss-bernoulli:rho=0.1,variance=1, or a module that exports density(x) or logDensity(x)")
    .option("--channel <spec>", "such as gaussian:noise=0.01 (noise is a variance), sign, modulus, or a module")
    .option("--learn <names>", "parameters to learn from the data, such as rho,noise")
    .option(
      "--auto",
      "apply the cures that the preflight names (centring, damping of even channels and bad matrices, ...); with --model adaptive damping"
    )
    .option("--damping <x>", "weight on the old value in [0, 1), 0 for none; or adaptive")
    .option("--iterations <n>", "sweeps at most (default 300; 500 with --learn, 1000 where --auto damps)")
    .option(
      "--init <name>",
      "uninformed, spectral or informed (default: uninformed, or spectral where the sign or phase cannot be measured)"
    )
    .option("--precision <name>", "f64 or f32: how the matrix is stored (default f64)")
    .option("--seed <n>", "for the preflight's probes and spectral starts (default 1)")
    .option("--json", "one JSON object on stdout")
    .option("--out <dir>", "estimate.npy, std.npy, report.json and figures; written whole or not at all")
    .addHelpText(
      "after",
      "\nexamples:\n  spinodal solve --matrix A.npy --observations y.npy --prior gauss-bernoulli:rho=0.1 --channel gaussian:noise=1e-4 --learn rho,noise --out out/mine\n  spinodal solve --operator subsampled-fourier:cols=4096,signal=real --rows k.npy --basis haar2d --observations y.npy --prior gauss-bernoulli:rho=0.1 --channel gaussian"
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  if (options.model !== undefined) {
    const { model, ...rest } = options;
    for (const flag of ["matrix", "operator", "rows", "basis", "prior", "channel", "precision"] as const)
      if (rest[flag] !== undefined) throw new ParameterError(`solve: --${flag} does not go with --model, whose JSON says it`);
    const { solveModel } = await import("./solveModel.ts");
    return solveModel({ ...rest, model });
  }
  const { shape, request } = await requestOf(options);
  const eye = watch();
  let solution: Solution;
  try {
    solution = await drain(request, eye);
  } finally {
    eye.stop();
  }
  const solved = solvedOf(request, solution, shape);
  const input = Object.fromEntries(Object.entries(options).filter(([key]) => key !== "json" && key !== "out"));
  const report = solveReport(solved, input);
  const files = options.out === undefined ? [] : await save(options.out, solved, report);
  if (options.json) printJson({ ...report, ...(files.length ? { files } : {}) });
  else show(request, solution, files);
  if (eye.signal.aborted) process.exitCode = EXIT.interrupted;
  else if (!succeeded(solution.outcome)) process.exitCode = EXIT.failed;
}

async function requestOf(options: Options): Promise<{ readonly request: SolveRequest; readonly shape: readonly number[] | null }> {
  if ((options.matrix === undefined) === (options.operator === undefined))
    throw new ParameterError("solve: give either --matrix FILE or --operator SPEC, such as --matrix A.npy");
  if (options.rows !== undefined && options.operator === undefined) throw new ParameterError("solve: --rows goes with --operator");
  for (const [flag, example] of [
    ["observations", "y.npy"],
    ["prior", "gauss-bernoulli:rho=0.1"],
    ["channel", "gaussian:noise=0.01"]
  ] as const)
    if (options[flag] === undefined) throw new ParameterError(`solve: --${flag} is missing, such as --${flag} ${example}`);
  const precision = choice("precision", options.precision ?? "f64", ["f64", "f32"]);
  const init = options.init === undefined ? undefined : choice("init", options.init, ["uninformed", "spectral", "informed"]);
  if (init === "informed" && options.truth === undefined) throw new ParameterError("solve: --init informed needs --truth");
  const damping =
    options.damping === undefined ? undefined : options.damping === "adaptive" ? "adaptive" : real("damping", options.damping, 0, 0.999);
  const iterations = options.iterations === undefined ? undefined : integer("iterations", options.iterations, 1, 1e6);
  const seed = integer("seed", options.seed ?? "1", 0, Number.MAX_SAFE_INTEGER - 1e6);
  const [prior, channel] = await Promise.all([priorFrom(options.prior ?? ""), channelFrom(options.channel ?? "")]);
  return solveRequest({
    observations: arrayFrom(options.observations ?? ""),
    ...(options.truth === undefined ? {} : { truth: arrayFrom(options.truth) }),
    ...(options.matrix === undefined ? {} : { matrix: arrayFrom(options.matrix) }),
    ...(options.operator === undefined ? {} : { operator: options.operator }),
    ...(options.rows === undefined ? {} : { rows: arrayFrom(options.rows) }),
    ...(options.basis === undefined ? {} : { basis: options.basis }),
    prior,
    channel,
    precision,
    learn: learnOf(options.learn ?? ""),
    auto: options.auto === true,
    seed,
    ...(damping === undefined ? {} : { damping }),
    ...(iterations === undefined ? {} : { iterations }),
    ...(init === undefined ? {} : { init })
  });
}

function choice<const T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((a) => a === text);
  if (found) return found;
  throw new ParameterError(`--${name} must be ${allowed.slice(0, -1).join(", ")} or ${allowed[allowed.length - 1]}, got ${text}`);
}

/** Drives the sweeps, breathing between them so that Ctrl-C and the progress get their turn. */
async function drain(request: SolveRequest, eye: ReturnType<typeof watch>): Promise<Solution> {
  const start = performance.now();
  let breath = start;
  const sweeps = solve(request);
  let step = sweeps.next();
  while (!step.done) {
    const now = performance.now();
    if (now - breath > 50) {
      breath = now;
      const seconds = (now - start) / 1e3;
      const { t, sweeps: total } = step.value;
      eye.onProgress({
        stage: "sweeps",
        total,
        done: t,
        skipped: 0,
        failed: 0,
        seconds,
        secondsLeft: t > 0 ? (seconds / t) * (total - t) : null
      });
      await new Promise((done) => setTimeout(done, 0));
    }
    step = sweeps.next(eye.signal.aborted ? "stop" : undefined);
  }
  return step.value;
}

function show(request: SolveRequest, s: Solution, files: readonly string[]): void {
  const { operator } = request;
  print(
    `${operator.rows} x ${operator.cols} ${operator.scalar} operator, alpha = ${digits(operator.rows / operator.cols)}, prior ${request.prior.family.id}, channel ${request.channel.family.id}`
  );
  for (const f of s.preflight.findings) {
    const cures = f.cures.length && s.cures.length === 0 ? ` (cure: ${f.cures.join(", ")}; --auto applies it where it can)` : "";
    print(wrap(`${f.severity}: ${f.sentence}${cures}`));
  }
  for (const cure of s.cures) print(`applied: ${cure}`);
  print(`\n${wrap(outcomeText(s.outcome))}`);
  const m = metricsOf(s);
  const rows: string[][] = [["estimated mse (posterior variance)", digits(s.estimatedMse)]];
  if (s.predicted) rows.push(["predicted mse (state evolution, independent entries)", digits(s.predicted.mse)]);
  if (m)
    rows.push(
      [`true mse${s.ambiguous ? " (best sign or phase)" : ""}`, digits(m.mse)],
      ["true nmse in dB", digits(m.nmseDb, 4)],
      ["   after the best scale", digits(10 * Math.log10(1 - m.cosine ** 2), 4)]
    );
  if (s.freeEntropy !== null) rows.push(["Bethe free entropy per unknown (nats)", digits(s.freeEntropy / operator.cols)]);
  for (const l of s.learned) rows.push([`learned ${kebab(l.name)}${l.onBound ? " (on a bound of its range)" : ""}`, digits(l.value)]);
  if (s.effectiveNoise?.normality) {
    const { from, kind, ratio, normality } = s.effectiveNoise;
    if (kind === "gaussian")
      rows.push(
        [`effective noise against ${from === "truth" ? "the truth" : "the outputs"}: mean`, digits(normality.mean, 3)],
        ["   variance (1 if the model is right)", digits(normality.variance, 4)],
        ["   Kolmogorov p-value against N(0, 1)", digits(normality.pValue, 3)]
      );
    else rows.push(["score variance over its prediction (1 if the model is right)", digits(ratio, 4)]);
  }
  print(table(["", ""], rows));
  for (const note of s.notes) print(`\n${wrap(`note: ${note}`)}`);
  if (files.length) print(`\n${files.map((f) => `wrote ${f}`).join("\n")}`);
}

/** Everything is written in a folder beside, then moved: an error half-way leaves --out as it was. */
async function save(out: string, solved: Solved, report: object): Promise<string[]> {
  const { writeFigure } = await import("../experiments/node/files.ts");
  const draft = join(dirname(resolve(out)), `.${process.pid}.part`);
  try {
    mkdirSync(draft, { recursive: true });
    const { scalar, estimate, deviation } = solved.solution;
    const shape = solved.dims;
    writeFileSync(join(draft, "estimate.npy"), writeNpy({ scalar, shape, data: estimate }));
    writeFileSync(join(draft, "std.npy"), writeNpy({ scalar: "real", shape, data: deviation }));
    writeFileSync(join(draft, "report.json"), reportText(report));
    for (const { name, draw } of solveFigures(solved)) await writeFigure(draft, name, draw());
    mkdirSync(out, { recursive: true });
    const names = readdirSync(draft).sort((a, b) => Number(a === "report.json") - Number(b === "report.json"));
    for (const name of names) renameSync(join(draft, name), join(out, name));
    return names.map((name) => join(out, name));
  } catch (error) {
    if (
      error instanceof Error &&
      "code" in error &&
      existsSync(dirname(draft)) &&
      ["EACCES", "ENOTDIR", "EEXIST", "ENOSPC", "EROFS"].includes(String(error.code))
    )
      throw new ParameterError(`--out ${out}: cannot be written (${error.message})`);
    throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** `spinodal solve`: recover a signal from the user's own measurements, with error bars and a report of what to believe. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { succeeded } from "../core/outcome.ts";
import { ParameterError } from "../core/parameters.ts";
import { kebab } from "../core/specs.ts";
import type { Vec } from "../core/types.ts";
import { type EffectiveNoise, type Solution, type SolveRequest, solve } from "../experiments/solve.ts";
import { version } from "../experiments/version.ts";
import { writeNpy } from "../io/npy.ts";
import { shapeText } from "../io/numericArray.ts";
import { EXIT } from "./exit.ts";
import { digits, outcomeText, print, printJson, table, wrap } from "./print.ts";
import { watch } from "./progress.ts";
import { integer, real } from "./scenarioFlags.ts";
import { channelFrom, deficientRank, denseFrom, type Measurement, operatorFrom, priorFrom, vectorFrom, withBasis } from "./solveInputs.ts";

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
  const { shape, request: asked, measured } = await requestOf(options);
  const request: SolveRequest = { ...asked, deficient: deficiency(measured, options) };
  const eye = watch();
  let solution: Solution;
  try {
    solution = await drain(request, eye);
  } finally {
    eye.stop();
  }
  const report = reportOf(options, request, solution);
  const files = options.out === undefined ? [] : await save(options.out, solution, report, shape, request);
  if (options.json) printJson({ ...report, ...(files.length ? { files } : {}) });
  else show(request, solution, files);
  if (eye.signal.aborted) process.exitCode = EXIT.interrupted;
  else if (!succeeded(solution.outcome)) process.exitCode = EXIT.failed;
}

async function requestOf(options: Options): Promise<{ request: SolveRequest; measured: Measurement; shape: readonly number[] | null }> {
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
  const learn = (options.learn ?? "")
    .split(",")
    .map((s) => s.trim())
    .filter((s) => s !== "");
  const [prior, channel] = await Promise.all([priorFrom(options.prior ?? ""), channelFrom(options.channel ?? "")]);
  const observations = vectorFrom(options.observations ?? "", "the observations");
  const truth = options.truth === undefined ? null : vectorFrom(options.truth, "the truth");
  let measured: Measurement;
  if (options.matrix !== undefined) {
    const dense = denseFrom(options.matrix, precision);
    const entries = observations.data.length / (observations.scalar === "complex" ? 2 : 1);
    if (entries !== dense.rows)
      throw new ParameterError(
        `solve: ${options.matrix} has ${dense.rows} rows but ${options.observations} has length ${entries}${transposed(dense.cols, entries)}`
      );
    if (truth && options.basis === undefined) {
      const length = truth.data.length / (truth.scalar === "complex" ? 2 : 1);
      if (length !== dense.cols)
        throw new ParameterError(`solve: ${options.matrix} has ${dense.cols} columns but ${options.truth} has length ${length}`);
    }
    measured = { operator: dense, synthesis: null, dense };
  } else measured = operatorFrom(options.operator ?? "", options.rows);
  if (options.basis !== undefined) measured = withBasis(measured, options.basis);
  const request: SolveRequest = {
    operator: measured.operator,
    synthesis: measured.synthesis,
    observations,
    truth,
    prior,
    channel,
    learn,
    auto: options.auto === true,
    seed,
    ...(damping === undefined ? {} : { damping }),
    ...(iterations === undefined ? {} : { iterations }),
    ...(init === undefined ? {} : { init })
  };
  return { request, measured, shape: truth && truth.shape.length > 1 ? truth.shape : (measured.image ?? truth?.shape ?? null) };
}

function transposed(cols: number, entries: number): string {
  return cols === entries ? "; is the matrix transposed?" : "";
}

function choice<const T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((a) => a === text);
  if (found) return found;
  throw new ParameterError(`--${name} must be ${allowed.slice(0, -1).join(", ")} or ${allowed[allowed.length - 1]}, got ${text}`);
}

/** Dependent measurements look like independent ones to GAMP: refused unless --auto may damp, and then told. */
function deficiency({ dense }: Measurement, options: Options): boolean {
  if (!dense) return false;
  const rank = deficientRank(dense);
  if (rank === null) return false;
  if (options.auto) return true;
  throw new ParameterError(
    `${options.matrix}: the matrix of ${dense.rows}x${dense.cols} has only rank ${rank}, so some rows or columns repeat others and AMP's theory does not cover it; remove them, or add --auto to go on with damping, with error bars that are not to be trusted`
  );
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

function reportOf(options: Options, request: SolveRequest, s: Solution) {
  const { operator } = request;
  const { residuals: _, ...noise } = s.effectiveNoise ?? { residuals: null };
  return {
    version,
    input: Object.fromEntries(Object.entries(options).filter(([key]) => key !== "json" && key !== "out")),
    operator: { rows: operator.rows, cols: operator.cols, scalar: operator.scalar, frobenius2: operator.frobenius2 },
    outcome: s.outcome,
    prior: { id: request.prior.family.id, ...s.prior },
    channel: { id: request.channel.family.id, ...s.channel },
    learned: s.learned.map(({ name, of, value, onBound }) => ({ name, of, value, onBound })),
    mse: {
      estimated: s.estimatedMse,
      predicted: s.predicted?.mse ?? null,
      ...(s.metrics
        ? { true: (s.ambiguous ? s.metrics.aligned : s.metrics.raw).mse, nmseDb: (s.ambiguous ? s.metrics.aligned : s.metrics.raw).nmseDb }
        : {})
    },
    ...(s.metrics ? { metrics: s.metrics } : {}),
    freeEntropy: s.freeEntropy,
    effectiveNoise: s.effectiveNoise ? noise : null,
    errorBars: s.errorBars.verdict,
    ...(s.errorBars.verdict === "unreliable" ? { errorBarsReason: s.errorBars.reason } : {}),
    preflight: s.preflight,
    cures: s.cures,
    notes: s.notes,
    trajectory: s.trajectory
  };
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
  const m = s.metrics ? (s.ambiguous ? s.metrics.aligned : s.metrics.raw) : null;
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
async function save(out: string, s: Solution, report: object, shape: readonly number[] | null, request: SolveRequest): Promise<string[]> {
  const draft = join(dirname(resolve(out)), `.${process.pid}.part`);
  try {
    mkdirSync(draft, { recursive: true });
    const width = s.scalar === "complex" ? 2 : 1;
    const n = s.deviation.length;
    const fits = shape !== null && shape.reduce((a, b) => a * b, 1) === n;
    const dims = fits ? shape : [n];
    writeFileSync(join(draft, "estimate.npy"), writeNpy({ scalar: s.scalar, shape: dims, data: s.estimate }));
    writeFileSync(join(draft, "std.npy"), writeNpy({ scalar: "real", shape: dims, data: s.deviation }));
    writeFileSync(
      join(draft, "report.json"),
      `${JSON.stringify(report, (_, v) => (typeof v === "number" && !Number.isFinite(v) ? null : v), 2)}\n`
    );
    await figures(draft, s, width, request, dims);
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

async function figures(folder: string, s: Solution, width: number, request: SolveRequest, shape: readonly number[]): Promise<void> {
  const [{ qqFigure, trajectoryFigure }, { estimateFigure }, { imageFigure, traceFigure }, { writeFigure }] = await Promise.all([
    import("../experiments/figures/index.ts"),
    import("../experiments/figures/estimateFigure.ts"),
    import("../experiments/figures/signalFigure.ts"),
    import("../experiments/node/files.ts")
  ]);
  const title = `signal of ${shape.length === 1 ? `${shape[0]} components` : shapeText(shape)} from ${request.operator.rows} observations`;
  const both = (v: Vec) => (width === 1 ? v : Float64Array.from({ length: 2 * v.length }, (_, k) => v[k >> 1] / Math.SQRT2));
  const truth = alignedTruth(s, request);
  await writeFigure(folder, "estimate", estimateFigure({ estimate: s.estimate, deviation: both(s.deviation), truth, title }));
  // only a basis or a second dimension says that neighbours in the list are neighbours in the signal
  if (width === 1 && shape.length === 2 && shape[0] > 1 && shape[1] > 1) {
    const image = { rows: shape[0], cols: shape[1], estimate: s.estimate, deviation: s.deviation, truth, title };
    await writeFigure(folder, "signal", imageFigure(image));
  } else if (width === 1 && request.synthesis)
    await writeFigure(folder, "signal", traceFigure({ estimate: s.estimate, deviation: s.deviation, truth, title }));
  const series = s.trajectory.mse ?? s.trajectory.estimatedMse;
  const observable = {
    symbol: "mse",
    about: s.trajectory.mse ? "squared error per component" : "posterior variance per component",
    range: [0, 1] as const
  };
  const theory =
    s.predicted && s.predicted.trajectory.length > 1 ? { t: s.predicted.t, series: { mse: s.predicted.trajectory } } : undefined;
  await writeFigure(
    folder,
    "convergence",
    trajectoryFigure({ name: "mse", observable, runs: [{ t: s.trajectory.t, series: { mse: series } }], theory, title })
  );
  if (s.effectiveNoise && s.effectiveNoise.residuals.length >= 2)
    await writeFigure(
      folder,
      "effective-noise",
      qqFigure({
        residuals: s.effectiveNoise.residuals,
        expected: s.effectiveNoise.kind === "gaussian",
        subtitle: qqSubtitle(s.effectiveNoise),
        title: `effective noise, against ${s.effectiveNoise.from === "truth" ? "the truth" : "the outputs"}`
      })
    );
}

function qqSubtitle({ kind, ratio, normality }: EffectiveNoise): string {
  if (kind === "scores") return `scores in units of their predicted spread; variance over its prediction ${digits(ratio, 3)}`;
  return normality
    ? `variance ${digits(normality.variance, 3)} (1 if the model is right), Kolmogorov p-value ${digits(normality.pValue, 2)}`
    : "";
}

/** The truth in the field of the estimate, turned by the sign or phase the estimate has. */
function alignedTruth(s: Solution, { truth }: SolveRequest): Vec | undefined {
  if (!truth) return undefined;
  const n = s.deviation.length;
  const width = s.scalar === "complex" ? 2 : 1;
  const from = truth.scalar === "complex" ? 2 : 1;
  const [c, sine] = s.ambiguous && s.metrics ? s.metrics.phase : ([1, 0] as const);
  const out = new Float64Array(width * n);
  for (let k = 0; k < n; k++) {
    const re = truth.data[from * k];
    const im = from === 2 ? truth.data[2 * k + 1] : 0;
    out[width * k] = c * re + sine * im;
    if (width === 2) out[2 * k + 1] = c * im - sine * re;
  }
  return out;
}

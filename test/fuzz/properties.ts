/** What must hold of a scenario at any parameters inside its declared ranges; each check returns the sentences it can say against it. */
import fc from "fast-check";
import { ParameterError, parse } from "../../src/core/parameters.ts";
import { evolveRun, simulateRun } from "../../src/core/scenario.ts";
import type { Observable, Outcome, Prediction, Run, Scenario } from "../../src/core/types.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { glmBricks, type Raw, rawOf } from "./draw.ts";

// biome-ignore lint/suspicious/noExplicitAny: scenarios of every parameter set
export type AnyScenario = Scenario<any, any>;
type Thresholds = Readonly<Record<string, number | null>>;

const KINDS = ["converged", "completed", "horizon", "diverged", "trivial-fixed-point", "exact-recovery"];
/** Rounding allowed at the ends of a declared range. */
const ROUNDING = 1e-12;
/** A matrix larger than this many rows a column takes time and shows nothing new. */
const ALPHA_SIMULATED = 20;

const LOSSES = ["square", "logistic", "hinge", "huber:delta=0.5"];

/** Of bricks, stacks and long runs: what is drawn from instead of the whole range. */
const CHOSEN: Readonly<Record<string, Readonly<Record<string, readonly (string | number)[]>>>> = {
  "rotational-glm": {
    prior: ["gaussian", "binary", "gauss-bernoulli:rho=0.1", "laplace"],
    channel: ["gaussian:noise=0", "gaussian:noise=0.01", "sign", "abs:noise=0.1"],
    ensemble: ["gaussian-iid", "row-orthogonal", "orthogonal", "geometric-spectrum:condition-number=100", "gaussian-product"]
  },
  multilayer: {
    prior: ["gaussian", "binary", "gauss-bernoulli:rho=0.2"],
    layers: ["relu:ratio=2,noise=0;linear:ratio=1,noise=0.1", "sign:ratio=0.5,noise=0", "sign:ratio=2,noise=0;linear:ratio=0.1,noise=1e-6"]
  },
  // thresholds of a relu generator take tens of seconds
  "generative-compressed-sensing": { activation: ["linear"] },
  "generative-phase-retrieval": { activation: ["linear"] },
  "perceptron-erm": { loss: ["square", "logistic", "hinge", "absolute", "huber:delta=0.5"] },
  "random-features": { loss: LOSSES, alpha: [0.3, 1, 4], width: [0.2, 1, 3], testSamples: [100], iterations: [3000] },
  "gaussian-covariate": { loss: LOSSES, alpha: [0.3, 1, 4], testSamples: [100], iterations: [3000] },
  committee: { hidden: [1, 2] },
  "committee-large": { inputsPerUnit: [4, 24], alpha: [0.5, 3, 9] },
  "online-sgd": { time: [0.3, 5], frames: [5], teacherUnits: [1, 2, 3], studentUnits: [1, 2, 4] },
  "sgd-scaling": { time: [0.3, 5], frames: [5], width: [1, 2, 4], teacherUnits: [1, 2], kappa: [0, 0.3] },
  "hidden-manifold": {
    time: [0.3, 3],
    frames: [4],
    teacherUnits: [1, 2],
    studentUnits: [1, 3],
    testSamples: [100],
    task: ["hidden-manifold", "teacher-on-inputs", "unstructured"]
  },
  "generator-data": {
    time: [0.3, 3],
    frames: [4],
    teacherUnits: [1, 2],
    studentUnits: [1, 3],
    testSamples: [100],
    covarianceSamples: [1000],
    depth: [1, 2],
    generator: ["layers", "flow"]
  },
  "curie-weiss": { iterations: [1, 30, 300], coupling: [0, 0.5, 1, 10], field: [-10, -0.1, 0, 1e-9, 0.3, 1] },
  "scalar-denoising": {
    prior: ["gaussian:mean=1", "binary:p=0.3", "gauss-bernoulli:rho=0.1", "laplace", "uniform"],
    studentPrior: ["", "gaussian", "binary", "laplace:rate=3", "l1:rate=2"]
  },
  "intrinsic-dimension": { size: [128, 300], features: [10, 50] },
  "layer-entropy": { epochs: [3], trainings: [1], draws: [1, 4], sampleRatio: [0.1, 4], batch: [0, 10] }
};

/** Paths of the numbers in plain data that are not finite, a few of them. */
export function notFinite(value: unknown, path: string): string[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (value === null || typeof value !== "object") return [];
  const wrong: string[] = [];
  for (const [key, item] of Object.entries(value)) {
    wrong.push(...notFinite(item, `${path}.${key}`));
    if (wrong.length > 4) break;
  }
  return wrong;
}

/** A kind of the contract, finite residual and count, and advice wherever it is not good news. */
export function badOutcome(outcome: Outcome, path: string): string[] {
  const wrong = notFinite(outcome, path);
  if (!KINDS.includes(outcome.kind)) wrong.push(`${path}: unknown outcome ${outcome.kind}`);
  if (!(outcome.residual >= 0)) wrong.push(`${path}: residual ${outcome.residual}`);
  if (!(Number.isInteger(outcome.iterations) && outcome.iterations >= 0)) wrong.push(`${path}: iterations ${outcome.iterations}`);
  if (["horizon", "diverged", "trivial-fixed-point"].includes(outcome.kind) && !outcome.advice)
    wrong.push(`${path}: ${outcome.kind} without advice`);
  return wrong;
}

/** Raw parameters of a scenario; size and iterations small enough to run, everything else from the whole range. */
export function rawFor(s: AnyScenario): fc.Arbitrary<Raw> {
  const drawn = rawOf(s.params, {
    size: fc.integer({ min: 10, max: 60 }),
    iterations: fc.integer({ min: 1, max: 30 }),
    ...Object.fromEntries(Object.entries(CHOSEN[s.id] ?? {}).map(([key, values]) => [key, fc.constantFrom(...values)]))
  });
  return s.id === "glm" ? fc.tuple(drawn, glmBricks).map(([raw, bricks]) => ({ ...raw, ...bricks })) : drawn;
}

/** Sentences of the learning scenarios on parameters that exclude each other. */
const REFUSALS = [
  /needs labels ±1$/,
  /overlap must leave room for the start/,
  /features must be at least the dimension/,
  /dimension must be 2 for the swiss-roll/,
  /must be at most \S+ for a run/,
  /needs a smooth loss/,
  /studentScale must be above 0 for relu/,
  /teacherUnits must be at most half of the/,
  /latentRatio must leave at least/
];
/** No threshold of AMP at any alpha of the scale its scenario is in. */
const FOREVER_HARD = ["committee-large"];

/** Ranges are of asymptotic values: these may leave them in a run of ten components. */
const RAW = /^(overlap|squaredError)/;

const isMismatched = (raw: Raw) => Boolean(raw.teacherPrior || raw.teacherChannel);

/**
 * The refusals a scenario may answer with, each a sentence on what does not go together: a positive noise that no double can tell
 * from none beside the signal, a spectral start for a channel that sees the sign.
 */
function refused(error: unknown, raw: Raw): boolean {
  if (!(error instanceof ParameterError)) throw error;
  const told = `${raw.noise ?? ""} ${raw.channel ?? ""}`;
  const noises = [...told.matchAll(/(?:^|noise=|noise-after=)(\d[\d.e+-]*)/g)].map((m) => Number(m[1]));
  if (/noise must be 0 or at least/.test(error.message)) return noises.some((x) => x > 0 && x < 1e-12);
  if (/no landscape here/.test(error.message)) return "ensemble" in raw;
  if (/spectral/.test(error.message)) return raw.init === "spectral";
  if (REFUSALS.some((sentence) => sentence.test(error.message))) return true;
  if ("belief" in raw || "weightsFile" in raw) return true; // choices that exclude each other: total-variation, layer-entropy
  return false;
}

/** Runs a check; a refusal that is legal here says nothing against the scenario, any other is a failure. */
function unless(raw: Raw, check: () => string[]): string[] {
  try {
    return check();
  } catch (error) {
    if (refused(error, raw)) return [];
    throw error;
  }
}

function outOfRange(s: AnyScenario, observables: Readonly<Record<string, number>>, path: string, except?: RegExp): string[] {
  return (Object.entries(s.observables) as [string, Observable][]).flatMap(
    ([
      name,
      {
        range: [low, high]
      }
    ]) => {
      const x = observables[name];
      return except?.test(name) || (x >= low - ROUNDING && x <= high + ROUNDING)
        ? []
        : [`${path}: ${name} = ${x} outside [${low}, ${high}]`];
    }
  );
}

/** Branches, fixed points, free entropies, thresholds and the phase, and that they agree with one another. */
export function checkPrediction(s: AnyScenario, raw: Raw): string[] {
  return unless(raw, () => {
    const p = parse(s, raw);
    const told = s.predict(p);
    const thresholds: Thresholds = s.thresholds?.(p) ?? {};
    const wrong = [...notFinite(told, "prediction"), ...notFinite(thresholds, "thresholds")];
    for (const [name, branch] of Object.entries(told.branches))
      if (branch) wrong.push(...badOutcome(branch.outcome, name), ...outOfRange(s, branch.observables, name));
    (told.fixedPoints ?? []).forEach(({ order }, k) => {
      for (const [name, x] of Object.entries(order))
        if (/^(variance|mse)/.test(name) && !(x >= 0)) wrong.push(`fixed point ${k}: ${name} ${x}`);
      if ("overlap" in order && !isMismatched(raw) && !(order.overlap >= 0 && order.overlap <= 1 + ROUNDING))
        wrong.push(`fixed point ${k}: overlap ${order.overlap}`);
    });
    for (const name of s.thresholdNames)
      if (!(thresholds[name] === null || (thresholds[name] as number) >= 0 || s.along !== undefined))
        wrong.push(`threshold ${name} is ${thresholds[name]}`);
    if (isMismatched(raw)) return wrong;
    if (s.phases && told.phase !== null && !s.phases.includes(told.phase))
      wrong.push(`phase ${told.phase} is none of ${s.phases.join(", ")}`);
    // inference: an algorithm beside what is possible; learning rules and dynamics have one branch, or one that is not a fixed point
    const branching = s.landscape !== undefined || (s.thresholds !== undefined && !s.phases && told.fixedPoints !== undefined);
    wrong.push(...badOrder(thresholds), ...(branching ? badBranches(told) : []));
    if (!branching) return wrong;
    // without a curve of all fixed points the phase is told only where two of them compete
    const silent = told.phase === null && s.family === "multi-layer models";
    // phases of a scenario's own names have tests of their own
    return s.thresholds && !silent && !s.phases ? [...wrong, ...badPhase(told, thresholds, p.alpha as number, s.id)] : wrong;
  });
}

function badOrder(t: Thresholds): string[] {
  const pairs = [
    ["spinodalLow", "informationTheoretic"],
    ["informationTheoretic", "algorithmic"],
    ["weakRecovery", "algorithmic"],
    ["algorithmic", "l1"]
  ] as const;
  return pairs.flatMap(([a, b]) => {
    const [x, y] = [t[a] ?? null, t[b] ?? null];
    return x === null || y === null || x <= y * (1 + 1e-9) ? [] : [`thresholds out of order: ${a} ${x} > ${b} ${y}`];
  });
}

function badBranches({ branches: { algorithmic, optimal }, fixedPoints }: Prediction): string[] {
  if (!optimal) return ["a matched model without an optimal branch"];
  const wrong: string[] = [];
  const [reached, best] = [algorithmic.observables.mse, optimal.observables.mse];
  if (best !== undefined && !(best <= reached + 1e-9)) wrong.push(`optimal mse ${best} above the algorithmic one, ${reached}`);
  const [low, high] = [algorithmic.freeEntropy, optimal.freeEntropy];
  if (low !== undefined && high !== undefined && !(high >= low))
    wrong.push(`optimal free entropy ${high} below the algorithmic one, ${low}`);
  if (!fixedPoints?.some((point) => point.stable)) wrong.push("no stable fixed point");
  return wrong;
}

/** The phase is what the thresholds say, and hard is where the two branches differ. */
function badPhase({ phase, branches: { algorithmic, optimal } }: Prediction, t: Thresholds, alpha: number, id: string): string[] {
  const { informationTheoretic: possible = null, algorithmic: easy = null, weakRecovery = null } = t;
  const wrong: string[] = [];
  const told = `phase ${phase} at alpha ${alpha}, thresholds ${JSON.stringify(t)}`;
  const legal = {
    impossible: possible !== null ? alpha < possible : easy === null && (weakRecovery === null || alpha < weakRecovery),
    hard: (possible === null || alpha >= possible) && (easy !== null ? alpha < easy : FOREVER_HARD.includes(id)),
    easy: (possible === null || alpha >= possible) && (easy === null || alpha >= easy),
    none: possible === null && easy === null && weakRecovery === null
  };
  if (!legal[(phase ?? "none") as keyof typeof legal]) wrong.push(told);
  const [reached, best] = [algorithmic.observables.mse, optimal?.observables.mse ?? Number.NaN];
  if (algorithmic.observables.mse === undefined) return wrong;
  const close = [possible, easy].some((x) => x !== null && Math.abs(alpha / x - 1) < 1e-6);
  if (!close && best < reached * (1 - 1e-6) !== (phase === "hard")) wrong.push(`mse ${reached} reached, ${best} optimal, but ${told}`);
  return wrong;
}

function checkRun(s: AnyScenario, run: Run): string[] {
  const wrong = [...notFinite(run, "run"), ...badOutcome(run.outcome, "outcome")];
  if (run.t[0] !== 0) wrong.push(`the first frame is t = ${run.t[0]}`);
  run.t.forEach((t, k) => {
    const frame = Object.fromEntries(Object.entries(run.series).map(([name, series]) => [name, series[k]]));
    wrong.push(...outOfRange(s, frame, `t = ${t}`, run.source === "simulation" ? RAW : undefined));
  });
  return wrong.slice(0, 6);
}

/** State evolution, a few steps. */
export function checkEvolution(s: AnyScenario, raw: Raw): string[] {
  return unless(raw, () => checkRun(s, evolveRun(s, raw)));
}

/** One small run. */
export function checkSimulation(s: AnyScenario, raw: Raw): string[] {
  return unless(raw, () =>
    checkRun(s, simulateRun(s, "alpha" in raw ? { ...raw, alpha: Math.min(raw.alpha as number, ALPHA_SIMULATED) } : raw, 1, makeRng))
  );
}

/** Finite, with overlaps in order; a mismatched model has none and says so. */
export function checkLandscape(s: AnyScenario, raw: Raw): string[] {
  if (isMismatched(raw)) {
    try {
      s.landscape?.(parse(s, raw));
    } catch (error) {
      if (error instanceof ParameterError) return [];
      throw error;
    }
    return ["a landscape of a mismatched model"];
  }
  return unless(raw, () => {
    const told = s.landscape?.(parse(s, raw));
    if (!told) return [];
    const wrong = notFinite(told, "landscape");
    if (told.x.length !== told.freeEntropy.length || told.x.length === 0)
      wrong.push(`${told.x.length} overlaps, ${told.freeEntropy.length} free entropies`);
    told.x.forEach((x, k) => {
      if (!(x >= (told.order === "overlap" ? 0 : -1) && x <= 1) || (k > 0 && !(x >= told.x[k - 1])))
        wrong.push(`overlap ${x} after ${told.x[k - 1]}`);
    });
    return wrong.slice(0, 5);
  });
}

/** GAMP and its diagnostics fed with matrices and data that no model would give: an outcome every time, and finite numbers. */
import fc from "fast-check";
import { bethe, gamp, metrics, outputResiduals, preflight } from "../../src/algorithms/index.ts";
import * as channels from "../../src/channels/index.ts";
import { ParameterError } from "../../src/core/parameters.ts";
import { makeFromSpec } from "../../src/core/specs.ts";
import type { Channel, Ensemble, LinearOperator, Prior, Vec } from "../../src/core/types.ts";
import * as ensembles from "../../src/ensembles/index.ts";
import { makeOperator, scale } from "../../src/linalg/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import * as priors from "../../src/priors/index.ts";
import { channelSpec, priorSpec } from "./draw.ts";
import { badOutcome } from "./properties.ts";

export interface Attack {
  readonly prior: string;
  readonly channel: string;
  /** An ensemble spec, or a named operator: `subsampled-dct`. */
  readonly matrix: string;
  readonly rows: number;
  readonly cols: number;
  /** Factor on every entry. */
  readonly size: number;
  readonly y: "honest" | "zeros" | "constant" | "alternating" | "one huge";
  readonly level: number;
  readonly variances: "scalar" | "vector";
  readonly damping: number | "adaptive";
  readonly init: "uninformed" | "informed" | "spectral";
}

const REAL = ["gaussian-iid", "gaussian-iid:mean=3", "gaussian-iid:mean=-1000", "binary-iid", "subsampled-dct", "subsampled-hadamard"];
const COMPLEX = ["complex-gaussian-iid", "subsampled-fourier"];

/** Bricks and matrix of one number field. */
export const attack: fc.Arbitrary<Attack> = fc
  .tuple(priorSpec, channelSpec)
  .filter(([p, c]) => p.brick.scalar === c.brick.scalar)
  .chain(([p, c]) =>
    fc.record({
      prior: fc.constant(p.spec),
      channel: fc.constant(c.spec),
      matrix: fc.constantFrom(...(p.brick.scalar === "complex" ? COMPLEX : REAL)),
      rows: fc.integer({ min: 1, max: 40 }),
      cols: fc.constantFrom<number>(1, 2, 8, 32, 64),
      size: fc.constantFrom<number>(1, 1, 1, 1e-6, 1e6),
      y: fc.constantFrom<Attack["y"]>("honest", "zeros", "constant", "alternating", "one huge"),
      level: fc.constantFrom<number>(1, 1e-300, 1e-8, -1, 1e8, 1e100, 1e300),
      variances: fc.constantFrom<Attack["variances"]>("scalar", "vector"),
      damping: fc.constantFrom<number | "adaptive">(0, 0.5, "adaptive"),
      init: fc.constantFrom<Attack["init"]>("uninformed", "uninformed", "informed", "spectral")
    })
  );

function matrixOf({ matrix, rows, cols, size }: Attack): LinearOperator {
  const operator = matrix.startsWith("subsampled")
    ? makeOperator(`${matrix}:rows=${Math.min(rows, cols)},cols=${cols},seed=1`)
    : makeFromSpec<Ensemble>(ensembles, matrix, "ensemble").sample(makeRng(1, "W"), rows, cols);
  return size === 1 ? operator : scale(size, operator);
}

function labelsOf({ y, level }: Attack, honest: Vec): Vec {
  switch (y) {
    case "honest":
      return honest;
    case "zeros":
      return honest.map(() => 0);
    case "constant":
      return honest.map(() => level);
    case "alternating":
      return honest.map((_, k) => (k % 2 ? -level : level));
    case "one huge":
      return honest.map((v, k) => (k === 0 ? level : v));
  }
}

const bad = (x: ArrayLike<number>, path: string) => {
  for (let k = 0; k < x.length; k++) if (!Number.isFinite(x[k])) return [`${path}[${k}] is ${x[k]}`];
  return [];
};

/** Sentences against what GAMP, the Bethe free entropy, the residuals and the metrics answered. A label that no channel gives may be refused. */
export function checkAttack(a: Attack): string[] {
  const prior = makeFromSpec<Prior>(priors, a.prior);
  const channel = makeFromSpec<Channel>(channels, a.channel);
  const operator = matrixOf(a);
  const width = prior.scalar === "complex" ? 2 : 1;
  const truth = new Float64Array(width * operator.cols);
  const z = new Float64Array(width * operator.rows);
  const honest = new Float64Array((channel.labelScalar === "complex" ? 2 : 1) * operator.rows);
  prior.sample(makeRng(1, "x0"), truth);
  operator.apply(truth, z);
  channel.sample(makeRng(1, "y"), z, honest);
  const problem = { operator, y: labelsOf(a, honest), prior, channel };
  const wrong: string[] = [...bad(z, "A x0"), ...bad(honest, "sampled labels")];
  try {
    const { variances, damping, init } = a;
    const run = gamp(problem, { variances, damping, init, truth, rng: makeRng(1, "init"), iterations: 60 });
    for (;;) {
      const step = run.next();
      const state = step.done ? step.value.state : step.value;
      for (const name of ["mean", "variance", "omega", "V", "g", "A", "b"] as const)
        wrong.push(...bad(state[name], `t = ${state.t}, ${name}`));
      wrong.push(...bad([state.residual, state.damping, state.clipped], `t = ${state.t}, residual, damping, clipped`));
      if (wrong.length > 4) return wrong;
      if (!step.done) continue;
      wrong.push(...badOutcome(step.value.outcome, "outcome"));
      const free = bethe(problem, state);
      if (free !== null && !Number.isFinite(free)) wrong.push(`Bethe free entropy ${free}`);
      const { residuals, ratio } = outputResiduals(problem, state);
      wrong.push(...bad(residuals, "output residuals"), ...bad([ratio], "ratio"));
      const { raw, aligned } = metrics(state.mean, truth, prior.scalar);
      wrong.push(...bad([raw.mse, raw.overlap, raw.cosine, aligned.mse, aligned.overlap], "metrics"));
      break;
    }
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    const extreme = /rescale/.test(error.message) && Math.abs(a.level) > 1e100;
    const legal =
      extreme ||
      (/label|count/.test(error.message) && a.y !== "honest") ||
      (/spectral/.test(error.message) && a.init === "spectral") ||
      (/vector variances/.test(error.message) && a.variances === "vector");
    if (!legal) wrong.push(`refused: ${error.message}`);
  }
  const { findings: _, ...numbers } = preflight(operator, makeRng(1, "preflight"));
  wrong.push(...bad(Object.values(numbers), `preflight ${Object.keys(numbers)}`));
  return wrong;
}

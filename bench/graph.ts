/**
 * Graphs of modules: sparse regression end to end, one state-evolution error of every likelihood and activation, and curves and
 * thresholds of phase retrieval. In CPU time of this process; the aims are what the reference Python package (tree-AMP, SciPy
 * quadrature, LAPACK) needs for the same on one core.
 */
import * as activations from "../src/activations/index.ts";
import { solveGraph } from "../src/algorithms/graph/index.ts";
import * as channels from "../src/channels/index.ts";
import { make, parse } from "../src/core/parameters.ts";
import type { Activation, Channel, Family, Module } from "../src/core/types.ts";
import * as ensembles from "../src/ensembles/index.ts";
import { chainGraph } from "../src/models/chain.ts";
import { activationModule, ensembleModule, likelihoodModule, linearModule, priorModule } from "../src/modules/index.ts";
import { makeRng } from "../src/numerics/random/index.ts";
import * as priors from "../src/priors/index.ts";
import { forget } from "../src/scenarios/family/models.ts";
import { compressedSensing, phaseRetrieval } from "../src/scenarios/index.ts";
import { graphEvolution } from "../src/theory/index.ts";
import { type Line, line, median } from "./timing.ts";

/** CPU milliseconds of one call. */
function cpu(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Median over `rounds`, each of enough calls to last 20 ms, after one warm-up. */
function cpuEach(work: () => void, rounds = 7): number {
  work();
  let calls = 1;
  while (cpu(() => repeat(work, calls)) < 20 && calls < 1e6) calls *= 4;
  return median(Array.from({ length: rounds }, () => cpu(() => repeat(work, calls)) / calls));
}

function repeat(work: () => void, calls: number): void {
  for (let k = 0; k < calls; k++) work();
}

/** Reference: CPU milliseconds of decomposition, message passing, state evolution. */
const REGRESSION = [
  { N: 1000, reference: [330, 46, 27] },
  { N: 2000, reference: [2800, 230, 30] }
] as const;
/** Reference: CPU milliseconds of one error evaluation. */
const ERRORS: Readonly<Record<string, number>> = {
  sign: 5.4,
  relu: 33,
  abs: 156,
  "symmetric-door": 298,
  modulus: 424,
  "hidden relu": 4000,
  "hidden sign": 4000
};

export function benchGraph(): Line[] {
  return [...sparseRegression(), ...errors(), ...phaseRetrievals()];
}

function sparseRegression(): Line[] {
  const prior = make(priors.gaussBernoulli, { rho: 0.05 });
  const channel = make(channels.gaussian, { noise: 1e-2 });
  return REGRESSION.flatMap(({ N, reference }) => {
    const rng = makeRng(1, "bench");
    const operator = make(ensembles.gaussianIid).sample(rng.fork("W"), N / 2, N);
    const x = new Float64Array(N);
    const z = new Float64Array(N / 2);
    const y = new Float64Array(N / 2);
    prior.sample(rng.fork("x0"), x);
    operator.apply(x, z);
    channel.sample(rng.fork("y"), z, y);
    const names = ["x", "z"];
    const graphWith = (linear: Module, data?: Float64Array) =>
      chainGraph([priorModule(prior, N), linear, likelihoodModule(channel, N / 2, data)], names);
    const messages = () => [
      { a: 1, b: new Float64Array(N) },
      { a: 1, b: new Float64Array(N / 2) }
    ];
    const times: number[][] = [];
    let seen = { mse: 0, iterations: 0 };
    for (let round = 0; round < 3; round++) {
      let linear: Module = linearModule(operator);
      const decompose = cpu(() => {
        linear = linearModule(operator);
        linear.project(0, messages(), new Float64Array(N), new Float64Array(N)); // decomposed when first needed
      });
      const graph = graphWith(linear, y);
      const passing = cpu(() => {
        const { outcome, state } = solveGraph(graph, { truth: { x } });
        seen = { mse: state.variables[0].metrics?.raw.mse ?? 0, iterations: outcome.iterations };
      });
      const theory = graphWith(ensembleModule(make(ensembles.gaussianIid), N / 2, N));
      const evolution = cpu(() => {
        for (const _ of graphEvolution(theory));
      });
      times.push([decompose, passing, evolution]);
    }
    const medians = [0, 1, 2].map((k) => median(times.map((t) => t[k])));
    const total = medians.reduce((s, t) => s + t, 0);
    const aim = reference.reduce((s, t) => s + t, 0);
    const apart = medians.map((t) => t.toFixed(0)).join(" + ");
    return [
      line(
        `sparse regression N = ${N}: decomposition + message passing (${seen.iterations} iterations, mse ${seen.mse.toExponential(2)}) + state evolution`,
        `${apart} ms`,
        `<= ${reference.join(" + ")} ms (reference)`,
        total <= aim
      )
    ];
  });
}

/** At V = 0.4, unit variance: a point in the middle. */
function errors(): Line[] {
  const tau = [1, 1];
  const lines: Line[] = [];
  const put = (name: string, work: () => void, aim: number) => {
    const ms = cpuEach(work, 3);
    const reference = ERRORS[name];
    const ratio = reference ? `, ${(reference / ms).toFixed(0)} times faster` : "";
    lines.push(line(`state-evolution error: ${name}`, `${ms.toFixed(4)} ms${ratio}`, `< ${aim} ms`, ms < aim));
  };
  for (const family of Object.values(channels) as unknown as Family<Channel>[]) {
    const channel = make(family);
    const module = likelihoodModule(channel, 1);
    const rho = channel.scalar === "complex" ? 1 : tau[0];
    put(family.id, () => void module.error(0, [2.5], [rho]), 0.1);
  }
  for (const family of Object.values(activations) as unknown as Family<Activation>[]) {
    const module = activationModule(make(family), 1);
    const moments = [1, 0];
    module.secondMoments(moments);
    put(`hidden ${family.id}`, () => void module.error(1, [2.5, 2], moments), 2);
  }
  const prior = priorModule(make(priors.binary), 1);
  put("binary prior", () => void prior.error(0, [2], [1]), 0.1);
  return lines;
}

function phaseRetrievals(): Line[] {
  const cold = (work: () => void) =>
    median(
      [0, 1, 2].map(() => {
        forget();
        return cpu(work);
      })
    );
  const curve = cold(() => {
    for (let k = 1; k <= 150; k++) phaseRetrieval.predict(parse(phaseRetrieval, { rho: 0.25, noise: 1e-4, alpha: 0.01 * k }));
  });
  const sparse = cold(() => void compressedSensing.thresholds?.(parse(compressedSensing, { rho: 0.25 })));
  const modulus = cold(() => void phaseRetrieval.thresholds?.(parse(phaseRetrieval, { rho: 0.25 })));
  return [
    line(
      "sparse phase retrieval, 150 alphas, both branches",
      `${curve.toFixed(0)} ms`,
      "< 16000 ms (reference 800-1600 s / 50)",
      curve < 16_000
    ),
    line("critical alpha at rho = 0.25: compressed sensing", `${sparse.toFixed(1)} ms`, "< 54 ms (reference 2.7 s / 50)", sparse < 54),
    line("critical alpha at rho = 0.25: phase retrieval", `${modulus.toFixed(1)} ms`, "< 54 ms (reference 2.7 s / 50)", modulus < 54)
  ];
}

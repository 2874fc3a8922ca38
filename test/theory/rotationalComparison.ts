/** Random models with rotationally invariant matrices: the curve against state evolution iterated to rest on the graph. */
import { makeFromSpec } from "../../src/core/specs.ts";
import type { Channel, Ensemble, Graph, Prior } from "../../src/core/types.ts";
import * as channels from "../../src/channels/index.ts";
import * as ensembles from "../../src/ensembles/index.ts";
import { chainGraph } from "../../src/models/chain.ts";
import { ensembleModule, likelihoodModule, priorModule } from "../../src/modules/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import * as priors from "../../src/priors/index.ts";
import { equilibrium, graphEvolution, type GraphState, replicaFreeEntropy, rotationalCurve, thresholdsOf } from "../../src/theory/index.ts";

export function graphOf(p: string, c: string, e: string, alpha: number): Graph {
  return chainGraph(
    [
      priorModule(makeFromSpec<Prior>(priors, p), 1),
      ensembleModule(makeFromSpec<Ensemble>(ensembles, e), alpha, 1),
      likelihoodModule(makeFromSpec<Channel>(channels, c), alpha)
    ],
    ["x", "z"]
  );
}

/**
 * The fixed point reached from a start that knows nothing; a thousandth of the signal where zero overlap is a fixed point: on some matrices z
 * hears only the square of what x knows, and a millionth would round to zero in the first sweep.
 */
export function settled(p: string, c: string, e: string, alpha: number): { v: number; state: GraphState; kind: string } {
  const graph = graphOf(p, c, e, alpha);
  const { even } = makeFromSpec<Channel>(channels, c);
  const rho = makeFromSpec<Prior>(priors, p).secondMoment;
  const run = graphEvolution(graph, { start: even ? { x: 1e-3 / rho } : "uninformed", iterations: 50_000, tolerance: 1e-14 });
  let state: GraphState | null = null;
  for (let step = run.next(); ; step = run.next()) {
    if (step.done) return { v: (state as unknown as GraphState).v[0], state: state as unknown as GraphState, kind: step.value.kind };
    state = step.value;
  }
}

const PRIORS = ["gauss-bernoulli:rho=0.1", "gauss-bernoulli:rho=0.4", "binary", "gaussian", "laplace", "uniform"];
const CHANNELS = ["gaussian:noise=0.01", "gaussian:noise=0.3", "sign", "relu", "abs:noise=0.1", "sign:noise=0.1"];
const ENSEMBLES = [
  "gaussian-iid",
  "row-orthogonal",
  "geometric-spectrum:condition-number=5",
  "geometric-spectrum:condition-number=100",
  "gaussian-product",
  "singular-values:values=1/2/3",
  "random-features"
];

/** One sentence for every model whose mse or free entropy (nats) differs by more than 1e-8. */
export function comparison(count: number, seed: number): string[] {
  const rng = makeRng(seed, "rotational");
  const pick = <T>(list: readonly T[]): T => list[Math.floor(rng.uniform() * list.length)];
  const misses: string[] = [];
  for (let k = 0; k < count; k++) {
    const [p, c, e] = [pick(PRIORS), pick(CHANNELS), pick(ENSEMBLES)];
    const alpha = Math.exp(Math.log(0.2) + rng.uniform() * Math.log(20));
    const what = `${p}, ${c}, ${e}, alpha = ${alpha.toFixed(4)}`;
    const curve = rotationalCurve(makeFromSpec<Prior>(priors, p), makeFromSpec<Channel>(channels, c), makeFromSpec<Ensemble>(ensembles, e));
    if (!curve) {
      misses.push(`${what}: no curve`);
      continue;
    }
    const { algorithmic } = equilibrium(curve, alpha, thresholdsOf(curve));
    const { v, state, kind } = settled(p, c, e, alpha);
    if (kind === "exact-recovery" || algorithmic.point.V < 1e-12) {
      if (!(algorithmic.point.V < 1e-12 && v < 1e-9)) misses.push(`${what}: iterated ${v} (${kind}), curve ${algorithmic.point.V}`);
      continue;
    }
    if (!(Math.abs(v - algorithmic.point.V) <= 1e-8)) misses.push(`${what}: iterated ${v} (${kind}), curve ${algorithmic.point.V}`);
    const phi = replicaFreeEntropy(graphOf(p, c, e, alpha), state);
    if (!(Math.abs(phi - algorithmic.freeEntropy) <= 1e-8)) misses.push(`${what}: free entropy ${phi}, curve ${algorithmic.freeEntropy}`);
  }
  return misses;
}

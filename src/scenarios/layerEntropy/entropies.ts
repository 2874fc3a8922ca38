/**
 * Entropies of every layer of a chain, H(T_l), H(T_l | X) and H(T_l | Y), in nats per input component: minus the replica free entropy
 * of the graph that observes T_l (theory), or minus the Bethe free entropy of sampled data (instances).
 */
import { betheFreeEntropy, solveGraph } from "../../algorithms/graph/index.ts";
import { outcome } from "../../core/outcome.ts";
import type { Channel, FixedPoint, Graph, Outcome, Rng } from "../../core/types.ts";
import { outputEntropy } from "../../modules/averages.ts";
import { type GraphOutcome, type GraphStart, type GraphState, graphEvolution, replicaFreeEntropy } from "../../theory/index.ts";
import { branching, readout } from "../family/branches.ts";
import { type ChainSample, drawSample, type Given, type InstanceChain, instanceGraph, type TheoryChain, theoryGraph } from "./stages.ts";

/** One number a layer, T_1 first. */
export interface LayerValues {
  readonly entropy: readonly number[];
  readonly informationX: readonly number[];
  readonly informationY: readonly number[];
}

const GIVEN: readonly Given[] = ["nothing", 1, 0];

function valuesOf(entropies: readonly (readonly number[])[], least = Number.NEGATIVE_INFINITY): LayerValues {
  return {
    entropy: entropies.map(([H]) => H),
    informationX: entropies.map(([H, x]) => Math.max(least, H - x)),
    informationY: entropies.map(([H, , y]) => Math.max(least, H - y))
  };
}

// ---------------------------------------------------------------- theory

/** An entropy as message passing sees it (from the uninformed start), as it is (largest free entropy), and the fixed points found. */
export interface TheoryEntropy {
  readonly algorithmic: number;
  readonly optimal: number;
  readonly fixedPoints: readonly FixedPoint[];
  readonly outcome: Outcome;
}

/** Beyond it the free entropy, stationary at the fixed point, has all its digits. */
const TOLERANCE = 1e-10;
const ITERATIONS = 20_000;
/** Branches whose free entropies differ by less are one. */
const SAME = 1e-7;

/** H(T_last | given)/n_0 from the replica free entropy. `branches`: look for a second fixed point, from the informed start, too. */
function theoryEntropy(chain: TheoryChain, last: number, given: Given, branches: boolean): TheoryEntropy {
  const unit = chain.sizes[1];
  const channel = chain.stages[last].channel as Channel;
  const graph = theoryGraph(chain, last, given);
  if (!graph) {
    const H = (-chain.sizes[last + 1] * outputEntropy(channel, chain.powers[last], 0)) / unit;
    return { algorithmic: H, optimal: H, fixedPoints: [], outcome: outcome("converged", 0, 0) };
  }
  const signal = graph.variables[graph.variables.length - 2].name;
  const { symmetric, spark } = branching(graph, { signal, even: channel.even });
  const scale = graph.variables[0].size / unit;
  const reach = (start: GraphStart) => {
    const { state, end } = settle(graph, start);
    return { H: -replicaFreeEntropy(graph, state) * scale, state, end };
  };
  const trivial = reach("uninformed");
  const below = symmetric && trivial.end.kind === "trivial-fixed-point" && (trivial.end.growthRate ?? 0) > 1 ? reach(spark(1e-6)) : trivial;
  const points = trivial === below ? [below] : [trivial, below];
  if (branches) {
    const above = reach("informed");
    if (Math.abs(above.H - below.H) > SAME * (1 + Math.abs(below.H))) points.push(above);
  }
  const stable = ({ end }: typeof below) => (end.growthRate ?? 0) <= 1 + 1e-9;
  return {
    algorithmic: below.H,
    optimal: points.reduce((H, p) => (stable(p) ? Math.min(H, p.H) : H), below.H),
    fixedPoints: points.map((p) => ({
      order: Object.fromEntries(graph.variables.map(({ name }) => [`mse(${name})`, readout(graph, p.state, name)])),
      freeEntropy: -p.H,
      stable: stable(p)
    })),
    outcome: below.end
  };
}

function settle(graph: Graph, start: GraphStart): { readonly state: GraphState; readonly end: GraphOutcome } {
  const run = graphEvolution(graph, { start, iterations: ITERATIONS, tolerance: TOLERANCE });
  let state: GraphState | null = null;
  for (let step = run.next(); ; step = run.next()) {
    if (step.done) return { state: state as GraphState, end: step.value };
    state = step.value;
  }
}

/** H(T_l), H(T_l | X) and H(T_l | Y) of one layer. */
export interface TheoryLayer {
  readonly whole: TheoryEntropy;
  readonly givenX: TheoryEntropy;
  readonly givenY: TheoryEntropy;
}

/**
 * Of every layer, T_1 first. `branchesAt`: the index of the layer whose second fixed points are looked for, if any; with X or Y given
 * they are looked for where there are any without.
 */
export function theoryLayers(chain: TheoryChain, branchesAt?: number): TheoryLayer[] {
  return layersOf(chain).map((last, l) => {
    const whole = theoryEntropy(chain, last, "nothing", l === branchesAt);
    const [givenX, givenY] = ([1, 0] as const).map((given) => theoryEntropy(chain, last, given, whole.fixedPoints.length > 1));
    return { whole, givenX, givenY };
  });
}

export function theoryValues(layers: readonly TheoryLayer[], branch: "algorithmic" | "optimal"): LayerValues {
  return valuesOf(
    layers.map(({ whole, givenX, givenY }) => [whole[branch], givenX[branch], givenY[branch]]),
    0
  );
}

export function theoryOutcome(layers: readonly TheoryLayer[]): Outcome {
  return layers.flatMap(({ whole, givenX, givenY }) => [whole.outcome, givenX.outcome, givenY.outcome]).reduce(worse);
}

/** Stages whose outputs are observed. */
function layersOf({ stages }: Pick<TheoryChain, "stages">): number[] {
  return stages.flatMap((_, k) => (k > 0 ? [k] : []));
}

const RANK: Readonly<Record<Outcome["kind"], number>> = {
  converged: 0,
  "exact-recovery": 0,
  completed: 0,
  "trivial-fixed-point": 1,
  horizon: 2,
  diverged: 3
};

export function worse(a: Outcome, b: Outcome): Outcome {
  return RANK[b.kind] > RANK[a.kind] || (RANK[b.kind] === RANK[a.kind] && b.iterations > a.iterations) ? b : a;
}

// ---------------------------------------------------------------- instances

export interface InstanceEntropies {
  readonly values: LayerValues;
  readonly outcome: Outcome;
  /** Runs of message passing that did not converge. */
  readonly unfinished: number;
}

/** Averages over `draws` samples of the data, the k-th from rng.fork("draw k"). Null free entropies (digits lost) end in a diverged outcome. */
export function instanceEntropies(
  chain: InstanceChain,
  draws: number,
  rng: Rng,
  options: { readonly iterations: number }
): InstanceEntropies {
  const layers = layersOf(chain);
  const entropies = layers.map(() => GIVEN.map(() => 0));
  let worst: Outcome = outcome("converged", 0, 0);
  let unfinished = 0;
  for (let k = 0; k < draws; k++) {
    const stream = rng.fork(`draw ${k}`);
    const sample = drawSample(chain, stream);
    layers.forEach((last, l) => {
      GIVEN.forEach((given, g) => {
        const one = surprise(chain, sample, last, given, stream.fork(`start ${last} ${given}`), options);
        worst = worse(worst, one.outcome);
        if (one.outcome.kind !== "converged") unfinished++;
        entropies[l][g] += one.nats / draws / chain.sizes[1];
      });
    });
  }
  return { values: valuesOf(entropies), outcome: worst, unfinished };
}

/** -ln p(T_last | given) of one sample, in nats. */
function surprise(
  chain: InstanceChain,
  sample: ChainSample,
  last: number,
  given: Given,
  rng: Rng,
  { iterations }: { readonly iterations: number }
): { readonly nats: number; readonly outcome: Outcome } {
  const graph = instanceGraph(chain, sample, last, given);
  if ("known" in graph) {
    const observed = sample.h[last];
    const log = new Float64Array(observed.length);
    (chain.stages[last].channel as Channel).logPartition(Float64Array.of(0), graph.known, observed, log);
    return { nats: -log.reduce((s, x) => s + x, 0), outcome: outcome("converged", 0, 0) };
  }
  return evidence(graph, rng, iterations);
}

function evidence(graph: Graph, rng: Rng, iterations: number): { readonly nats: number; readonly outcome: Outcome } {
  const { state, outcome: end } = solveGraph(graph, { iterations, damping: "adaptive", rng });
  const phi = betheFreeEntropy(graph, state);
  if (phi !== null && Number.isFinite(phi)) return { nats: -phi, outcome: end };
  return {
    nats: 0,
    outcome: outcome("diverged", 1, end.iterations, {
      advice: "the free energy of an instance lost its digits: give the layers more noise"
    })
  };
}

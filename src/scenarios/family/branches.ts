/** What state evolution on a graph says at one point: the uninformed and the informed branch, which of them is optimal, and the phase. */
import { outcome } from "../../core/outcome.ts";
import type { Branch, FixedPoint, Graph, Observables, Phase, Prediction } from "../../core/types.ts";
import {
  exactRecoveryFreeEntropy,
  graphEvolution,
  graphTransitions,
  type GraphOutcome,
  type GraphStart,
  type GraphState,
  isExact,
  replicaFreeEntropy,
  secondMoments
} from "../../theory/index.ts";

export interface Branching {
  readonly graph: Graph;
  /** Zero overlap with the signal is a fixed point. */
  readonly symmetric: boolean;
  /** A start that knows a share of the signal (its squared overlap, about). */
  spark(share: number): Readonly<Record<string, number>>;
  /** Nats per component of the first variable. */
  freeEntropy(state: Pick<GraphState, "forward" | "backward">): number;
  predict<O extends string>(observe: (state: GraphState) => Seen<O>): Prediction<O>;
}

/** Thresholds along alpha in [0.01, 100] of a family of graphs, by name. The curve is followed in ln alpha. */
export function thresholdsAlong(
  graphs: (alpha: number) => Graph,
  signal: string,
  names: readonly string[]
): Readonly<Record<string, number | null>> {
  const reference = graphs(1).variables.findIndex((v) => v.name === signal);
  const found = graphTransitions((theta) => graphs(Math.exp(theta)), { range: [Math.log(0.01), Math.log(100)], reference, easier: "high" });
  const values: Readonly<Record<string, number | null>> = { ...found };
  return Object.fromEntries(
    names.map((name) => [name, values[name] === null || values[name] === undefined ? null : Math.exp(values[name])])
  );
}

/** What is read off a state: observables, and matrices beside them. */
export interface Seen<O extends string> {
  readonly observables: Observables<O>;
  readonly matrices?: Readonly<Record<string, readonly (readonly number[])[]>>;
}

const ITERATIONS = 20_000;
const TOLERANCE = 1e-13;
/** Branches whose backward precisions differ by less, relative, are one. */
const SAME = 1e-5;

/** `signal`: the variable whose sign the likelihood may hide (`even`); zero is a fixed point when its mean is zero too. */
export function branching(graph: Graph, { signal, even }: { readonly signal: string; readonly even: boolean }): Branching {
  const tau = secondMoments(graph);
  const index = graph.variables.findIndex((v) => v.name === signal);
  const symmetric = even && isCentred(graph, index, tau);
  // What acts on the signal alone is lost on its way to the likelihood: the prior's extrinsic message does not depend on it (a Gaussian's,
  // exactly). The projections z made of the signal start with the same share.
  const consumer = graph.variables[index].consumer?.module;
  const started = graph.variables.flatMap((v, i) => (i === index || v.producer.module === consumer ? [i] : []));
  const spark = (share: number) => Object.fromEntries(started.map((i) => [graph.variables[i].name, share / tau[i]]));
  const freeEntropy = (state: Pick<GraphState, "forward" | "backward">) =>
    isExact(graph, state) ? exactRecoveryFreeEntropy(graph) : replicaFreeEntropy(graph, state);

  return {
    graph,
    symmetric,
    spark,
    freeEntropy,
    predict<O extends string>(observe: (state: GraphState) => Seen<O>): Prediction<O> {
      let below = reach(graph, "uninformed");
      const trivial = below;
      if (below.outcome.kind === "trivial-fixed-point" && (below.outcome.growthRate ?? 0) > 1) below = reach(graph, spark(1e-6));
      const above = reach(graph, "informed");
      const points = [...(trivial === below ? [] : [trivial]), below, ...(same(below.state, above.state) ? [] : [above])];
      const entropies = points.map((p) => freeEntropy(p.state));
      const stable = (p: Reached) => p.outcome.growthRate === null || p.outcome.growthRate <= 1 + 1e-9;
      let best = points.indexOf(below);
      points.forEach((p, k) => {
        if (stable(p) && entropies[k] > entropies[best]) best = k;
      });
      const branch = (p: Reached, phi: number): Branch<O> => {
        const { observables, matrices } = observe(p.state);
        return {
          outcome: p.outcome,
          observables,
          ...(matrices ? { matrices } : {}),
          ...(Number.isFinite(phi) ? { freeEntropy: phi } : {})
        };
      };
      const several = points.includes(above) && above !== below;
      const phase: Phase = several
        ? points[best] === above
          ? "hard"
          : "impossible"
        : symmetric
          ? trivial === below
            ? "impossible"
            : "easy"
          : null;
      return {
        branches: {
          algorithmic: branch(below, entropies[points.indexOf(below)]),
          optimal: branch(points[best], entropies[best])
        },
        phase,
        fixedPoints: points.map(
          (p, k): FixedPoint => ({
            order: orderOf(graph, p.state),
            freeEntropy: Number.isFinite(entropies[k]) ? entropies[k] : null,
            stable: stable(p)
          })
        )
      };
    }
  };
}

interface Reached {
  readonly state: GraphState;
  readonly outcome: GraphOutcome;
}

function reach(graph: Graph, start: GraphStart): Reached {
  const run = graphEvolution(graph, { start, iterations: ITERATIONS, tolerance: TOLERANCE });
  let state: GraphState | null = null;
  for (let step = run.next(); ; step = run.next()) {
    if (step.done) return { state: state as GraphState, outcome: step.value.kind === "horizon" ? slow(step.value) : step.value };
    state = step.value;
  }
}

function slow(end: GraphOutcome): GraphOutcome {
  return {
    ...outcome("horizon", end.residual, end.iterations, {
      advice: "state evolution is this slow only beside a transition: move away from it, or read the thresholds"
    }),
    growthRate: end.growthRate
  };
}

function same(a: GraphState, b: GraphState): boolean {
  return a.v.every((v, i) => Math.abs(v - b.v[i]) <= SAME * Math.max(v, b.v[i]) || Math.max(v, b.v[i]) < 1e-14 * a.tau[i]);
}

/** Mean squared errors of every variable: the order parameters of a graph. */
function orderOf(graph: Graph, state: GraphState): Record<string, number> {
  return Object.fromEntries(graph.variables.map(({ name }) => [`mse(${name})`, readout(graph, state, name)]));
}

/** The mse of a variable after an iteration: of a signal what its prior makes of all it hears, as the algorithm reports it. */
export function readout(graph: Graph, state: Pick<GraphState, "backward" | "v" | "tau">, name: string): number {
  const i = graph.variables.findIndex((v) => v.name === name);
  const { producer } = graph.variables[i];
  const module = graph.modules[producer.module];
  if (module.inputs.length > 0 || module.outputs.length > 1) return state.v[i];
  return module.error(producer.port, [state.backward[i]], [state.tau[i]]).v;
}

/** Has the variable zero mean? Its producer's estimate without any observation then explains nothing. */
function isCentred(graph: Graph, i: number, tau: readonly number[]): boolean {
  const { producer } = graph.variables[i];
  const module = graph.modules[producer.module];
  const inputs = module.inputs.map((_, p) =>
    graph.variables.findIndex((v) => v.consumer?.module === producer.module && v.consumer.port === p)
  );
  const a = [...inputs.map((j) => 1 / tau[j]), ...module.outputs.map(() => 0)];
  const { v } = module.error(producer.port, a, [...inputs.map((j) => tau[j]), ...module.outputs.map(() => tau[i])]);
  return Math.abs(1 - v / tau[i]) < 1e-10;
}

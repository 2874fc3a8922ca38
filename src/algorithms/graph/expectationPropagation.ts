/**
 * Expectation propagation on a tree of modules with one precision per variable: vector approximate message passing for any
 * composition of priors, linear layers, activations and likelihoods (Rangan, Schniter and Fletcher 2019; Fletcher, Rangan and
 * Schniter 2018; Baker, Aubin, Krzakala and Zdeborova 2020). The messages are those of core/types.ts, `Module`.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Graph, Message, Outcome, Rng, Scalar, Vec } from "../../core/types.ts";
import { type Metrics, metrics } from "../metrics.ts";
import { makeRunWatch, type Memory, type RunWatch } from "./runWatch.ts";
import { begin, hasMap, satAtZero, spark } from "./start.ts";
import { backwardSweep, damp, forwardSweep, type Sweeper, sendLeaves } from "./sweep.ts";
import { wire } from "./wiring.ts";

/** How one variable starts: by what its producer says, near the truth, spectral (prior - linear - even likelihood), or as N(mean, variance). */
export type EpInit = "uninformed" | "informed" | "spectral" | { readonly mean: Vec; readonly variance: number };

export interface EpOptions {
  /** Iterations at most; one is a forward and a backward sweep. Default 300. */
  readonly iterations?: number;
  /** On the undamped relative change of every posterior mean and variance. Default 1e-7. */
  readonly tolerance?: number;
  /** Weight on the OLD backward messages (a, b), in [0, 1): 0 is none. "adaptive" raises it when a mean moves more than its variance allows. Default 0. */
  readonly damping?: number | "adaptive";
  /** For all variables, or by name. "informed" for all means all those with a truth. Default uninformed. */
  readonly init?: "uninformed" | "informed" | "spectral" | Readonly<Record<string, EpInit>>;
  /** The messages of an earlier run on the same variables; `init` is then not used. */
  readonly warm?: Pick<EpState, "variables">;
  /** True values by variable: for informed starts and `metrics`. The iteration itself never sees them. */
  readonly truth?: Readonly<Record<string, Vec>>;
  /** For informed and spectral starts, and the spark that symmetric models need to leave zero overlap (drawn only when needed). */
  readonly rng?: Rng;
}

/** What is known about one variable. Complex arrays are interleaved. */
export interface EpBelief {
  readonly name: string;
  readonly scalar: Scalar;
  readonly size: number;
  /** Posterior mean, and its mean variance per component: the prior's for signals, else as seen by the variable's consumer. */
  readonly mean: Vec;
  readonly variance: number;
  /** Towards the data, and back. */
  readonly forward: Message;
  readonly backward: Message;
  /** Against `truth`, where it was given. */
  readonly metrics?: Metrics;
}

/** The state after `t` iterations: ONE object whose arrays are overwritten; copy what you keep (`keepState`). Variables are in the order of the graph. */
export interface EpState {
  readonly t: number;
  readonly variables: readonly EpBelief[];
  /** Undamped relative change of the last iteration; 1 at t = 0. */
  readonly residual: number;
  /** The damping used in the last iteration. */
  readonly damping: number;
  /** How often a negative precision was replaced by its Fisher form so far. */
  readonly clipped: number;
}

/** `state.t` is the iteration returned: the last one, or after a divergence the best one seen. */
export interface EpResult {
  readonly outcome: Outcome;
  readonly state: EpState;
}

/**
 * Frame t = 0 is the start (priors and what `init` says), frame t the state after t iterations. Validates eagerly and throws
 * ParameterError on graphs or options that do not fit; a numerical failure is an outcome. Symmetric models (zero is a fixed point)
 * are found out in the first iteration: with `rng` it is made again from a random spark, without it the run ends there.
 */
export function expectationPropagation(graph: Graph, options: EpOptions = {}): Generator<EpState, EpResult> {
  const { iterations = 300, tolerance = 1e-7, damping = 0 } = options;
  if (!Number.isInteger(iterations) || iterations < 1)
    throw new ParameterError(`expectationPropagation: iterations must be an integer >= 1, such as 300, got ${iterations}`);
  if (!(tolerance > 0 && tolerance < 1))
    throw new ParameterError(`expectationPropagation: tolerance must be a number in (0, 1), such as 1e-7, got ${tolerance}`);
  if (damping !== "adaptive" && !(damping >= 0 && damping < 1))
    throw new ParameterError(
      `expectationPropagation: damping must be adaptive or a number in [0, 1), the weight on the old value (0 is none), got ${damping}`
    );
  const run = new Run(graph, options.truth ?? {});
  begin(run.sweeper, options);
  const watch = makeRunWatch(run.watched(), run.memory(), {
    damping,
    tolerance,
    map: hasMap(graph),
    clipped: () => run.sweeper.clipped
  });
  const blank = !options.warm && !run.sweeper.wiring.edges.some((e) => e.held);
  return iterate(run, watch, iterations, blank ? options.rng : undefined);
}

/** Drains a run: the result without the frames. */
export function solveGraph(graph: Graph, options: EpOptions = {}): EpResult {
  const run = expectationPropagation(graph, options);
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

/** `rng`: where a spark may come from, absent when the start has a direction of its own. */
function* iterate(run: Run, watch: RunWatch, iterations: number, rng: Rng | undefined): Generator<EpState, EpResult> {
  const { sweeper, state } = run;
  run.report(0, 1, 0);
  yield state;
  for (let t = 1; t <= iterations; t++) {
    let keep = watch.damping();
    forwardSweep(sweeper);
    backwardSweep(sweeper);
    if (t === 1) {
      if (rng && !sweeper.broken && satAtZero(sweeper)) {
        spark(sweeper, rng);
        forwardSweep(sweeper);
        backwardSweep(sweeper);
      }
      // there is no old message before the first: damping it would only weaken the data
      if (!sweeper.wiring.edges.some((e) => e.oldA > 0)) keep = 0;
      for (const edge of sweeper.wiring.edges) edge.held = false;
    }
    const verdict = watch.judge(t, sweeper.broken);
    sweeper.broken = false;
    if (run.restored) run.restored = false;
    else if (verdict?.kind !== "exact-recovery") damp(sweeper, keep);
    // Once a signal is known exactly the data may stop pulling (every sign is right by a wide margin): its prior is not asked again.
    if (verdict?.kind !== "exact-recovery") sendLeaves(sweeper);
    if (verdict?.kind === "diverged") {
      run.report(run.rememberedAt, watch.residual, keep);
      return { outcome: verdict, state };
    }
    run.report(t, watch.residual, keep);
    yield state;
    if (verdict) return { outcome: verdict, state };
  }
  return { outcome: watch.horizon(iterations), state };
}

/** The buffers of a run and the state it shows. */
class Run {
  readonly sweeper: Sweeper;
  readonly state: { -readonly [K in keyof EpState]: EpState[K] };
  readonly beliefs: { -readonly [K in keyof EpBelief]: EpBelief[K] }[];
  readonly truth: Readonly<Record<string, Vec>>;
  rememberedAt = 0;
  /** The best state has just been put back: there is nothing to average it with. */
  restored = false;
  now = 0;

  constructor(graph: Graph, truth: Readonly<Record<string, Vec>>) {
    this.sweeper = { graph, wiring: wire(graph), clipped: 0, broken: false };
    this.truth = truth;
    this.beliefs = this.sweeper.wiring.edges.map(({ name, scalar, size, mean, variance, forward, backward }) => ({
      name,
      scalar,
      size,
      mean,
      variance,
      forward,
      backward
    }));
    this.state = { t: 0, variables: this.beliefs, residual: 1, damping: 0, clipped: 0 };
  }

  report(t: number, residual: number, damping: number): void {
    const { edges } = this.sweeper.wiring;
    for (let i = 0; i < edges.length; i++) {
      this.beliefs[i].variance = edges[i].variance;
      const truth = Object.hasOwn(this.truth, edges[i].name) ? this.truth[edges[i].name] : undefined;
      if (truth) this.beliefs[i].metrics = metrics(edges[i].mean, truth, edges[i].scalar);
    }
    this.now = t;
    this.state.t = t;
    this.state.residual = residual;
    this.state.damping = damping;
    this.state.clipped = this.sweeper.clipped;
  }

  /** Variables between two modules: only there something can move. */
  watched() {
    return this.sweeper.wiring.edges.filter((e) => e.consumer !== null);
  }

  memory(): Memory {
    const { edges } = this.sweeper.wiring;
    const best = edges.map((e) => ({ mean: e.mean.slice(), forward: e.forward.b.slice(), backward: e.backward.b.slice() }));
    const numbers = edges.map(() => new Float64Array(7));
    const write = () =>
      edges.forEach((e, i) => {
        best[i].mean.set(e.mean);
        best[i].forward.set(e.forward.b);
        best[i].backward.set(e.backward.b);
        numbers[i].set([e.variance, e.forward.a, e.backward.a, e.change, e.power, e.before, e.after]);
      });
    write();
    return {
      remember: () => {
        write();
        this.rememberedAt = this.now + 1; // the iteration being judged is not reported yet
      },
      restore: () => {
        this.restored = true;
        edges.forEach((e, i) => {
          e.mean.set(best[i].mean);
          e.forward.b.set(best[i].forward);
          e.backward.b.set(best[i].backward);
          [e.variance, e.forward.a, e.backward.a, e.change, e.power, e.before, e.after] = numbers[i];
        });
      }
    };
  }
}

/** A copy of a state that later iterations do not overwrite. */
export function keepState(state: EpState): EpState {
  const copy = ({ a, b }: Message): Message => ({ a, b: b.slice() });
  return {
    ...state,
    variables: state.variables.map((v) => ({ ...v, mean: v.mean.slice(), forward: copy(v.forward), backward: copy(v.backward) }))
  };
}

/**
 * Recovery of a signal s = phi(W ... phi(W z)) made by a known random network from n = alpha d measurements of it, beside the same
 * recovery of a sparse signal of as many degrees of freedom, k = rho d (Aubin, Loureiro, Baker, Krzakala, Zdeborová 2020).
 */
import { type EpState, expectationPropagation } from "../../algorithms/graph/index.ts";
import * as activations from "../../activations/index.ts";
import * as channels from "../../channels/index.ts";
import { makeFromSpec } from "../../core/specs.ts";
import type {
  Activation,
  Agreement,
  Branch,
  Channel,
  Ensemble,
  Frame,
  Landmark,
  Observable,
  Outcome,
  Prediction,
  Prior,
  Reference,
  Rng,
  Scenario,
  SimulationEnd,
  Values,
  Watch
} from "../../core/types.ts";
import * as ensembles from "../../ensembles/index.ts";
import * as priors from "../../priors/index.ts";
import { type BranchPoint, describeFixedPoints, equilibrium, fixedPointCurve, graphEvolution, signalBlockOf } from "../../theory/index.ts";
import { glm } from "../glm.ts";
import { branching, readout } from "./branches.ts";
import { DAMPED, SPARKED } from "./caveats.ts";
import { beliefDetail } from "./detail.ts";
import { branchOf } from "./generalizedLinear.ts";
import { type Theory, theoryFor } from "./models.ts";
import { type Network, sampleNetwork, theoryGraph, upstreamGraph } from "./network.ts";

const params = {
  latentRatio: {
    kind: "real",
    default: 0.3,
    min: 0.01,
    max: 10,
    symbol: "k/d",
    about: "latent variables per component of the signal; the sparse signal has that share of nonzeros (at most all)"
  },
  activation: {
    kind: "choice",
    default: "relu",
    options: ["linear", "relu", "sign"],
    symbol: "φ",
    about: "activation of every layer of the generator"
  },
  depth: {
    kind: "integer",
    default: 1,
    min: 1,
    max: 3,
    symbol: "L",
    about: "layers of the generator; widths grow geometrically from k to d"
  },
  noise: { kind: "real", default: 0, min: 0, max: 10, symbol: "Δ", about: "noise variance of the measurements; 0 is exact" },
  alpha: { kind: "real", default: 0.5, min: 1e-3, max: 1e3, symbol: "α", about: "measurements per component of the signal, n/d" },
  size: { kind: "integer", default: 1000, min: 10, max: 100_000, symbol: "d", about: "number of components of the signal" },
  init: {
    kind: "choice",
    default: "uninformed",
    options: ["uninformed", "informed"],
    symbol: "x̂₀",
    about: "start: knowing only the generator (a tiny random vector in symmetric models), or the truth"
  },
  iterations: { kind: "integer", default: 500, min: 1, max: 100_000, symbol: "T", about: "largest number of iterations" },
  damping: {
    kind: "real",
    default: 0,
    min: 0,
    max: 0.99,
    symbol: "δ",
    about: "weight on the old messages, 0 for none; the theory has none"
  }
} as const;
type Own = typeof params;
type P = Values<Own>;
type O = "mse" | "sparseMse";

const NAMES = ["weakRecovery", "algorithmic", "informationTheoretic", "spinodalLow", "sparseAlgorithmic", "sparseInformationTheoretic"];

const observables: Readonly<Record<O, Observable>> = {
  mse: {
    symbol: "MSE",
    about: "mean squared error per component of the signal with the generative prior",
    range: [0, Number.POSITIVE_INFINITY]
  },
  sparseMse: {
    symbol: "MSE(sparse)",
    about: "the same for a sparse signal of the same second moment and k nonzeros, with the sparse prior",
    range: [0, Number.POSITIVE_INFINITY]
  }
};

export interface GenerativeDefinition {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly formulas: readonly string[];
  /** Spec of the channel at a noise. */
  readonly channel: (noise: number) => string;
  readonly references: readonly Reference[];
  readonly landmarks: readonly Landmark[];
  readonly agreement: readonly Agreement<Own>[];
  readonly defaults?: { readonly damping?: number };
}

export function generative(d: GenerativeDefinition): Scenario<Own, O> {
  function networkOf({ latentRatio, activation, depth, noise, alpha }: P): Network {
    const phi = makeFromSpec<Activation>(activations, activation, "activation");
    const iid = makeFromSpec<Ensemble>(ensembles, "gaussian-iid", "ensemble");
    const ratio = latentRatio ** (-1 / depth);
    return {
      prior: makeFromSpec<Prior>(priors, "gaussian", "prior"),
      weights: iid,
      hidden: Array.from({ length: depth }, () => ({ spec: activation, activation: phi, ratio, noise: 0 })),
      output: { ratio: alpha, channel: makeFromSpec<Channel>(channels, d.channel(noise), "channel"), weights: iid }
    };
  }

  /**
   * The generator is locally linear: its rank per component is min(k, d)/d, and each relu layer lets half of its units through; signs
   * leave nothing continuous.
   */
  function dimensionOf({ activation, latentRatio, depth }: P): { readonly dimension: number } {
    if (activation === "sign") return { dimension: 0 };
    const narrowest = latentRatio ** (1 - 1 / depth); // n_1/d; widths grow (or shrink) geometrically towards d
    const passed = activation === "relu" ? 0.5 * Math.min(1, narrowest) : 1;
    return { dimension: Math.min(1, latentRatio, passed) };
  }

  /** The curve alpha(r) of the generative signal: the inner network is solved at every r. */
  function theoryOf(p: P): Theory {
    return theoryFor(JSON.stringify([d.id, p.latentRatio, p.activation, p.depth, p.noise]), () => {
      const net = networkOf(p);
      return fixedPointCurve(signalBlockOf(upstreamGraph(net), dimensionOf(p)), net.output.channel);
    });
  }

  /** The sparse problem of the same second moment, in the terms of the glm scenario. */
  function sparse(p: P): Values<(typeof glm)["params"]> {
    const rho = Math.min(1, p.latentRatio);
    const variance = secondMomentOf(p) / rho;
    return {
      prior: `gauss-bernoulli:rho=${rho},variance=${variance}`,
      channel: d.channel(p.noise),
      teacherPrior: "",
      teacherChannel: "",
      alpha: p.alpha,
      size: p.size,
      init: p.init,
      initialOverlap: 0.1,
      iterations: p.iterations,
      damping: p.damping,
      onsager: "on"
    };
  }

  function secondMomentOf({ activation, depth }: P): number {
    const phi = makeFromSpec<Activation>(activations, activation, "activation");
    let tau = 1;
    for (let l = 0; l < depth; l++) tau = phi.secondMoment(tau);
    return tau;
  }

  const signalName = (p: P) => `h${p.depth}`;

  function* simulate(p: P, rng: Rng, watch?: Watch): Generator<Frame<O>, SimulationEnd> {
    const net = networkOf(p);
    const { graph, truth, y } = sampleNetwork(net, Math.max(1, Math.round(p.latentRatio * p.size)), rng);
    const { curve } = theoryOf(p);
    const run = expectationPropagation(graph, { truth, init: p.init, iterations: p.iterations, damping: p.damping, rng: rng.fork("init") });
    const other = glm.simulate(sparse(p), rng.fork("sparse"));
    let sparseMse = Number.POSITIVE_INFINITY;
    let sparseEnd: SimulationEnd | null = null;
    const advance = () => {
      if (sparseEnd) return;
      const step = other.next();
      if (step.done) sparseEnd = step.value;
      else sparseMse = step.value.mse;
    };
    const name = signalName(p);
    const { labelScalar } = net.output.channel;
    const view = (state: EpState): Omit<Frame<O>, "sparseMse"> => {
      const { metrics } = state.variables.find((v) => v.name === name) as EpState["variables"][number];
      const { raw, aligned, phase } = metrics as NonNullable<typeof metrics>;
      const seen = { truth: truth[name], y, labelScalar, phase: curve.symmetric ? phase : ([1, 0] as const) };
      return {
        t: state.t,
        mse: (curve.symmetric ? aligned : raw).mse,
        ...(watch?.detail ? { detail: beliefDetail(graph, state, name, seen) } : {})
      };
    };
    let last: Frame<O> | null = null;
    let end: SimulationEnd | null = null;
    while (!end) {
      const step = run.next();
      advance();
      if (step.done) end = step.value.outcome;
      else {
        last = { ...view(step.value), sparseMse } as Frame<O>;
        yield last;
      }
    }
    // the sparse run may need longer
    while (!sparseEnd && last) {
      const before = sparseMse;
      advance();
      last = { ...last, t: last.t + 1, sparseMse };
      if (!sparseEnd || before !== sparseMse) yield last;
    }
    const { kind, iterations } = sparseEnd as unknown as SimulationEnd;
    return { ...end, extra: { ...end.extra, sparseIterations: iterations, sparseSucceeded: kind === "diverged" ? 0 : 1 } };
  }

  function* evolve(p: P): Generator<Frame<O>, Outcome> {
    const net = networkOf(p);
    const graph = theoryGraph(net);
    const name = signalName(p);
    const { symmetric } = theoryOf(p).curve;
    const tau = secondMomentOf(p);
    const even = net.output.channel.even;
    const start =
      p.init === "informed"
        ? ("informed" as const)
        : symmetric
          ? branching(graph, { signal: name, even }).spark(1 / p.size)
          : ("uninformed" as const);
    const run = graphEvolution(graph, { start, iterations: p.iterations });
    const other = glm.evolve(sparse(p));
    let sparseMse = tau;
    let over = false;
    let last: Frame<O> | null = null;
    for (let step = run.next(); ; step = run.next()) {
      if (!over) {
        const at = other.next();
        if (at.done) over = true;
        else sparseMse = at.value.mse;
      }
      if (!step.done) {
        last = { t: step.value.t, mse: readout(graph, step.value, name), sparseMse };
        yield last;
        continue;
      }
      // the sparse side may need longer
      while (!over && last) {
        const at = other.next();
        if (at.done) over = true;
        else {
          last = { ...last, t: last.t + 1, sparseMse: at.value.mse };
          yield last;
        }
      }
      return step.value;
    }
  }

  function predict(p: P): Prediction<O> {
    const { curve, thresholds } = theoryOf(p);
    const e = equilibrium(curve, p.alpha, thresholds);
    const beside = glm.predict(sparse(p)).branches;
    const branch = (b: BranchPoint, of: Branch<"overlap" | "mse">): Branch<O> =>
      branchOf(b, p.alpha, curve, thresholds.weakRecovery, ({ mse }) => ({ mse, sparseMse: of.observables.mse }));
    return {
      branches: {
        algorithmic: branch(e.algorithmic, beside.algorithmic),
        optimal: branch(e.optimal, beside.optimal ?? beside.algorithmic)
      },
      phase: e.phase,
      fixedPoints: describeFixedPoints(e, curve.rho)
    };
  }

  return {
    id: d.id,
    title: d.title,
    summary: d.summary,
    formulas: d.formulas,
    family: "generative priors",
    params: { ...params, damping: { ...params.damping, default: d.defaults?.damping ?? 0 } } as unknown as Own,
    observables,
    thresholdNames: NAMES,
    references: d.references,
    landmarks: d.landmarks,
    agreement: d.agreement,
    simulate,
    evolve,
    predict,
    caveat(p, at = "end") {
      if (at === "end") return null;
      if (p.damping > 0) return DAMPED;
      return p.init === "uninformed" && theoryOf(p).curve.symmetric ? SPARKED : null;
    },
    thresholds(p) {
      const { weakRecovery, algorithmic, informationTheoretic, spinodalLow } = theoryOf(p).thresholds;
      const beside = glm.thresholds?.(sparse(p)) ?? {};
      return {
        weakRecovery,
        algorithmic,
        informationTheoretic,
        spinodalLow,
        sparseAlgorithmic: beside.algorithmic ?? null,
        sparseInformationTheoretic: beside.informationTheoretic ?? null
      };
    }
  };
}

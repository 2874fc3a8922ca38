/**
 * Generalized linear models y ~ P(y | A x) with a rotationally invariant matrix A = U S V^T of any spectrum: expectation propagation
 * (vector AMP) follows its state evolution where AMP, which assumes independent entries, diverges (Rangan, Schniter, Fletcher 2019).
 */
import { gamp, type GampState } from "../algorithms/gamp.ts";
import { expectationPropagation } from "../algorithms/graph/index.ts";
import { type Metrics, metrics } from "../algorithms/metrics.ts";
import * as channels from "../channels/index.ts";
import { ParameterError } from "../core/parameters.ts";
import { defineScenario } from "../core/scenario.ts";
import { makeFromSpec, readSpec } from "../core/specs.ts";
import type { Channel, Ensemble, Frame, Prior, Rng, SimulationEnd, Values, Watch } from "../core/types.ts";
import * as ensembles from "../ensembles/index.ts";
import * as priors from "../priors/index.ts";
import {
  describeFixedPoints,
  equilibrium,
  type FixedPointCurve,
  graphEvolution,
  landscape,
  rotationalCurve,
  type Thresholds,
  thresholdsOf
} from "../theory/index.ts";
import { branching, readout, thresholdsAlong } from "./family/branches.ts";
import { DAMPED, NO_ONSAGER, onsager, SPARKED } from "./family/caveats.ts";
import { beliefDetail, gampDetail } from "./family/detail.ts";
import { branchOf } from "./family/generalizedLinear.ts";
import { thresholdLandmark } from "./family/landmark.ts";
import { type Network, sampleNetwork, theoryGraph } from "./family/network.ts";
import { mse, overlap } from "./family/observables.ts";

const params = {
  prior: { kind: "brick", registry: "prior", default: "gauss-bernoulli:rho=0.1", symbol: "P₀", about: "law of the signal" },
  channel: { kind: "brick", registry: "channel", default: "gaussian:noise=1e-4", symbol: "P(y|z)", about: "law of the observations" },
  ensemble: {
    kind: "brick",
    registry: "ensemble",
    default: "geometric-spectrum:condition-number=100",
    symbol: "A",
    about: "law of the matrix; its mean squared row norm is 1 per unknown"
  },
  alpha: { kind: "real", default: 0.5, min: 1e-3, max: 1e3, symbol: "α", about: "samples per unknown, n/p" },
  size: { kind: "integer", default: 500, min: 10, max: 100_000, symbol: "p", about: "number of unknowns" },
  algorithm: {
    kind: "choice",
    default: "vamp",
    options: ["vamp", "amp"],
    symbol: "algorithm",
    about: "vector AMP (expectation propagation), or AMP, which the theory does not describe unless the entries are independent"
  },
  init: {
    kind: "choice",
    default: "uninformed",
    options: ["uninformed", "spectral", "informed"],
    symbol: "x̂₀",
    about: "start of the algorithm"
  },
  iterations: { kind: "integer", default: 300, min: 1, max: 100_000, symbol: "T", about: "largest number of iterations" },
  damping: {
    kind: "real",
    default: 0,
    min: 0,
    max: 0.99,
    symbol: "δ",
    about: "weight on the old messages, 0 for none; the theory has none"
  },
  onsager: { ...onsager, about: `${onsager.about} (vector AMP has none to leave out)` }
} as const;
type P = Values<typeof params>;
type O = "overlap" | "mse";

function networkOf({ prior, channel, ensemble, alpha }: P): Network {
  const law = makeFromSpec<Prior>(priors, prior, "prior");
  const output = makeFromSpec<Channel>(channels, channel, "channel");
  const weights = makeFromSpec<Ensemble>(ensembles, ensemble, "ensemble");
  if (law.rule === "map")
    throw new ParameterError(
      `rotational-glm: prior ${prior} is an estimator, not the law of a signal; give one such as gauss-bernoulli:rho=0.1`
    );
  for (const [what, spec, scalar] of [
    ["channel", channel, output.scalar],
    ["ensemble", ensemble, weights.scalar]
  ])
    if (scalar !== law.scalar)
      throw new ParameterError(
        `rotational-glm: prior ${prior} is ${law.scalar} but the ${what} ${spec} is ${scalar}; take all real or all complex`
      );
  return { prior: law, weights, hidden: [], output: { ratio: alpha, channel: output, weights } };
}

function branchingOf(net: Network) {
  return branching(theoryGraph(net), { signal: "x", even: net.output.channel.even });
}

interface Theory {
  readonly curve: FixedPointCurve<Prior>;
  readonly thresholds: Thresholds;
}
const theories = new Map<string, Theory | null>();
const KEEP = 64;

/** The fixed-point curve and its thresholds, once for every model; null where the branches of the graph are followed instead. */
function theoryOf(p: P): Theory | null {
  const { prior, output, weights } = networkOf(p);
  const key = JSON.stringify([p.prior, p.channel, p.ensemble]);
  let theory = theories.get(key);
  if (theory === undefined) {
    const curve = rotationalCurve(prior, output.channel, weights);
    theory = curve && { curve, thresholds: thresholdsOf(curve) };
    if (theories.size >= KEEP) theories.delete(theories.keys().next().value as string);
    theories.set(key, theory);
  }
  return theory;
}

const TRANSITIONS = ["weakRecovery", "algorithmic", "informationTheoretic", "spinodalLow"];
const itself = () => rotationalGlm;

export const rotationalGlm = defineScenario({
  id: "rotational-glm",
  title: "Generalized linear model with a rotationally invariant matrix",
  summary:
    "Any prior and channel with a matrix of any spectrum: row-orthogonal, subsampled transforms, ill-conditioned. Vector AMP follows its state evolution where AMP fails; run it with --algorithm amp to see.",
  formulas: [
    String.raw`y \sim P(\cdot \mid A x), \qquad A = U S V^\top, \quad U, V \text{ Haar}`,
    String.raw`v_x = \operatorname{E}_\lambda \frac{1}{a_x + a_z \lambda}, \qquad a_x v_x + \alpha\, a_z v_z = 1`
  ],
  family: "generalized linear models",
  params,
  observables: { overlap, mse },
  thresholdNames: TRANSITIONS,
  references: [
    {
      key: "rangan2019",
      cite: "S. Rangan, P. Schniter, A. K. Fletcher, Vector approximate message passing, IEEE Trans. Inf. Theory 65, 6664 (2019)",
      url: "https://arxiv.org/abs/1610.03082",
      used: "vector AMP and its state evolution"
    },
    {
      key: "schniter2016",
      cite: "P. Schniter, S. Rangan, A. K. Fletcher, Vector approximate message passing for the generalized linear model, Asilomar (2016)",
      url: "https://arxiv.org/abs/1612.01186",
      used: "general channels"
    },
    {
      key: "takeda2006",
      cite: "K. Takeda, S. Uda, Y. Kabashima, Analysis of CDMA systems that are characterized by eigenvalue spectrum, Europhys. Lett. 76, 1193 (2006)",
      url: "https://arxiv.org/abs/cs/0512038",
      used: "replica free entropy with a given spectrum"
    }
  ],
  landmarks: [
    thresholdLandmark(itself, { prior: "gauss-bernoulli:rho=0.2", channel: "gaussian:noise=0", ensemble: "gaussian-iid" }, "algorithmic", {
      name: "Marchenko-Pastur matrix, rho = 0.2: the AMP threshold of compressed-sensing",
      value: 0.355410828,
      tolerance: 1e-8,
      source: "Krzakala et al. 2012; see compressed-sensing"
    }),
    thresholdLandmark(itself, { prior: "gaussian", channel: "abs:noise=0", ensemble: "gaussian-iid" }, "algorithmic", {
      name: "Marchenko-Pastur matrix, modulus: the AMP threshold of phase-retrieval",
      value: 1.12847141,
      tolerance: 1e-8,
      source: "see phase-retrieval"
    })
  ],
  agreement: [
    { at: "every-t", bias: 8, params: { size: 800 } },
    { at: "every-t", bias: 8, params: { size: 800, ensemble: "row-orthogonal", channel: "gaussian:noise=0.01", alpha: 0.4 } },
    {
      at: "end",
      bias: 8,
      params: { size: 800, ensemble: "geometric-spectrum:condition-number=30", channel: "sign", prior: "binary", alpha: 1 }
    },
    {
      at: "end",
      bias: 8,
      params: {
        size: 512,
        ensemble: "partial-fourier",
        channel: "complex-gaussian:noise=0.001",
        prior: "complex-gauss-bernoulli:rho=0.2",
        alpha: 0.5
      }
    }
  ],

  *simulate(p: P, rng: Rng, watch?: Watch): Generator<Frame<O>, SimulationEnd> {
    const net = networkOf(p);
    const { graph, truth, operators, y } = sampleNetwork(net, p.size, rng);
    const { x } = truth;
    const rho = x.reduce((s, c) => s + c * c, 0) / p.size || net.prior.secondMoment;
    const { symmetric } = branchingOf(net);
    const view = (t: number, { raw, aligned }: Metrics): Frame<O> => {
      const best = symmetric ? aligned : raw;
      return { t, overlap: best.overlap / rho, mse: best.mse };
    };
    const { labelScalar } = net.output.channel;
    const seen = ({ phase }: Metrics) => ({ truth: x, y, labelScalar, phase: symmetric ? phase : ([1, 0] as const) });
    if (p.algorithm === "amp") {
      const problem = { operator: operators[0], y, prior: net.prior, channel: net.output.channel };
      const { iterations, damping } = p;
      const init = p.init === "uninformed" && symmetric ? spark(net, p.size, rng.fork("start")) : p.init;
      const run = gamp(problem, { truth: x, init, iterations, damping, onsager: p.onsager === "on", rng: rng.fork("init") });
      for (let step = run.next(); ; step = run.next()) {
        if (step.done) return step.value.outcome;
        const state: GampState = step.value;
        const found = metrics(state.mean, x, net.prior.scalar);
        const detail = watch?.detail ? { detail: gampDetail(state, { ...seen(found), prior: net.prior, matched: true }) } : {};
        yield { ...view(state.t, found), ...detail };
      }
    }
    const init = p.init === "uninformed" ? ("uninformed" as const) : { x: p.init };
    const run = expectationPropagation(graph, { truth, init, iterations: p.iterations, damping: p.damping, rng: rng.fork("init") });
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) return step.value.outcome;
      const found = step.value.variables[0].metrics as Metrics;
      const detail = watch?.detail ? { detail: beliefDetail(graph, step.value, "x", seen(found)) } : {};
      yield { ...view(step.value.t, found), ...detail };
    }
  },

  *evolve(p: P) {
    const net = networkOf(p);
    const b = branchingOf(net);
    const start = p.init === "informed" ? ("informed" as const) : b.symmetric ? b.spark(1 / p.size) : ("uninformed" as const);
    const run = graphEvolution(b.graph, { start, iterations: p.iterations });
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) return step.value;
      yield { t: step.value.t, ...observe(net, readout(b.graph, step.value, "x")) };
    }
  },

  predict(p: P) {
    const theory = theoryOf(p);
    const net = networkOf(p);
    if (!theory) {
      const b = branchingOf(net);
      return b.predict((state) => ({ observables: observe(net, readout(b.graph, state, "x")) }));
    }
    const { curve, thresholds } = theory;
    const e = equilibrium(curve, p.alpha, thresholds);
    const branch = (b: (typeof e)["optimal"]) => branchOf(b, p.alpha, curve, thresholds.weakRecovery, (o) => observe(net, o.V));
    return {
      branches: { algorithmic: branch(e.algorithmic), optimal: branch(e.optimal) },
      phase: e.phase,
      fixedPoints: describeFixedPoints(e, curve.rho)
    };
  },

  thresholds(p: P) {
    const theory = theoryOf(p);
    if (!theory) return thresholdsAlong((alpha) => theoryGraph(networkOf({ ...p, alpha })), "x", TRANSITIONS);
    const { weakRecovery, algorithmic, informationTheoretic, spinodalLow } = theory.thresholds;
    return { weakRecovery, algorithmic, informationTheoretic, spinodalLow };
  },

  caveat(p: P, at = "end") {
    if (p.algorithm === "amp") {
      if (p.onsager === "off") return NO_ONSAGER;
      if (!isIndependent(p.ensemble))
        return `AMP takes the entries of the matrix for independent, which those of ${readSpec(p.ensemble).id} are not: the theory shown is that of vector AMP`;
    }
    if (at === "end") return null;
    if (p.algorithm === "amp")
      return "the theory of the way is that of vector AMP, whose iterations are not those of AMP; both end in the same place";
    if (p.damping > 0) return DAMPED;
    const { symmetric } = branchingOf(networkOf(p));
    if (p.init === "spectral")
      return "the theory of the way starts from a random direction, not from the spectral estimate; both end in the same place";
    return symmetric && p.init === "uninformed" ? SPARKED : null;
  },

  landscape(p: P) {
    const theory = theoryOf(p);
    if (!theory)
      throw new ParameterError(
        "rotational-glm: no landscape here: the overlap alone does not tell the states of this matrix and channel apart; spinodal predict lists the fixed points"
      );
    const drawn = landscape(theory.curve, p.alpha);
    if (drawn.x.length === 0)
      throw new ParameterError(
        `rotational-glm: no landscape here: with alpha = ${p.alpha} and so little noise the data fix the overlap; take a smaller alpha or more noise, such as --alpha 0.5`
      );
    return drawn;
  }
});

/** Centred independent entries of one variance: what AMP is derived for. A Gaussian matrix may be given a mean. */
function isIndependent(ensemble: string): boolean {
  const { id, raw } = readSpec(ensemble);
  return /^(complex-)?(gaussian|binary|ternary)-iid$/.test(id) && Number(raw.mean ?? 0) === 0;
}

function observe({ prior }: Network, v: number) {
  return { overlap: 1 - v / prior.secondMoment, mse: v };
}

/** AMP cannot leave exact zero: a start of squared size 1e-4 rho. */
function spark({ prior }: Network, size: number, rng: Rng) {
  const width = prior.scalar === "complex" ? 2 : 1;
  const mean = new Float64Array(width * size);
  rng.fillNormal(mean, Math.sqrt((1e-4 * prior.secondMoment) / width));
  return { mean, variance: prior.secondMoment };
}

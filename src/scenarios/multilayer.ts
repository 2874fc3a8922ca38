/**
 * Multi-layer inference: a known random network h_l = phi_l(W_l h_(l-1) + noise) is observed at its last layer Y. What can be said of
 * its input and of every hidden layer, and how many nats does Y hold (Manoel et al. 2017; Gabrié et al. 2018)?
 */
import { betheFreeEntropy, type EpState, expectationPropagation } from "../algorithms/graph/index.ts";
import { defineScenario } from "../core/scenario.ts";
import { ParameterError } from "../core/parameters.ts";
import { makeFromSpec } from "../core/specs.ts";
import type { Ensemble, Frame, Observable, Outcome, Prediction, Prior, Rng, SimulationEnd, Values, Watch } from "../core/types.ts";
import * as ensembles from "../ensembles/index.ts";
import { outputEntropy } from "../modules/averages.ts";
import * as priors from "../priors/index.ts";
import { graphEvolution, type GraphState } from "../theory/index.ts";
import { type Branching, branching, readout, type Seen, thresholdsAlong } from "./family/branches.ts";
import { DAMPED, SPARKED } from "./family/caveats.ts";
import { beliefDetail } from "./family/detail.ts";
import { predictionLandmark } from "./family/landmark.ts";
import { readLayers } from "./family/layers.ts";
import { layerNames, type Network, outputChannel, ratiosOf, sampleNetwork, theoryGraph } from "./family/network.ts";
import { mse } from "./family/observables.ts";

const params = {
  prior: { kind: "brick", registry: "prior", default: "gaussian", symbol: "P_X", about: "law of the components of the input" },
  layers: {
    kind: "layers",
    default: "relu:ratio=2,noise=0;linear:ratio=1,noise=0.1",
    symbol: "φ",
    about: "layers from the input on, the last one observed; ratio = n_l/n_(l-1), noise = variance added before the activation"
  },
  alpha: {
    kind: "real",
    default: 1,
    min: 1e-3,
    max: 1e3,
    symbol: "α",
    about: "multiplies the ratio of the last layer: more or fewer observations"
  },
  weights: {
    kind: "choice",
    default: "iid",
    options: ["iid", "orthogonal"],
    symbol: "W",
    about: "weights with independent Gaussian entries, or with orthonormal rows (or columns)"
  },
  size: { kind: "integer", default: 500, min: 4, max: 100_000, symbol: "n₀", about: "number of components of the input" },
  init: {
    kind: "choice",
    default: "uninformed",
    options: ["uninformed", "informed"],
    symbol: "x̂₀",
    about: "start: what the prior says, or the truth"
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
type P = Values<typeof params>;
type O = "mse" | "mseHidden" | "entropy" | "mutualInformation";

const entropy: Observable = {
  symbol: "H(Y)/n₀",
  about: "entropy of the observations in nats per input component (differential where Y is continuous)",
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
};
const mutualInformation: Observable = {
  symbol: "I(h;Y)/n₀",
  about:
    "mutual information of the last hidden layer and Y, in nats per input component (at a fixed point: before it the free entropy bounds nothing)",
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
};

function networkOf({ prior, layers, alpha, weights }: P): Network {
  const stack = readLayers(layers, "multilayer");
  const law = makeFromSpec<Prior>(priors, prior, "prior");
  if (law.rule === "map")
    throw new ParameterError(
      `multilayer: prior ${prior} is an estimator, not the law of a signal; give one such as gaussian or gauss-bernoulli:rho=0.1`
    );
  if (law.scalar === "complex")
    throw new ParameterError(`multilayer: prior ${prior} is complex but the layers are real; give a real one such as gaussian`);
  const ensemble = makeFromSpec<Ensemble>(ensembles, weights === "iid" ? "gaussian-iid" : "row-orthogonal", "ensemble");
  const last = stack[stack.length - 1];
  const channel = outputChannel(last, "multilayer");
  if (channel.deterministic && channel.dimension(1) > 0)
    throw new ParameterError(
      `multilayer: the last layer ${last.spec} must have noise > 0, such as ${last.spec}:noise=1e-6: without it the entropy of Y is infinite`
    );
  return { prior: law, weights: ensemble, hidden: stack.slice(0, -1), output: { ratio: last.ratio * alpha, channel, weights: ensemble } };
}

/** H(Y | h_(L-1)) / n_0: the noise of the last layer, averaged over its input. */
function noiseEntropy(net: Network, tau: number): number {
  const ratios = ratiosOf(net);
  return -ratios[ratios.length - 1] * outputEntropy(net.output.channel, tau, 0);
}

const TRANSITIONS = ["weakRecovery", "algorithmic", "informationTheoretic", "spinodalLow"];

const itself = () => multilayer;

export const multilayer = defineScenario({
  id: "multilayer",
  title: "Multi-layer network",
  summary:
    "A known random network of up to four layers is observed at its output. Message passing infers its input and every hidden layer; the replica theory predicts their errors, the entropy of the output, and where recovery becomes possible and easy.",
  formulas: [
    String.raw`h^{(0)} = x \sim P_X^{n_0}, \qquad h^{(l)} = \varphi_l\big(W^{(l)} h^{(l-1)} + \sqrt{\Delta_l}\,\xi\big), \qquad Y = h^{(L)}`,
    String.raw`H(Y)/n_0 = -\operatorname*{extr}\; \Phi, \qquad I(h^{(L-1)}; Y) = H(Y) - H(Y\,|\,h^{(L-1)})`
  ],
  family: "multi-layer models",
  params,
  observables: {
    mse: { ...mse, about: "mean squared error per component of the input x" },
    mseHidden: {
      ...mse,
      symbol: "MSE(h)",
      about: "mean squared error per component of the last hidden layer (of x itself when there is none)"
    },
    entropy,
    mutualInformation
  },
  theoryPoints: 41,
  thresholdNames: TRANSITIONS,
  references: [
    {
      key: "manoel2017",
      cite: "A. Manoel, F. Krzakala, M. Mézard, L. Zdeborová, Multi-layer generalized linear estimation, IEEE ISIT 2098 (2017)",
      url: "https://arxiv.org/abs/1701.06981",
      used: "the model, multi-layer AMP and its state evolution"
    },
    {
      key: "gabrie2018",
      cite: "M. Gabrié, A. Manoel, C. Luneau, J. Barbier, N. Macris, F. Krzakala, L. Zdeborová, Entropy and mutual information in models of deep neural networks, NeurIPS 31 (2018)",
      url: "https://arxiv.org/abs/1805.09785",
      used: "entropies of layers, rotationally invariant weights"
    },
    {
      key: "fletcher2018",
      cite: "A. K. Fletcher, S. Rangan, P. Schniter, Inference in deep networks in high dimensions, IEEE ISIT (2018)",
      url: "https://arxiv.org/abs/1706.06549",
      used: "vector approximate message passing through the layers"
    }
  ],
  landmarks: [
    predictionLandmark(itself, { layers: "relu:ratio=2,noise=0.1" }, "entropy", {
      name: "one relu layer, ratio 2, noise 0.1: H(Y)/n0",
      value: 1.5888658617,
      tolerance: 1e-9,
      source: "replica formula, adaptive quadrature"
    }),
    predictionLandmark(itself, { layers: "relu:ratio=2,noise=0.1" }, "mutualInformation", {
      name: "one relu layer, ratio 2, noise 0.1: I(X;Y)/n0",
      value: 1.1046688106,
      tolerance: 1e-9,
      source: "replica formula, adaptive quadrature"
    }),
    predictionLandmark(itself, { layers: "relu:ratio=2,noise=0.1" }, "mse", {
      name: "one relu layer, ratio 2, noise 0.1: mse",
      value: 0.164419629,
      tolerance: 1e-9,
      source: "replica formula, adaptive quadrature"
    })
  ],
  agreement: [
    { at: "end", bias: 4, seeds: 10, params: { size: 300 } },
    { at: "every-t", bias: 4, seeds: 10, params: { size: 300 }, observables: ["mse", "mseHidden"] },
    {
      at: "end",
      bias: 4,
      params: {
        size: 300,
        layers: "hard-tanh:ratio=1.5,noise=0.05;relu:ratio=1.2,noise=0;linear:ratio=1,noise=0.02",
        prior: "gauss-bernoulli:rho=0.3"
      }
    },
    { at: "end", bias: 4, params: { size: 300, layers: "sign:ratio=3,noise=0.1", weights: "orthogonal" } }
  ],

  *simulate(p: P, rng: Rng, watch?: Watch): Generator<Frame<O>, SimulationEnd> {
    const net = networkOf(p);
    const { graph, truth, y, sizes } = sampleNetwork(net, p.size, rng);
    const names = layerNames(net);
    const z = truth[`z${names.length}`];
    const logNoise = new Float64Array(y.length);
    net.output.channel.logPartition(Float64Array.of(0), z, y, logNoise);
    const given = -logNoise.reduce((s, l) => s + l, 0) / sizes[0];
    const symmetric = branchingOf(net).symmetric;
    const run = expectationPropagation(graph, { truth, init: p.init, iterations: p.iterations, damping: p.damping, rng: rng.fork("init") });
    let H = given;
    const detailOf = (state: EpState) => {
      const { phase } = state.variables[0].metrics as NonNullable<EpState["variables"][number]["metrics"]>;
      return beliefDetail(graph, state, "x", { truth: truth.x, y, labelScalar: "real", phase: symmetric ? phase : [1, 0] });
    };
    const view = (state: EpState): Frame<O> => {
      const layers = names.map((name) => {
        const { metrics } = state.variables.find((v) => v.name === name) as EpState["variables"][number];
        const { raw, aligned } = metrics as NonNullable<typeof metrics>;
        return (symmetric ? aligned : raw).mse;
      });
      const phi = betheFreeEntropy(graph, state);
      // the Bethe form loses its digits at exact recovery, where a discrete input has its own entropy and no more
      if (phi !== null) H = -phi / sizes[0];
      else if (net.prior.entropy !== null) H = net.prior.entropy + given;
      return {
        t: state.t,
        mse: layers[0],
        mseHidden: layers[layers.length - 1],
        entropy: H,
        mutualInformation: H - given,
        matrices: { mse: [layers] },
        ...(watch?.detail ? { detail: detailOf(state) } : {})
      };
    };
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) return step.value.outcome;
      yield view(step.value);
    }
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    const net = networkOf(p);
    const b = branchingOf(net);
    const start = p.init === "informed" ? ("informed" as const) : b.symmetric ? b.spark(1 / p.size) : ("uninformed" as const);
    const run = graphEvolution(b.graph, { start, iterations: p.iterations });
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) return step.value;
      const { observables, matrices } = observe(net, b, step.value);
      yield { t: step.value.t, ...observables, matrices };
    }
  },

  predict(p: P): Prediction<O> {
    const net = networkOf(p);
    const b = branchingOf(net);
    return b.predict((state) => observe(net, b, state));
  },

  caveat(p: P, at = "end") {
    if (at === "end") return null;
    if (p.damping > 0) return DAMPED;
    return p.init === "uninformed" && branchingOf(networkOf(p)).symmetric ? SPARKED : null;
  },

  thresholds(p: P) {
    const names = layerNames(networkOf(p));
    return thresholdsAlong((alpha) => theoryGraph(networkOf({ ...p, alpha })), names[names.length - 1], TRANSITIONS);
  }
});

function branchingOf(net: Network): Branching {
  const names = layerNames(net);
  const last = names[names.length - 1];
  return branching(theoryGraph(net), { signal: last, even: net.output.channel.even });
}

function observe(net: Network, b: Branching, state: GraphState): Seen<O> & Required<Pick<Seen<O>, "matrices">> {
  const layers = layerNames(net).map((name) => readout(b.graph, state, name));
  const entropy = -b.freeEntropy(state);
  const tau = state.tau[state.tau.length - 1];
  return {
    observables: {
      mse: layers[0],
      mseHidden: layers[layers.length - 1],
      entropy,
      mutualInformation: entropy - noiseEntropy(net, tau)
    },
    matrices: { mse: [layers] }
  };
}

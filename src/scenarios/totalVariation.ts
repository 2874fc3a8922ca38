/**
 * Denoising and deconvolution of piecewise-constant signals and images, y = B x + N(0, noise) with a sparse gradient D x (Rudin, Osher,
 * Fatemi 1992), by expectation propagation between the observations and a belief about the gradient (Manoel et al. 2014).
 */
import { inputResiduals } from "../algorithms/effectiveNoise.ts";
import { type EpBelief, expectationPropagation } from "../algorithms/graph/index.ts";
import { ParameterError } from "../core/parameters.ts";
import { defineScenario } from "../core/scenario.ts";
import type { Detail, Frame, Graph, Observable, Outcome, Rng, SimulationEnd, Values, Vec, Watch } from "../core/types.ts";
import { orthogonal } from "../ensembles/index.ts";
import { chainGraph } from "../models/chain.ts";
import { brentMinimum } from "../numerics/roots.ts";
import { DAMPED } from "./family/caveats.ts";
import { evenlyChosen, imagePicture, type Shown, signalPictures } from "./family/detail.ts";
import { predictionLandmark } from "./family/landmark.ts";
import { mse } from "./family/observables.ts";
import { lastBranch } from "./family/lastBranch.ts";
import { evolution } from "./totalVariation/evolution.ts";
import { type Field, gridField, scrambledLine } from "./totalVariation/field.ts";
import { type Fidelity, fidelityModule } from "./totalVariation/fidelity.ts";
import { estimateOf, jumpLaw, penaltyLeaf, startOf } from "./totalVariation/penalties.ts";
import { drawLine, drawMosaic, drawScrambled } from "./totalVariation/truth.ts";

const params = {
  geometry: {
    kind: "choice",
    default: "signal",
    options: ["signal", "image"],
    symbol: "d",
    about: "a line, or a square image of Voronoi cells"
  },
  noise: {
    kind: "real",
    default: 0.1,
    min: 1e-4,
    max: 100,
    scale: "log",
    symbol: "Δ",
    about: "variance of the noise; a jump has variance 1"
  },
  blur: { kind: "real", default: 0, min: 0, max: 50, symbol: "σ_B", about: "width of the Gaussian blur in samples; 0 is denoising" },
  rho: {
    kind: "real",
    default: 0.05,
    min: 1e-4,
    max: 1,
    symbol: "ρ",
    about: "share of nonzero differences of neighbours (images: at most 0.3)"
  },
  belief: {
    kind: "choice",
    default: "bayes",
    options: ["bayes", "laplace", "anisotropic", "isotropic"],
    symbol: "P(Dx)",
    about:
      "bayes: the true law of the differences (signals); laplace: posterior mean under exp(-λ|Dx|); anisotropic, isotropic (images): its mode, total variation of differences, or of gradients of pixels"
  },
  lambda: {
    kind: "real",
    default: 0,
    min: 0,
    max: 1e3,
    symbol: "λ",
    about: "weight of the total variation, used unless the belief is bayes; 0: the one of least predicted mse"
  },
  basis: {
    kind: "choice",
    default: "cosine",
    options: ["cosine", "random"],
    symbol: "F",
    about: "cosine: differences of neighbours; random: the same spectra in a random basis, for which the theory is exact (signals)"
  },
  size: {
    kind: "integer",
    default: 1000,
    min: 16,
    max: 1_000_000,
    symbol: "n",
    about: "number of samples or pixels (images: the nearest square)"
  },
  iterations: { kind: "integer", default: 300, min: 1, max: 100_000, symbol: "T", about: "largest number of iterations" },
  steps: {
    kind: "choice",
    default: "adaptive",
    options: ["adaptive", "fixed"],
    symbol: "step",
    about: "damping raised and lowered as the run needs it, or fixed"
  },
  damping: {
    kind: "real",
    default: 0,
    min: 0,
    max: 0.99,
    symbol: "δ",
    about: "weight on the old messages when steps are fixed, 0 for none; the theory has none"
  }
} as const;
type P = Values<typeof params>;
type O = "mse" | "psnr";

const psnr: Observable = {
  symbol: "PSNR",
  about: "peak signal-to-noise ratio in decibels, 10 log10(1/mse): the peak is one standard jump",
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
};

/** The random basis is dense: n^2 numbers. */
const MOST_SCRAMBLED = 4000;

function check({ geometry, belief, basis, rho, size }: P): void {
  if (geometry === "signal" && belief === "isotropic")
    throw new ParameterError("total-variation: belief isotropic is for images (a signal has one difference a sample); take anisotropic");
  if (geometry === "image" && belief === "bayes")
    throw new ParameterError(
      "total-variation: belief bayes is for signals: the differences of an image sum to zero around every square, and are not independent; take isotropic, anisotropic or laplace"
    );
  if (geometry === "image" && rho > 0.3)
    throw new ParameterError(
      `total-variation: rho must be at most 0.3 for images, whose cells would be smaller than pixels, got ${rho}; for example 0.1`
    );
  if (basis === "random" && geometry === "image")
    throw new ParameterError(
      "total-variation: basis random is for signals: the two differences of a pixel are not independent; take cosine"
    );
  if (basis === "random" && size > MOST_SCRAMBLED)
    throw new ParameterError(
      `total-variation: basis random is a dense matrix and needs size at most ${MOST_SCRAMBLED}, got ${size}; for example 1000`
    );
}

function shapeOf({ geometry, size }: P): number[] {
  const side = Math.round(Math.sqrt(size));
  return geometry === "image" ? [side, side] : [size];
}

const fieldOf = (p: P): Field => gridField(shapeOf(p), p.blur, p.belief === "isotropic");

/** State evolution with the weight `lambda`. */
function evolutionOf(p: P, field: Field, lambda: number, iterations: number, tolerance?: number) {
  const { noise, rho, belief } = p;
  const [estimate, start] = [estimateOf(belief, rho, lambda), startOf(belief, rho, lambda)];
  return evolution({ field, noise, rho, estimate, start, iterations, ...(tolerance ? { tolerance } : {}) });
}

/** Weights of total variation already tuned, by everything they depend on. */
const tuned = new Map<string, number>();
const KEEP = 64;

/** The weight as given, or that of least mse by state evolution. */
function weightOf(p: P): number {
  if (p.belief === "bayes") return 0;
  if (p.lambda > 0) return p.lambda;
  const { geometry, noise, blur, rho, belief, size } = p;
  const key = JSON.stringify([geometry, noise, blur, rho, belief, size]);
  const known = tuned.get(key);
  if (known !== undefined) return known;
  const field = fieldOf(p);
  const scale = 1 / Math.sqrt(noise);
  const loss = (s: number): number => {
    const run = evolutionOf(p, field, scale * Math.exp(s), 200, 1e-6);
    let last = Number.POSITIVE_INFINITY;
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) return step.value.kind === "diverged" ? 1e3 * rho : last;
      last = step.value.mse;
    }
  };
  const { x } = brentMinimum(loss, Math.log(0.02), Math.log(Math.min(50, 1e3 / scale)), { tolerance: 1e-3 });
  const lambda = scale * Math.exp(x);
  if (tuned.size >= KEEP) tuned.delete(tuned.keys().next().value as string);
  tuned.set(key, lambda);
  return lambda;
}

export interface Instance {
  readonly field: Field;
  readonly truth: Vec;
  readonly y: Vec;
  readonly fidelity: Fidelity;
  /** One variable, the gradient, between the belief and the observations. */
  readonly graph: Graph;
  readonly weight: number;
}

/** Draws a truth and its observations, with the graph that infers it. Throws ParameterError. */
export function sampleInstance(p: P, rng: Rng): Instance {
  check(p);
  const weight = weightOf(p);
  const [n] = shapeOf(p);
  const field = p.basis === "random" ? scrambledLine(n, p.blur, orthogonal.build({}).sample(rng.fork("basis"), n - 1, n - 1)) : fieldOf(p);
  const jumps = jumpLaw(p.rho);
  const draw = rng.fork("x0");
  const truth =
    p.geometry === "image"
      ? drawMosaic(field.shape, p.rho, draw)
      : p.basis === "random"
        ? drawScrambled(field, jumps, draw)
        : drawLine(n, jumps, draw);
  const y = new Float64Array(field.n);
  rng.fork("y").fillNormal(y, Math.sqrt(p.noise));
  const seen = truth.slice();
  field.filter(seen, field.transfer);
  for (let i = 0; i < y.length; i++) y[i] += seen[i];
  const fidelity = fidelityModule(field, p.noise, y);
  return { field, truth, y, fidelity, graph: chainGraph([penaltyLeaf(p.belief, p.rho, weight, field.m), fidelity], ["Dx"]), weight };
}

const see = (error: number) => ({ mse: error, psnr: -10 * Math.log10(Math.max(error, 1e-300)) });

function meanSquare(x: Vec, truth: Vec): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += (x[i] - truth[i]) ** 2;
  return s / x.length;
}

/** Measured at noise 0.1: off by 1 percent at rho = 0.3, 10 at 0.05 (25 at noise 0.01), 50 through a blur of one sample, tenfold of two; 20 to 70 on images. */
const APPROXIMATE =
  "errors of neighbouring differences are correlated, so this theory is approximate; it is exact for basis random or rho = 1";

function approximate(end: Outcome): Outcome {
  return { ...end, advice: end.advice ? `${end.advice}; ${APPROXIMATE}` : APPROXIMATE };
}

const isApproximate = ({ basis, rho }: P): boolean => basis === "cosine" && rho < 1;

function* evolve(p: P, iterations: number, tolerance?: number): Generator<Frame<O>, Outcome> {
  check(p);
  const run = evolutionOf(p, fieldOf(p), weightOf(p), iterations, tolerance);
  for (let step = run.next(); ; step = run.next()) {
    if (step.done) return isApproximate(p) ? approximate(step.value) : step.value;
    yield { t: step.value.t, ...see(step.value.mse) };
  }
}

/** What the belief hears of the gradient has one law only if it is the truth's; the estimate has error bars unless it is a mode. */
function detailOf(p: P, { field, truth, y, fidelity }: Instance, { forward, backward }: EpBelief, x: Vec): Detail {
  const gradient = new Float64Array(field.m);
  field.gradient(truth, gradient);
  const noise = p.belief === "bayes" ? evenlyChosen(inputResiduals({ A: Float64Array.of(backward.a), b: backward.b }, gradient)) : {};
  const posterior = p.belief === "bayes" || p.belief === "laplace";
  const coordinates = p.basis === "random" ? ", in the random basis" : "";
  const shown: readonly Shown[] = [
    { name: `truth${coordinates}`, role: "truth", values: truth },
    { name: `measurements${coordinates}`, role: "measurements", values: y },
    {
      name: `estimate${coordinates}`,
      role: "estimate",
      values: x,
      ...(posterior ? { variance: Float64Array.of(fidelity.variance(forward)) } : {})
    }
  ];
  const { shape } = field;
  return {
    ...noise,
    pictures: shape.length === 2 ? shown.map((s) => imagePicture(s, [shape[0], shape[1]])) : shown.flatMap(signalPictures)
  };
}

const itself = () => totalVariation;

export const totalVariation = defineScenario({
  id: "total-variation",
  title: "Total variation: sparse gradients",
  summary:
    "A piecewise-constant signal or image, noisy and perhaps blurred, is recovered from the sparsity of its gradient. State evolution takes the errors on the gradient for white: exact in a random basis, approximate for differences of neighbours.",
  formulas: [
    String.raw`y = B x + \mathcal N(0, \Delta), \qquad (Dx)_i \sim (1 - \rho)\,\delta_0 + \rho\,\mathcal N(0, 1)`,
    String.raw`v = \frac1m \sum_{k > 0} \frac{\lambda_k}{B_k^2/\Delta + a \lambda_k}, \qquad \lambda_k = 4 \sum_c \sin^2 \frac{\pi k_c}{2 n_c}`
  ],
  family: "sparse gradients",
  params,
  observables: { mse: { ...mse, about: "mean squared error per sample of the signal" }, psnr },
  thresholdNames: [],
  references: [
    {
      key: "rudin1992",
      cite: "L. I. Rudin, S. Osher, E. Fatemi, Nonlinear total variation based noise removal algorithms, Physica D 60, 259 (1992)",
      url: "https://doi.org/10.1016/0167-2789(92)90242-F",
      used: "the penalty"
    },
    {
      key: "louchet2013",
      cite: "C. Louchet, L. Moisan, Posterior expectation of the total variation model, SIAM J. Imaging Sci. 6, 2640 (2013)",
      url: "https://doi.org/10.1137/120902276",
      used: "the posterior mean under exp(-λ|Dx|), belief laplace"
    },
    {
      key: "takahashi2020",
      cite: "T. Takahashi, Y. Kabashima, Macroscopic analysis of vector approximate message passing in a model-mismatched setting, IEEE ISIT (2020)",
      url: "https://arxiv.org/abs/2001.02824",
      used: "state evolution when the belief is not the law of the truth"
    }
  ],
  landmarks: [
    predictionLandmark(
      itself,
      { rho: 1, noise: 0.1, size: 100_000 },
      "mse",
      {
        name: "Gaussian jumps in white noise: mse of the Wiener filter, noise/sqrt(1 + 4 noise)",
        value: 0.0845154254728517,
        tolerance: 1e-6,
        source: "integral of 1/(1/noise + 4 sin^2(omega/2)) over frequencies"
      },
      "algorithmic"
    )
  ],
  // In the cosine basis theory is exact for Gaussian jumps alone; docs and test/scenarios/totalVariation.test.ts say how far off it is elsewhere.
  agreement: [
    { at: "every-t", bias: 1, params: { size: 400, basis: "random", steps: "fixed", rho: 0.3 } },
    { at: "end", bias: 1, params: { size: 400, basis: "random", blur: 1, rho: 0.3 } },
    { at: "end", bias: 1, params: { size: 400, basis: "random", belief: "anisotropic", lambda: 4, rho: 0.2, iterations: 1000 } },
    { at: "end", bias: 1, params: { size: 400, blur: 1.5, rho: 1 } }
  ],

  *simulate(p: P, rng: Rng, watch?: Watch): Generator<Frame<O>, SimulationEnd> {
    const instance = sampleInstance(p, rng);
    const { graph, fidelity, truth, y, weight } = instance;
    const run = expectationPropagation(graph, { iterations: p.iterations, damping: p.steps === "adaptive" ? "adaptive" : p.damping });
    const x = new Float64Array(truth.length);
    fidelity.estimate({ a: 1 / p.rho, b: new Float64Array(graph.variables[0].size) }, x);
    const wiener = meanSquare(x, truth);
    for (let step = run.next(); ; step = run.next()) {
      if (step.done)
        return {
          ...step.value.outcome,
          extra: { mseObserved: meanSquare(y, truth), mseWiener: wiener, ...(weight > 0 ? { lambda: weight } : {}) }
        };
      const [belief]: readonly EpBelief[] = step.value.variables;
      fidelity.estimate(belief.forward, x);
      const error = meanSquare(x, truth);
      yield { t: step.value.t, ...see(error), ...(watch?.detail ? { detail: detailOf(p, instance, belief, x) } : {}) };
    }
  },

  *evolve(p: P) {
    return yield* evolve(p, p.iterations);
  },

  caveat(p: P, at = "end") {
    if (isApproximate(p)) return APPROXIMATE;
    if (at === "end") return null;
    if (p.steps === "fixed") return p.damping > 0 ? DAMPED : null;
    return "the theory of the way has no damping: where adaptive steps damp a run it follows more slowly, to the same end";
  },

  predict(p: P) {
    return { branches: { algorithmic: lastBranch("total-variation", evolve(p, 20_000, 1e-13)) }, phase: null };
  }
});

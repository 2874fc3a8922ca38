/** The LASSO on a sparse signal: least squares with an L1 penalty, given or tuned, beside Bayes-optimal estimation (Donoho, Maleki, Montanari 2011). */
import { make } from "../core/parameters.ts";
import { defineScenario } from "../core/scenario.ts";
import type { Detail, Frame, LinearOperator, Outcome, Rng, SimulationEnd, Values, Vec, Watch } from "../core/types.ts";
import { gaussianIid } from "../ensembles/index.ts";
import { square } from "../losses/index.ts";
import { gaussBernoulli } from "../priors/index.ts";
import { equilibrium, l1Threshold } from "../theory/index.ts";
import {
  elasticSide,
  type LassoSolution,
  lassoSolution,
  makeOutputSide,
  riskEvolution,
  type RiskOrder,
  tunedPenalty
} from "../theory/risk/index.ts";
import type { GampState } from "../algorithms/gamp.ts";
import { convexCaveat, onsager } from "./family/caveats.ts";
import { evenlyChosen, scoreResiduals, signalPictures } from "./family/detail.ts";
import { branchOf } from "./family/generalizedLinear.ts";
import { predictionLandmark, thresholdLandmark } from "./family/landmark.ts";
import { modelsOf, theoryOf } from "./family/models.ts";
import { mse } from "./family/observables.ts";
import { type FrameOf, gampRun, solverRun } from "./family/riskRun.ts";

const LEAST_PENALTY = 1e-6;

const params = {
  rho: { kind: "real", default: 0.2, min: 1e-3, max: 1, symbol: "ρ", about: "share of nonzeros of the signal, each N(0, 1)" },
  alpha: { kind: "real", default: 0.7, min: 1e-2, max: 1e3, symbol: "α", about: "measurements per unknown, n/p" },
  noise: { kind: "real", default: 0.01, min: 0, max: 100, symbol: "Δ", about: "noise variance; 0 is exact" },
  lambda: {
    kind: "real",
    default: 0.1,
    min: LEAST_PENALTY,
    max: 1e3,
    scale: "log",
    symbol: "λ",
    about: "weight of |w|, used unless tuned; the smallest is basis pursuit in effect"
  },
  tune: {
    kind: "choice",
    default: "none",
    options: ["none", "mse"],
    symbol: "λ*",
    about: "none: lambda as given; mse: the one of least predicted mean squared error, in [1e-6, 1e4]"
  },
  algorithm: {
    kind: "choice",
    default: "gamp",
    options: ["gamp", "solver"],
    symbol: "A",
    about: "gamp: convex GAMP (iterative soft thresholding with memory), one frame a sweep; solver: coordinate descent, one frame"
  },
  size: { kind: "integer", default: 1000, min: 10, max: 100_000, symbol: "p", about: "number of unknowns" },
  iterations: { kind: "integer", default: 500, min: 1, max: 100_000, symbol: "T", about: "largest number of GAMP sweeps" },
  damping: {
    kind: "real",
    default: 0,
    min: 0,
    max: 0.99,
    symbol: "δ",
    about: "weight on the old estimate of GAMP, 0 for none; the theory has none"
  },
  onsager: { ...onsager, about: `${onsager.about} (algorithm gamp)` }
} as const;
type P = Values<typeof params>;
type O = "mse" | "sparsity" | "trainingLoss";

/** GAMP starts from zero with the variance at which its first threshold, lambda (1 + V)/alpha, is of the scale of what it sees. */
const startVariance = ({ rho, alpha, noise }: P, lambda: number): number =>
  Math.max(rho, (1.5 * Math.sqrt(alpha * (rho + noise))) / lambda - 1);

/** Penalties already tuned. */
const tuned = new Map<string, number>();
const KEEP = 256;

function lambdaOf({ rho, alpha, noise, lambda, tune }: P): number {
  if (tune === "none") return lambda;
  const key = JSON.stringify([rho, alpha, noise]);
  const known = tuned.get(key);
  if (known !== undefined) return known;
  const best = tunedPenalty((x) => lassoSolution(rho, alpha, noise, x).mse, { least: LEAST_PENALTY, most: 1e4 });
  if (tuned.size >= KEEP) tuned.delete(tuned.keys().next().value as string);
  tuned.set(key, best.lambda);
  return best.lambda;
}

interface Instance {
  readonly operator: LinearOperator;
  readonly truth: Vec;
  readonly y: Vec;
}

/** alpha p measurements of variance 1/p, the signal and its noisy images. */
function sample({ rho, alpha, noise, size }: P, rng: Rng): Instance {
  const rows = Math.max(1, Math.round(alpha * size));
  const operator = make(gaussianIid).sample(rng.fork("A"), rows, size);
  const truth = new Float64Array(size);
  make(gaussBernoulli, { rho }).sample(rng.fork("x0"), truth);
  const y = new Float64Array(rows);
  const xi = new Float64Array(rows);
  operator.apply(truth, y);
  rng.fork("noise").fillNormal(xi, Math.sqrt(noise));
  for (let i = 0; i < rows; i++) y[i] += xi[i];
  return { operator, truth, y };
}

function measure(w: Vec, truth: Vec): Pick<Frame<O>, "mse" | "sparsity"> {
  let error = 0;
  let nonzero = 0;
  for (let i = 0; i < w.length; i++) {
    error += (w[i] - truth[i]) ** 2;
    if (w[i] !== 0) nonzero++;
  }
  return { mse: error / w.length, sparsity: nonzero / w.length };
}

const start = ({ rho, noise }: P): Frame<O> => ({ t: 0, mse: rho, sparsity: 0, trainingLoss: (rho + noise) / 2 });
const view = ({ mse, share, trainingLoss }: LassoSolution) => ({ mse, sparsity: share, trainingLoss });

/** A minimiser has no error bars. */
function detailOf(w: Vec, truth: Vec, y: Vec, state?: GampState): Detail {
  return {
    ...(state ? evenlyChosen(scoreResiduals(state, truth)) : {}),
    pictures: [
      ...signalPictures({ name: "truth", role: "truth", values: truth }),
      ...signalPictures({ name: "measurements", role: "measurements", values: y }),
      ...signalPictures({ name: "estimate", role: "estimate", values: w })
    ]
  };
}

const itself = () => lasso;
const own = "independent solution of the fixed-point equations by adaptive quadrature";

export const lasso = defineScenario({
  id: "lasso",
  title: "LASSO: sparse regression",
  summary:
    "A sparse signal from alpha p noisy projections by least squares with an L1 penalty, given or tuned, beside Bayes-optimal estimation.",
  formulas: [
    String.raw`\hat w = \arg\min_w \tfrac12 |y - A w|^2 + \lambda |w|_1, \qquad y = A w_0 + \sqrt\Delta\,\xi, \quad A_{\mu i} \sim \mathcal N(0, 1/p), \quad w_{0i} \sim (1 - \rho)\,\delta_0 + \rho\,\mathcal N(0, 1)`,
    String.raw`\sigma^2 = \frac{\mathrm{mse} + \Delta}{\alpha}, \qquad \lambda = \theta\,\bigl(\alpha - P(\hat w \ne 0)\bigr), \qquad \hat w = S_\theta(w_0 + \sigma \xi)`
  ],
  family: "learning",
  params,
  observables: {
    mse,
    sparsity: { symbol: "P(ŵ≠0)", about: "share of nonzero weights (Bayes-optimal: its posterior mean, ρ)", range: [0, 1] },
    trainingLoss: {
      symbol: "ℓ_t",
      about: "mean of half the squared residual of a measurement (on the way: of the proximal points of GAMP's last sweep)",
      range: [0, Number.POSITIVE_INFINITY]
    }
  },
  branchNames: { algorithmic: "LASSO", optimal: "Bayes-optimal" },
  thresholdNames: ["l1"],
  references: [
    {
      key: "donoho2011",
      cite: "D. L. Donoho, A. Maleki, A. Montanari, The noise-sensitivity phase transition in compressed sensing, IEEE Trans. Inf. Theory 57, 6920 (2011)",
      url: "https://arxiv.org/abs/1004.1218",
      used: "state evolution of the LASSO, the tuned penalty, the L1 line"
    },
    {
      key: "bayati2012",
      cite: "M. Bayati, A. Montanari, The LASSO risk for Gaussian matrices, IEEE Trans. Inf. Theory 58, 1997 (2012)",
      url: "https://arxiv.org/abs/1008.2581",
      used: "calibration of threshold and penalty, theorem 1.5"
    },
    {
      key: "krzakala2012",
      cite: "F. Krzakala, M. Mézard, F. Sausset, Y. Sun, L. Zdeborová, Phys. Rev. X 2, 021005 (2012)",
      url: "https://doi.org/10.1103/PhysRevX.2.021005",
      used: "the Bayes-optimal error"
    }
  ],
  landmarks: [
    thresholdLandmark(itself, { rho: 0.2, noise: 0 }, "l1", {
      name: "rho = 0.2, noiseless: L1 recovers",
      value: 0.5111296104,
      tolerance: 1e-9,
      source: "Donoho, Maleki, Montanari 2009, minimax soft thresholding"
    }),
    predictionLandmark(
      itself,
      { rho: 0.2, alpha: 0.5, noise: 0.01, lambda: 0.05 },
      "mse",
      { name: "rho = 0.2, alpha = 0.5, noise 0.01, lambda = 0.05", value: 0.037875922669, tolerance: 1e-11, source: own },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { rho: 0.2, alpha: 0.7, noise: 0.01, tune: "mse" },
      "mse",
      { name: "rho = 0.2, alpha = 0.7, noise 0.01, optimal lambda", value: 0.016833855875, tolerance: 1e-11, source: own },
      "algorithmic"
    )
  ],
  agreement: [
    { at: "every-t", bias: 4, params: { lambda: 0.1, alpha: 0.7, size: 600, iterations: 40 } },
    { at: "end", bias: 2, params: { tune: "mse", alpha: 0.5, noise: 0.05, size: 500 } },
    { at: "end", bias: 2, params: { lambda: 0.3, alpha: 1.5, noise: 0.2, rho: 0.4, size: 300, algorithm: "solver" } },
    { at: "end", bias: 1, params: { lambda: 1e-3, alpha: 0.7, noise: 0, size: 500 } }
  ],

  *simulate(p: P, rng: Rng, watch?: Watch): Generator<Frame<O>, SimulationEnd> {
    const lambda = lambdaOf(p);
    const { operator, truth, y } = sample(p, rng);
    const problem = { operator, y, loss: make(square), penalty: { l1: lambda } };
    const frameOf: FrameOf<O> = (w, trainingLoss, state) => ({
      ...measure(w, truth),
      trainingLoss,
      ...(watch?.detail ? { detail: detailOf(w, truth, y, state) } : {})
    });
    const end =
      p.algorithm === "solver"
        ? yield* solverRun(problem, frameOf)
        : yield* gampRun(problem, { ...p, variance: startVariance(p, lambda) }, frameOf);
    return { ...end, extra: { lambda } };
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    const { rho, alpha, noise } = p;
    const lambda = lambdaOf(p);
    yield start(p);
    if (p.algorithm === "solver") {
      const solution = lassoSolution(rho, alpha, noise, lambda);
      yield { t: 1, ...view(solution) };
      return solution.outcome;
    }
    const output = makeOutputSide(make(square), { kind: "linear", noise }, rho);
    let before: RiskOrder = { m: 0, q: 0, V: startVariance(p, lambda) };
    const run = riskEvolution(output, elasticSide(rho, lambda, 0), alpha, before, { iterations: p.iterations });
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) return step.value;
      const { t, ...order } = step.value;
      if (t > 0) {
        const { qHat, VHat } = output(before);
        yield { t, mse: order.mse ?? rho - 2 * order.m + order.q, sparsity: order.V * alpha * VHat, trainingLoss: qHat / 2 };
      }
      before = order;
    }
  },

  predict(p: P) {
    const { rho, alpha, noise } = p;
    const solution = lassoSolution(rho, alpha, noise, lambdaOf(p));
    const { curve, thresholds } = theoryOf(modelsOf("lasso", { prior: `gauss-bernoulli:rho=${rho}`, channel: `gaussian:noise=${noise}` }));
    const point = equilibrium(curve, alpha, thresholds).optimal;
    // y - <z> = (y - omega) noise/(noise + V) on a measurement the student has seen
    const bayes = branchOf(point, alpha, curve, thresholds.weakRecovery, ({ mse: error }) => ({
      mse: error,
      sparsity: rho,
      trainingLoss: noise > 0 ? (noise * noise) / (2 * (noise + error)) : 0
    }));
    return { branches: { algorithmic: { outcome: solution.outcome, observables: view(solution) }, optimal: bayes }, phase: null };
  },

  caveat: convexCaveat,

  // the L1 line is a statement about noiseless recovery
  thresholds: ({ rho, noise }: P) => ({ l1: noise === 0 ? l1Threshold(rho) : null }),

  thresholdsNote: ({ noise }: P) =>
    noise === 0 ? null : "none: the L1 line is a statement about recovery without noise; with noise the error is smooth across it"
});

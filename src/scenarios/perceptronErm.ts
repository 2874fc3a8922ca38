/**
 * Empirical risk minimisation with a sign teacher: a student minimises a convex loss with a ridge penalty on alpha p random patterns
 * (Györgyi and Tishby 1990; Aubin et al. 2020), beside the Bayes-optimal learning curve.
 */
import { gamp } from "../algorithms/gamp.ts";
import { lossChannel, maxMargin, minimiseRisk, penaltyPrior } from "../algorithms/risk/index.ts";
import { outcome } from "../core/outcome.ts";
import { make } from "../core/parameters.ts";
import { defineScenario } from "../core/scenario.ts";
import { canonicalSpec, makeFromSpec } from "../core/specs.ts";
import type { Frame, LinearOperator, Loss, Outcome, Rng, SimulationEnd, Values, Vec } from "../core/types.ts";
import { gaussianIid } from "../ensembles/index.ts";
import * as losses from "../losses/index.ts";
import {
  isSeparable,
  labelErrorAt,
  makeOutputSide,
  perceptronRisk,
  ridgeSide,
  riskEvolution,
  type RiskOrder,
  separableBelow,
  trainingLossAt,
  tunedRidge,
  usedPenalty
} from "../theory/risk/index.ts";
import { predictionLandmark } from "./family/landmark.ts";
import { bayesStudent } from "./perceptronErm/bayes.ts";

const params = {
  loss: {
    kind: "brick",
    default: "logistic",
    registry: "loss",
    symbol: "ℓ",
    about: "loss of a label ±1 and a preactivation: logistic, hinge, square, absolute or huber"
  },
  lambda: {
    kind: "real",
    default: 0.01,
    min: 0,
    max: 1e6,
    symbol: "λ",
    about: "ridge penalty λ|w|²/2, used unless tuned; 0 is the limit of vanishing penalty"
  },
  tune: {
    kind: "choice",
    default: "none",
    options: ["none", "generalization"],
    symbol: "λ*",
    about: "none: lambda as given; generalization: the one of least predicted error, in [1e-11, 1e4]"
  },
  alpha: { kind: "real", default: 3, min: 1e-3, max: 1e4, symbol: "α", about: "patterns per weight, n/p" },
  noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "variance of the noise added before the teacher's sign" },
  algorithm: {
    kind: "choice",
    default: "gamp",
    options: ["gamp", "solver"],
    symbol: "A",
    about: "gamp: convex GAMP, one frame a sweep; solver: Newton, coordinate ascent or max-margin, one frame, independent of GAMP"
  },
  size: { kind: "integer", default: 1000, min: 10, max: 100_000, symbol: "p", about: "number of weights" },
  iterations: { kind: "integer", default: 500, min: 1, max: 100_000, symbol: "T", about: "largest number of GAMP sweeps" },
  damping: {
    kind: "real",
    default: 0,
    min: 0,
    max: 0.99,
    symbol: "δ",
    about: "weight on the old estimate of GAMP, 0 for none; the theory has none"
  }
} as const;
type P = Values<typeof params>;
type O = "generalizationError" | "trainingLoss" | "overlap" | "norm";

/** Variance GAMP starts from: within reach of the hinge's kink at zero weights, and large where the penalty, and so the curvature, is small. */
const startVariance = (ridge: number): number => 2 + (ridge > 0 ? 0.1 / ridge : 0);

const lossOf = (p: P): Loss => makeFromSpec<Loss>(losses, p.loss, "loss");

/** Penalties already tuned, by everything they depend on. */
const tuned = new Map<string, number>();
const KEEP = 256;

/** lambda as given, or tuned. */
function lambdaOf(p: P): number {
  if (p.tune === "none") return p.lambda;
  const key = JSON.stringify([canonicalSpec(losses, p.loss, "loss"), p.noise, p.alpha]);
  const known = tuned.get(key);
  if (known !== undefined) return known;
  const { lambda } = tunedRidge(lossOf(p), p.noise, p.alpha);
  if (tuned.size >= KEEP) tuned.delete(tuned.keys().next().value as string);
  tuned.set(key, lambda);
  return lambda;
}

function lossAtZero(loss: Loss): number {
  const out = new Float64Array(1);
  loss.value(Float64Array.of(1), Float64Array.of(0), out);
  return out[0];
}

const start = (loss: Loss): Frame<O> => ({ t: 0, generalizationError: 0.5, trainingLoss: lossAtZero(loss), overlap: 0, norm: 0 });

/** A teacher of |w0|^2 = p: the theory's rho = 1 without fluctuations. */
function drawTeacher(rng: Rng, size: number): Vec {
  const w0 = new Float64Array(size);
  rng.fillNormal(w0);
  const length = Math.sqrt(w0.reduce((s, x) => s + x * x, 0) / size);
  return w0.map((x) => x / length);
}

export interface ErmInstance {
  readonly operator: LinearOperator;
  readonly teacher: Vec;
  readonly y: Vec;
}

/** alpha p patterns of variance 1/p and their labels. */
export function sampleErm(p: Pick<P, "alpha" | "size" | "noise">, rng: Rng): ErmInstance {
  const rows = Math.max(1, Math.round(p.alpha * p.size));
  const operator = make(gaussianIid).sample(rng.fork("X"), rows, p.size);
  const teacher = drawTeacher(rng.fork("w0"), p.size);
  const y = new Float64Array(rows);
  const noise = new Float64Array(rows);
  operator.apply(teacher, y);
  rng.fork("noise").fillNormal(noise, Math.sqrt(p.noise));
  for (let i = 0; i < rows; i++) y[i] = y[i] + noise[i] < 0 ? -1 : 1;
  return { operator, teacher, y };
}

function measure(w: Vec, teacher: Vec, noise: number): Pick<Frame<O>, "generalizationError" | "overlap" | "norm"> {
  const n = w.length;
  let m = 0;
  let q = 0;
  for (let i = 0; i < n; i++) {
    m += w[i] * teacher[i];
    q += w[i] * w[i];
  }
  // |w - (w.w0/p) w0|^2/p, summed as such: it is the gap q - m^2 with its digits
  let gap = 0;
  for (let i = 0; i < n; i++) gap += (w[i] - (m / n) * teacher[i]) ** 2;
  return {
    generalizationError: labelErrorAt({ kind: "sign", noise }, 1, { m: m / n, q: q / n, V: 0, gap: gap / n }),
    overlap: m / n,
    norm: q / n
  };
}

function* byGamp(p: P, loss: Loss, lambda: number, { operator, teacher, y }: ErmInstance): Generator<Frame<O>, SimulationEnd> {
  const ridge = usedPenalty(loss, p.noise, p.alpha, lambda);
  const run = gamp(
    { operator, y, channel: lossChannel(loss), prior: penaltyPrior({ ridge }) },
    {
      iterations: p.iterations,
      damping: p.damping,
      tolerance: 1e-8,
      init: { mean: new Float64Array(p.size), variance: startVariance(ridge) }
    }
  );
  const z = new Float64Array(y.length);
  const values = new Float64Array(y.length);
  for (let step = run.next(); ; step = run.next()) {
    if (step.done) {
      const end = step.value.outcome;
      const extra = { lambda };
      if (lambda === 0 && loss.smooth && loss.labels === "signs" && end.kind !== "converged" && isSeparable(p.alpha, p.noise)) {
        const advice = "the labels are separable, and without a penalty the weights grow for ever: no minimiser exists; take lambda > 0";
        return { ...outcome("diverged", end.residual, end.iterations, { advice }), extra };
      }
      return { ...end, extra };
    }
    const { t, mean, omega, V, g } = step.value;
    if (t === 0) {
      yield start(loss);
      continue;
    }
    for (let i = 0; i < z.length; i++) z[i] = omega[i] + V[0] * g[i];
    loss.value(y, z, values);
    yield { t, ...measure(mean, teacher, p.noise), trainingLoss: values.reduce((s, x) => s + x, 0) / values.length };
  }
}

function* bySolver(p: P, loss: Loss, lambda: number, { operator, teacher, y }: ErmInstance): Generator<Frame<O>, SimulationEnd> {
  yield start(loss);
  const ridge = usedPenalty(loss, p.noise, p.alpha, lambda);
  const extra = { lambda };
  if (lambda === 0 && !loss.smooth && loss.labels === "signs" && ridge > 0) {
    const kink = loss.breaks(0, 1).at(-1) ?? 1; // y z from which the loss is zero
    const { w, outcome: end } = maxMargin(operator, y);
    yield {
      t: 1,
      ...measure(
        w.map((x) => kink * x),
        teacher,
        p.noise
      ),
      trainingLoss: 0
    };
    return { ...end, extra };
  }
  const { w, trainingLoss, outcome: end } = minimiseRisk({ operator, y, loss, penalty: { ridge } });
  yield { t: 1, ...measure(w, teacher, p.noise), trainingLoss };
  return { ...end, extra };
}

const view = (order: RiskOrder, noise: number): Pick<Frame<O>, "generalizationError" | "overlap" | "norm"> => ({
  generalizationError: labelErrorAt({ kind: "sign", noise }, 1, order),
  overlap: order.m,
  norm: order.q
});

const itself = () => perceptronErm;
const own = "independent solution of the fixed-point equations";

export const perceptronErm = defineScenario({
  id: "perceptron-erm",
  title: "Perceptron: empirical risk minimisation",
  summary:
    "Ridge, logistic regression and support vector machines learn the labels of a perceptron: error, training loss and norm from the replica equations of the proximal operator, beside the Bayes-optimal student.",
  formulas: [
    String.raw`\hat w = \arg\min_w \sum_{\mu=1}^{\alpha p} \ell(y_\mu, x_\mu \cdot w) + \frac{\lambda}{2} |w|^2, \qquad y_\mu = \mathrm{sign}(x_\mu \cdot w_0 + \sqrt\Delta\,\xi_\mu), \quad x_{\mu i} \sim \mathcal N(0, 1/p)`,
    String.raw`V = \frac{1}{\lambda + \hat V}, \quad m = \hat m V, \quad q = (\hat m^2 + \hat q) V^2, \qquad \epsilon_g = \frac1\pi \arccos \frac{m}{\sqrt{(1 + \Delta)\, q}}`,
    String.raw`\hat V = \alpha\,\mathbb E\,\frac{1 - \partial_\omega \eta}{V}, \quad \hat q = \alpha\,\mathbb E \Bigl(\frac{\eta - \omega}{V}\Bigr)^2, \quad \hat m = \alpha\,\mathbb E\,\partial_{z_0} \frac{\eta - \omega}{V}, \qquad \eta = \arg\min_z \ell(y, z) + \frac{(z - \omega)^2}{2V}`
  ],
  family: "learning",
  params,
  observables: {
    generalizationError: { symbol: "ε_g", about: "chance of a wrong label on a new pattern, its noise included", range: [0, 1] },
    trainingLoss: {
      symbol: "ℓ_t",
      about: "mean loss of a training pattern, the penalty left out (on the way: of the proximal points of GAMP's last sweep)",
      range: [0, Number.POSITIVE_INFINITY]
    },
    overlap: { symbol: "m", about: "w·w₀/p, the teacher having |w₀|² = p", range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] },
    norm: { symbol: "q", about: "|w|²/p", range: [0, Number.POSITIVE_INFINITY] }
  },
  thresholdNames: ["separability"],
  references: [
    {
      key: "aubin2020",
      cite: "B. Aubin, F. Krzakala, Y. M. Lu, L. Zdeborová, Generalization error in high-dimensional perceptrons: approaching Bayes error with convex optimization, NeurIPS (2020)",
      url: "https://arxiv.org/abs/2006.06560",
      used: "fixed-point equations with proximal operators, optimal ridge, large-alpha laws"
    },
    {
      key: "candes2020",
      cite: "E. J. Candès, P. Sur, The phase transition for the existence of the maximum likelihood estimate in high-dimensional logistic regression, Ann. Statist. 48, 27 (2020)",
      url: "https://arxiv.org/abs/1804.09753",
      used: "where separable labels leave no maximum-likelihood estimate"
    },
    {
      key: "montanari2019",
      cite: "A. Montanari, F. Ruan, Y. Sohn, J. Yan, The generalization error of max-margin linear classifiers (2019)",
      url: "https://arxiv.org/abs/1911.01544",
      used: "margin and error of the max-margin classifier"
    },
    {
      key: "opper1991",
      cite: "M. Opper, D. Haussler, Phys. Rev. Lett. 66, 2677 (1991)",
      url: "https://doi.org/10.1103/PhysRevLett.66.2677",
      used: "the Bayes-optimal error"
    }
  ],
  landmarks: [
    predictionLandmark(
      itself,
      { loss: "square", lambda: 1 },
      "generalizationError",
      { name: "ridge regression, lambda = 1, alpha = 3", value: 0.1509641594, tolerance: 1e-10, source: own },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { loss: "square", tune: "generalization" },
      "generalizationError",
      {
        name: "optimal ridge (lambda = pi/2 - 1), alpha = 3",
        value: 0.1497962193,
        tolerance: 1e-10,
        source: `Aubin et al. 2020; ${own}`
      },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { lambda: 0.01 },
      "generalizationError",
      { name: "logistic regression, lambda = 0.01, alpha = 3", value: 0.1299144994, tolerance: 1e-10, source: own },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { tune: "generalization" },
      "generalizationError",
      { name: "logistic regression, optimal lambda, alpha = 3", value: 0.1299096612, tolerance: 1e-10, source: own },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { loss: "hinge", lambda: 0 },
      "generalizationError",
      { name: "max-margin, alpha = 3", value: 0.14283564, tolerance: 1e-10, source: own },
      "algorithmic"
    ),
    predictionLandmark(itself, {}, "generalizationError", {
      name: "Bayes-optimal student, alpha = 3",
      value: 0.1298548261,
      tolerance: 1e-10,
      source: `Opper and Haussler 1991; ${own}`
    }),
    predictionLandmark(
      itself,
      { loss: "hinge", lambda: 0, alpha: 1e4 },
      "generalizationError",
      {
        name: "max-margin, large alpha: 0.50049/alpha",
        value: 0.50049e-4,
        tolerance: 1e-9,
        source: "Aubin et al. 2020 (0.500/alpha); digits from an independent solution"
      },
      "algorithmic"
    )
  ],
  agreement: [
    { at: "every-t", bias: 8, params: { loss: "logistic", lambda: 0.1, alpha: 3, size: 400, iterations: 60 } },
    { at: "end", bias: 8, params: { loss: "hinge", lambda: 0.1, alpha: 2, noise: 0.5, size: 300, iterations: 1000 } },
    { at: "end", bias: 8, params: { loss: "square", tune: "generalization", alpha: 2, size: 300, algorithm: "solver" } },
    { at: "end", bias: 8, params: { loss: "huber", lambda: 0.3, alpha: 3, noise: 0.3, size: 300, algorithm: "solver" } }
  ],

  *simulate(p: P, rng: Rng): Generator<Frame<O>, SimulationEnd> {
    const loss = lossOf(p);
    const lambda = lambdaOf(p);
    const instance = sampleErm(p, rng);
    return yield* p.algorithm === "solver" ? bySolver(p, loss, lambda, instance) : byGamp(p, loss, lambda, instance);
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    const { noise, alpha } = p;
    const loss = lossOf(p);
    const lambda = lambdaOf(p);
    yield start(loss);
    if (p.algorithm === "solver") {
      const { order, trainingLoss, outcome: end } = perceptronRisk(loss, noise, alpha, lambda);
      yield { t: 1, ...view(order, noise), trainingLoss };
      return end;
    }
    const labels = { kind: "sign", noise } as const;
    const ridge = usedPenalty(loss, noise, alpha, lambda);
    let before: RiskOrder = { m: 0, q: 0, V: startVariance(ridge) };
    const run = riskEvolution(makeOutputSide(loss, labels, 1), ridgeSide(1, ridge), alpha, before, { iterations: p.iterations });
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) return step.value;
      const { t, ...order } = step.value;
      if (t > 0) yield { t, ...view(order, noise), trainingLoss: trainingLossAt(loss, labels, 1, before) };
      before = order;
    }
  },

  predict(p: P) {
    const { noise, alpha } = p;
    const loss = lossOf(p);
    const { order, trainingLoss, outcome: end } = perceptronRisk(loss, noise, alpha, lambdaOf(p));
    const bayes = bayesStudent("perceptron-erm", loss, noise, alpha);
    return {
      branches: {
        algorithmic: { outcome: end, observables: { ...view(order, noise), trainingLoss } },
        optimal: {
          outcome: bayes.outcome,
          observables: { generalizationError: bayes.error, trainingLoss: bayes.trainingLoss, overlap: bayes.q, norm: bayes.q }
        }
      },
      phase: null
    };
  },

  thresholds: (p: P) => ({ separability: separableBelow(p.noise) }),

  thresholdsNote: (p: P) =>
    p.noise > 0 ? null : "none: the labels of a noiseless teacher are separable at every alpha; noise > 0 makes the threshold finite"
});

/**
 * The committee machine: labels sign(sum_l sign z_l) of a teacher with a few hidden units, learned by a student of the same make.
 * With little data the student knows only the sum of the units; past the specialisation transition it tells them apart. With Gaussian
 * weights that transition is continuous for two units and, with three, first-order with a hard phase, which grows without bound for many.
 */
import { alignUnits, committeeAmp, type CommitteeOptions, type CommitteeState, labelErrorMeter } from "../algorithms/committee/index.ts";
import { committeeSign } from "../channels/committee/index.ts";
import { outcome } from "../core/outcome.ts";
import { make } from "../core/parameters.ts";
import { defineScenario } from "../core/scenario.ts";
import type { Branch, Detail, Frame, LinearOperator, Outcome, Rng, SimulationEnd, Values, Vec, VectorPrior, Watch } from "../core/types.ts";
import { gaussianIid } from "../ensembles/index.ts";
import { binaryRow, gaussianRow } from "../priors/several/index.ts";
import { type CommitteeBranch, committeeTheory } from "../theory/committee/index.ts";
import { DAMPED } from "./family/caveats.ts";
import { evenlyChosen } from "./family/detail.ts";
import { predictionLandmark, thresholdLandmark } from "./family/landmark.ts";

const params = {
  prior: {
    kind: "choice",
    default: "gaussian",
    options: ["gaussian", "binary"],
    symbol: "P₀",
    about: "law of the teacher's weights: N(0, 1) or ±1"
  },
  hidden: {
    kind: "integer",
    default: 2,
    min: 1,
    max: 3,
    symbol: "K",
    about: "hidden units of teacher and student; committee-large is the limit of many"
  },
  alpha: { kind: "real", default: 3, min: 1e-2, max: 100, symbol: "α", about: "samples per weight of a unit, n/p" },
  size: { kind: "integer", default: 1000, min: 10, max: 100_000, symbol: "p", about: "number of inputs" },
  init: {
    kind: "choice",
    default: "uninformed",
    options: ["uninformed", "planted", "informed"],
    symbol: "ŵ₀",
    about: "start: a tiny random difference between the units, given overlaps with the truth, or the truth"
  },
  initialPlus: { kind: "real", default: 0.3, min: 0, max: 1, symbol: "λ₊⁰", about: "overlap of the sum of the units in a planted start" },
  initialMinus: { kind: "real", default: 0.1, min: 0, max: 1, symbol: "λ₋⁰", about: "overlap of their differences in a planted start" },
  iterations: { kind: "integer", default: 300, min: 1, max: 100_000, symbol: "T", about: "largest number of AMP iterations" },
  damping: {
    kind: "real",
    default: 0.3,
    min: 0,
    max: 0.99,
    symbol: "δ",
    about:
      "weight on the old estimate, 0 for none; without it up to half of the instances of 300 to 1000 inputs swing for ever; the theory has none"
  }
} as const;
type P = Values<typeof params>;
type O = "overlapPlus" | "overlapMinus" | "squaredError" | "misclassification";

const theoryOf = ({ prior, hidden }: P) => committeeTheory({ prior, units: hidden });
const rowsOf = ({ prior, hidden }: P): VectorPrior => (prior === "gaussian" ? gaussianRow(hidden) : binaryRow(hidden));

/** Q of the theory: eigenvalue `plus` on the sum of the units, `minus` on their differences. */
const overlapMatrix = (plus: number, minus: number, K: number) =>
  Array.from({ length: K }, (_, l) => Array.from({ length: K }, (_, k) => (l === k ? minus : 0) + (plus - minus) / K));

function startOf({ init, initialPlus, initialMinus }: P): NonNullable<CommitteeOptions["init"]> {
  return init === "planted" ? { plus: initialPlus, minus: initialMinus } : init;
}

export interface CommitteeInstance {
  readonly operator: LinearOperator;
  readonly y: Vec;
  /** One Vec a unit. */
  readonly truth: readonly Vec[];
}

/** Draws inputs X ~ N(0, 1/p), teacher weights and labels. */
export function sampleCommittee(p: P, rng: Rng): CommitteeInstance {
  const { hidden: K, size, alpha } = p;
  const rows = Math.max(1, Math.round(alpha * size));
  const operator = make(gaussianIid).sample(rng.fork("W"), rows, size);
  const w = new Float64Array(K * size);
  rowsOf(p).sample(rng.fork("x0"), w);
  const truth = Array.from({ length: K }, (_, l) => Float64Array.from({ length: size }, (_, i) => w[i * K + l]));
  const z = new Float64Array(K * rows);
  const one = new Float64Array(rows);
  for (let l = 0; l < K; l++) {
    operator.apply(truth[l], one);
    for (let mu = 0; mu < rows; mu++) z[mu * K + l] = one[mu];
  }
  const y = new Float64Array(rows);
  committeeSign(K).sample(rng.fork("y"), z, y);
  return { operator, y, truth };
}

/** Rows b = A w + N(0, A) of the units, made white by the Cholesky factor of A; `order` says which estimated unit is which true one. */
function detailOf({ A, b }: CommitteeState, truth: readonly Vec[], order: readonly number[]): Detail {
  const K = truth.length;
  const L = new Float64Array(K * K);
  for (let l = 0; l < K; l++)
    for (let k = 0; k <= l; k++) {
      let rest = A[l * K + k];
      for (let j = 0; j < k; j++) rest -= L[l * K + j] * L[k * K + j];
      if (k === l && !(rest > 0)) return {};
      L[l * K + k] = k === l ? Math.sqrt(rest) : rest / L[k * K + k];
    }
  const teacher = new Array<Vec>(K);
  order.forEach((estimated, l) => {
    teacher[estimated] = truth[l];
  });
  const size = truth[0].length;
  const residuals = new Float64Array(K * size);
  for (let i = 0; i < size; i++)
    for (let l = 0; l < K; l++) {
      let rest = b[l][i];
      for (let k = 0; k < K; k++) rest -= A[l * K + k] * teacher[k][i];
      for (let k = 0; k < l; k++) rest -= L[l * K + k] * residuals[i * K + k];
      residuals[i * K + l] = rest / L[l * K + l];
    }
  return evenlyChosen(residuals);
}

const itself = () => committee;

export const committee = defineScenario({
  id: "committee",
  title: "Committee machine",
  summary:
    "A student with a few hidden sign units learns a teacher of the same make from its majority votes. Below the specialisation transition it learns only the sum of the units, above it tells them apart; binary weights, and three units of any weights, have a hard phase.",
  formulas: [
    String.raw`y_\mu = \mathrm{sign}\Big[\sum_{l=1}^K \mathrm{sign}\Big(\sum_i X_{\mu i} w_{il}\Big)\Big], \quad X_{\mu i} \sim \mathcal N(0, 1/p), \quad \mu = 1 \ldots \alpha p`,
    String.raw`Q = \tfrac1p \hat w^{\mathsf T} w = q_d I + \tfrac{q_a}{K} 1 1^{\mathsf T}, \qquad \lambda_- = q_d, \quad \lambda_+ = q_d + q_a`,
    String.raw`R = 2 \alpha \nabla \Psi_{\rm out}(Q), \quad Q = 2 \nabla \Psi_w(R), \qquad \Phi = \Psi_w(R) + \alpha \Psi_{\rm out}(Q) - \tfrac12 \mathrm{tr}\, R Q`
  ],
  family: "committee machines",
  params,
  observables: {
    // first: the order parameter of the transition
    overlapMinus: { symbol: "λ₋", about: "overlap of the units' differences, q_d: positive when specialised", range: [0, 1] },
    overlapPlus: { symbol: "λ₊", about: "overlap of the sum of the units with the teacher's, q_d + q_a", range: [0, 1] },
    squaredError: { symbol: "E(Y−⟨Y⟩)²", about: "squared error of the mean label believed, on a new pattern", range: [0, 1] },
    misclassification: { symbol: "ε", about: "chance that the label believed most probable is wrong", range: [0, 1] }
  },
  theoryPoints: 41,
  thresholdNames: ["specialization", "algorithmic", "informationTheoretic"],
  // binary weights are learned exactly or not, Gaussian ones told apart or not
  phases: ["impossible", "hard", "easy", "unspecialised", "specialised"],
  references: [
    {
      key: "aubin2018",
      cite: "B. Aubin, A. Maillard, J. Barbier, F. Krzakala, N. Macris, L. Zdeborová, The committee machine: computational to statistical gaps in learning a two-layers neural network, NeurIPS (2018)",
      url: "https://arxiv.org/abs/1806.05451",
      used: "replica formula, AMP (algorithm 1), state evolution and the transitions at K = 2"
    },
    {
      key: "schwarze1993",
      cite: "H. Schwarze, Learning a rule in a multilayer neural network, J. Phys. A 26, 5781 (1993)",
      url: "https://doi.org/10.1088/0305-4470/26/21/017",
      used: "the fully connected committee and its specialisation transition"
    },
    {
      key: "monasson1995",
      cite: "R. Monasson, R. Zecchina, Weight space structure and internal representations: a direct approach to learning and generalization in multilayer neural networks, Phys. Rev. Lett. 75, 2432 (1995); erratum 76, 2205 (1996)",
      url: "https://doi.org/10.1103/PhysRevLett.75.2432",
      used: "learning transitions of multi-layer networks from the geometry of weight space"
    }
  ],
  landmarks: [
    thresholdLandmark(itself, { prior: "gaussian" }, "specialization", {
      name: "Gaussian weights, K = 2: specialisation",
      value: 2.0523824,
      tolerance: 1e-6,
      source: "2.04 in Aubin et al. 2018, by iterating; digits from the linear stability of the unspecialised state"
    }),
    thresholdLandmark(itself, { prior: "binary" }, "informationTheoretic", {
      name: "binary weights, K = 2: perfect learning possible",
      value: 1.5460914,
      tolerance: 1e-6,
      source: "1.54 in Aubin et al. 2018; digits from an independent solution"
    }),
    thresholdLandmark(itself, { prior: "binary" }, "specialization", {
      name: "binary weights, K = 2: specialisation",
      value: 1.5893225,
      tolerance: 1e-6,
      source: "1.59 in Aubin et al. 2018; digits from an independent solution"
    }),
    thresholdLandmark(itself, { prior: "binary" }, "algorithmic", {
      name: "binary weights, K = 2: AMP learns perfectly",
      value: 1.9770621,
      tolerance: 1e-6,
      source: "1.98 in Aubin et al. 2018; digits from an independent solution"
    }),
    predictionLandmark(itself, { alpha: 3 }, "overlapMinus", {
      name: "Gaussian weights, K = 2, alpha = 3: overlap of the differences",
      value: 0.4914539,
      tolerance: 1e-6,
      source: "independent solution of the state evolution of Aubin et al. 2018"
    }),
    predictionLandmark(itself, { alpha: 3 }, "squaredError", {
      name: "Gaussian weights, K = 2, alpha = 3: squared error of the label",
      value: 0.2219248,
      tolerance: 1e-6,
      source: "independent solution; Aubin et al. 2018 print half of it"
    })
  ],
  // Close to the algorithmic threshold a small binary instance may never leave the plateau (at alpha 2.2, 2 of 16 with p = 400, none of 8 with 2000).
  agreement: [
    { at: "every-t", bias: 6, params: { prior: "gaussian", alpha: 1.5, damping: 0, init: "planted", size: 500, iterations: 12 } },
    { at: "end", bias: 6, params: { prior: "binary", alpha: 2.6, init: "planted", initialMinus: 0.3, damping: 0.3, size: 500 } }
  ],

  *simulate(p: P, rng: Rng, watch?: Watch): Generator<Frame<O>, SimulationEnd> {
    const { hidden, iterations, damping } = p;
    const { operator, y, truth } = sampleCommittee(p, rng);
    const channel = committeeSign(hidden);
    const errors = labelErrorMeter(channel);
    const run = committeeAmp(
      { operator, y, prior: rowsOf(p), channel },
      { init: startOf(p), truth, iterations, damping, rng: rng.fork("init") }
    );
    for (;;) {
      const step = run.next();
      const state = step.done ? step.value.state : step.value;
      const { mean, covariance, t } = state;
      const { plus, minus, rawMinus, Q, order } = alignUnits(mean, truth);
      if (step.done) return { ...step.value.outcome, extra: { rawOverlapMinus: rawMinus } };
      yield {
        t,
        overlapPlus: plus,
        overlapMinus: minus,
        ...errors(mean, covariance, truth),
        matrices: { Q },
        ...(watch?.detail ? { detail: detailOf(state, truth, order) } : {})
      };
    }
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    const theory = theoryOf(p);
    const { alpha, size, hidden, init, initialPlus, initialMinus, iterations } = p;
    const start =
      init === "planted"
        ? { lambdaPlus: initialPlus, lambdaMinus: initialMinus }
        : init === "informed"
          ? { lambdaPlus: 1 - 1e-6, lambdaMinus: 1 - 1e-6 }
          : { lambdaPlus: 0, lambdaMinus: 1 / size }; // the squared overlap of a random start, which AMP has to amplify
    const run = theory.evolve(alpha, start, iterations);
    for (;;) {
      const step = run.next();
      if (step.done) return step.value;
      const { lambdaPlus, lambdaMinus } = step.value.order;
      yield {
        t: step.value.t,
        ...theory.observablesAt(step.value.order),
        matrices: { Q: overlapMatrix(lambdaPlus, lambdaMinus, hidden) }
      };
    }
  },

  predict(p: P) {
    const theory = theoryOf(p);
    const { algorithmic, optimal, phase, fixedPoints } = theory.predict(p.alpha);
    const branch = ({ order, freeEntropy, outcome: end }: CommitteeBranch): Branch<O> => ({
      outcome: outcome(end.kind, end.residual, end.iterations, end.advice ? { advice: end.advice } : {}),
      observables: theory.observablesAt(order),
      freeEntropy,
      matrices: { Q: overlapMatrix(order.lambdaPlus, order.lambdaMinus, p.hidden) }
    });
    return {
      branches: { algorithmic: branch(algorithmic), optimal: branch(optimal) },
      phase,
      fixedPoints: fixedPoints.map(({ order, freeEntropy, stable }) => ({
        order: { overlapPlus: order.lambdaPlus, overlapMinus: order.lambdaMinus },
        freeEntropy,
        stable
      }))
    };
  },

  caveat({ damping, init, hidden }: P, at = "end") {
    if (at === "end") return null;
    if (damping > 0) return DAMPED;
    return init === "uninformed" && hidden > 1
      ? "a run tells its units apart at a time that its own random start sets, the theory at that of a typical start: trajectories differ by shifts in time"
      : null;
  },

  thresholds: ({ prior, hidden }: P) => {
    const { specialization, algorithmic, informationTheoretic } = committeeTheory({ prior, units: hidden }).thresholds();
    return { specialization, algorithmic, informationTheoretic };
  }
});

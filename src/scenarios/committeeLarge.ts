/**
 * The committee machine of many hidden units, y = sign(sum_l sign z_l), n = alpha K p (Schwarze 1993; Aubin et al. 2018): a state in which the
 * units are told apart exists from a spinodal on and is optimal past a transition, but no uninformed algorithm finds it at any alpha.
 *
 * What the simulation is. A real committee of K voting units labels Gaussian patterns; message passing for many units
 * (algorithms/committee/largeCommitteeAmp.ts) infers the weights; the label error is counted on fresh patterns with the true committee's labels.
 * Theory is the limit of many inputs, then many units. Here both grow together, K = size/inputsPerUnit. Two choices bring finite K next to it, and neither touches what is being measured:
 *   - the student is given the sum of the units on every input, which n = O(K p) samples teach up to O(1/K) anyway (theory: lambda_+ = 1).
 *     Learning it costs O(p) samples, so at K = 9 it would shift chi by several percent;
 *   - n = alpha (K - 1) p: alpha counts samples per weight that is left to learn.
 * What is left of finite K is that the sum of K signs is not Gaussian, and arcsin(q + (1-q)/K) in place of arcsin(q): an O(1/K) bias. Measured:
 * the label error of K units is below the limit by 0.12/K when unspecialised and 0.18/K at q_d = 0.9; the overlap by up to +0.3/K above it.
 * "Stable at every alpha" means alpha much smaller than K: the unspecialised state of K units gives way near alpha = K (n = K^2 p samples), seen
 * at K = 7, alpha = 9 (overlap 0.04) and K = 9, alpha = 20 (0.13 to 0.15), still far below the specialised state.
 * The student takes the votes for Gaussian, so that at finite K it is not exactly Bayes and its overlap with the truth may pass 1 a little.
 */
import { type LargeCommitteeState, largeCommitteeAmp, multiplyUnits } from "../algorithms/committee/largeCommitteeAmp.ts";
import { ParameterError } from "../core/parameters.ts";
import { defineScenario } from "../core/scenario.ts";
import type { Frame, Outcome, Rng, SimulationEnd, Values, Vec } from "../core/types.ts";
import { erf } from "../numerics/special/index.ts";
import { type LargeOrder, largeCommitteeTheory, largeLabelError } from "../theory/committee/index.ts";
import { predictionLandmark, thresholdLandmark } from "./family/landmark.ts";

const params = {
  prior: {
    kind: "choice",
    default: "gaussian",
    options: ["gaussian", "binary"],
    symbol: "P₀",
    about: "law of the teacher's weights: N(0, 1) or ±1"
  },
  alpha: {
    kind: "real",
    default: 9,
    min: 0.01,
    max: 10_000,
    symbol: "α",
    about: "samples per weight, n/(K p)"
  },
  initialOverlap: {
    kind: "real",
    default: 0,
    min: 0,
    max: 0.999,
    symbol: "q₀",
    about: "overlap of the first estimate with each unit, beyond that of their sum; 0: uninformed"
  },
  inputsPerUnit: {
    kind: "integer",
    default: 24,
    min: 1,
    max: 1000,
    symbol: "p/K",
    about:
      "inputs per hidden unit of the simulation, whose K is the odd number next to size/inputsPerUnit, at least 3; theory is for K infinite"
  },
  size: { kind: "integer", default: 200, min: 10, max: 10_000, symbol: "p", about: "inputs; the simulation draws α(K−1)p patterns" },
  iterations: { kind: "integer", default: 60, min: 1, max: 100_000, symbol: "T", about: "largest number of iterations" }
} as const;
type P = Values<typeof params>;
type O = "overlap" | "generalizationError";

/** Entries of the patterns: 800 MB. */
const MOST = 1e8;
/** Fresh patterns on which labels are counted. */
const FRESH = 2000;
/** Size of the random differences between units that an uninformed start is given: without them all units stay equal. */
const SPARK = 0.01;

/** Odd, so that no vote is a tie. */
const unitsOf = ({ size, inputsPerUnit }: P): number => Math.max(3, 2 * Math.round((size / inputsPerUnit - 1) / 2) + 1);

function check(p: P): void {
  const K = unitsOf(p);
  if (p.alpha * (K - 1) * p.size ** 2 <= MOST) return;
  const size = Math.max(10, Math.floor(0.9 * Math.sqrt(MOST / (8 * p.alpha)))); // fits with nine units
  throw new ParameterError(
    `committee-large: size must keep the patterns, alpha (K - 1) size^2 numbers, below ${MOST}, got ${p.size} with K = ${K}; for example size ${size} and inputs-per-unit ${Math.ceil(size / 9)}`
  );
}

const see = (o: LargeOrder): Record<O, number> => ({ overlap: o.q, generalizationError: largeLabelError(o) });

/** sign(sum_l f(z_l)) of every pattern, unit fastest. */
function votes(z: Vec, K: number, f: (x: number) => number): Int8Array {
  const y = new Int8Array(z.length / K);
  for (let mu = 0; mu < y.length; mu++) {
    let sum = 0;
    for (let l = 0; l < K; l++) sum += f(z[mu * K + l]);
    y[mu] = sum > 0 ? 1 : -1;
  }
  return y;
}

/** Overlap of the differences of the estimated units with those of the true ones, the units paired greedily, in units of the true square. */
function overlapOfDifferences(mean: Vec, truth: Vec, sums: Vec, K: number): number {
  const C = new Float64Array(K * K);
  let whole = 0;
  for (let i = 0; i < sums.length; i++)
    for (let l = 0; l < K; l++) {
      const a = mean[i * K + l] - sums[i] / K;
      whole += (truth[i * K + l] - sums[i] / K) ** 2;
      for (let k = 0; k < K; k++) C[l * K + k] += a * (truth[i * K + k] - sums[i] / K);
    }
  const pairs = Array.from(C, (c, index) => ({ c, l: Math.floor(index / K), k: index % K })).sort((x, y) => y.c - x.c);
  const [usedRow, usedColumn] = [new Set<number>(), new Set<number>()];
  let total = 0;
  for (const { c, l, k } of pairs) {
    if (usedRow.has(l) || usedColumn.has(k)) continue;
    usedRow.add(l);
    usedColumn.add(k);
    total += c;
  }
  return total / whole;
}

/** Weights (p x K) with the sum of every row. */
function drawWeights({ prior, size }: P, K: number, rng: Rng): { readonly w: Vec; readonly sums: Vec } {
  const w = new Float64Array(size * K);
  if (prior === "gaussian") rng.fillNormal(w);
  else {
    rng.fillUniform(w);
    for (let k = 0; k < w.length; k++) w[k] = w[k] < 0.5 ? -1 : 1;
  }
  const sums = Float64Array.from({ length: size }, (_, i) => {
    let s = 0;
    for (let l = 0; l < K; l++) s += w[i * K + l];
    return s;
  });
  return { w, sums };
}

/** q0 of the truth and noise that makes it a Bayes estimate, both without their part along the sum; the sum itself as given. */
function startingMean(q0: number, { w, sums }: { readonly w: Vec; readonly sums: Vec }, K: number, rng: Rng): Vec {
  const mean = new Float64Array(w.length);
  rng.fillNormal(mean, q0 > 0 ? Math.sqrt(q0 * (1 - q0)) : SPARK);
  for (let i = 0; i < sums.length; i++) {
    let noise = 0;
    for (let l = 0; l < K; l++) noise += mean[i * K + l] / K;
    for (let l = 0; l < K; l++) {
      const k = i * K + l;
      mean[k] += sums[i] / K - noise + q0 * (w[k] - sums[i] / K);
    }
  }
  return mean;
}

const itself = () => committeeLarge;

export const committeeLarge = defineScenario({
  id: "committee-large",
  title: "Committee machine of many units",
  summary:
    "A committee of many sign units, n = alpha K p samples. Telling the units apart pays from a first-order transition on, yet the state in which all look alike stays stable at every alpha: a gap no uninformed algorithm crosses.",
  formulas: [
    String.raw`y_\mu = \mathrm{sign}\Big[\sum_{l=1}^K \mathrm{sign}\Big(\sum_i X_{\mu i} w_{il}\Big)\Big], \quad X_{\mu i} \sim \mathcal N(0, 1/p), \quad \mu = 1 \ldots \alpha K p`,
    String.raw`\chi = \tfrac2\pi (1 - q_d + \arcsin q_d), \qquad \varepsilon_g = \tfrac1\pi \arccos \sqrt\chi`,
    String.raw`r = \alpha J_{\rm sign}(\chi)\, \chi'(q_d), \quad q_d = 2 \Psi_w'(r), \qquad \Phi = \Psi_w(r) + \alpha \Psi_{\rm sign}(\chi) - \tfrac12 r q_d`
  ],
  family: "committee machines",
  params,
  observables: {
    overlap: {
      symbol: "q_d",
      about: "overlap of a unit with the teacher's, beyond that of the sum: positive when specialised",
      range: [0, 1]
    },
    generalizationError: { symbol: "ε_g", about: "chance of a wrong label on a new pattern, Bayes-optimal guess", range: [0, 1] }
  },
  thresholdNames: ["spinodal", "informationTheoretic", "algorithmic"],
  references: [
    {
      key: "schwarze1993",
      cite: "H. Schwarze, Learning a rule in a multilayer neural network, J. Phys. A 26, 5781 (1993)",
      url: "https://doi.org/10.1088/0305-4470/26/21/017",
      used: "the first-order transition of the fully connected committee with many units"
    },
    {
      key: "aubin2018",
      cite: "B. Aubin, A. Maillard, J. Barbier, F. Krzakala, N. Macris, L. Zdeborová, The committee machine: computational to statistical gaps in learning a two-layers neural network, NeurIPS (2018)",
      url: "https://arxiv.org/abs/1806.05451",
      used: "the limit of many units: free entropy, state evolution, the gap"
    }
  ],
  landmarks: [
    thresholdLandmark(itself, {}, "spinodal", {
      name: "Gaussian weights: the specialised state appears",
      value: 7.1692393,
      tolerance: 1e-6,
      source: "7.17 in Aubin et al. 2018; digits from an independent solution"
    }),
    thresholdLandmark(itself, {}, "informationTheoretic", {
      name: "Gaussian weights: the specialised state becomes optimal",
      value: 7.6802213,
      tolerance: 1e-6,
      source: "7.65 in print (Aubin et al. 2018), off by 0.4 percent; an independent solution of the same equations"
    }),
    predictionLandmark(
      itself,
      {},
      "generalizationError",
      {
        name: "label error of the unspecialised state, arccos(sqrt(2/pi))/pi",
        value: 0.20595241678357137,
        tolerance: 1e-12,
        source: "chi = 2/pi at q_d = 0"
      },
      "algorithmic"
    )
  ],
  agreement: [
    { at: "every-t", bias: 1.5, params: { alpha: 4, size: 60, inputsPerUnit: 7, iterations: 10 } },
    { at: "every-t", bias: 1.5, params: { alpha: 9, initialOverlap: 0.95, size: 60, inputsPerUnit: 7, iterations: 8 } },
    { at: "end", bias: 1.5, params: { prior: "binary", alpha: 4, initialOverlap: 0.97, size: 60, inputsPerUnit: 7 } }
  ],

  *simulate(p: P, rng: Rng): Generator<Frame<O>, SimulationEnd> {
    check(p);
    const K = unitsOf(p);
    const { size, alpha, prior, iterations, initialOverlap } = p;
    const n = Math.max(1, Math.round(alpha * (K - 1) * size));
    const teacher = drawWeights(p, K, rng.fork("x0"));
    const patterns = (count: number, label: string): Vec => {
      const X = new Float64Array(count * size);
      rng.fork(label).fillNormal(X, 1 / Math.sqrt(size));
      return X;
    };
    const X = patterns(n, "W");
    const z = new Float64Array(n * K);
    multiplyUnits(X, teacher.w, z, n, size, K, false);
    const y = Float64Array.from(votes(z, K, Math.sign));
    const fresh = patterns(FRESH, "fresh");
    const seen = new Float64Array(FRESH * K);
    multiplyUnits(fresh, teacher.w, seen, FRESH, size, K, false);
    const labels = votes(seen, K, Math.sign);

    const measure = ({ t, mean, v }: LargeCommitteeState): Frame<O> => {
      multiplyUnits(fresh, mean, seen, FRESH, size, K, false);
      // the most probable label is the sign of the mean vote
      const width = Math.sqrt(2 * Math.max(v * (1 - 1 / K), 1e-30));
      const guess = votes(seen, K, (x) => erf(x / width));
      let wrong = 0;
      for (let mu = 0; mu < FRESH; mu++) if (guess[mu] !== labels[mu]) wrong++;
      return { t, overlap: overlapOfDifferences(mean, teacher.w, teacher.sums, K), generalizationError: wrong / FRESH };
    };
    const start = { mean: startingMean(initialOverlap, teacher, K, rng.fork("start")), v: 1 - initialOverlap };
    const run = largeCommitteeAmp({ X, y, units: K, sums: teacher.sums, prior }, { iterations, start });
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) return step.value;
      yield measure(step.value);
    }
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    const run = largeCommitteeTheory(p.prior).evolve(p.alpha, p.initialOverlap, p.iterations);
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) return step.value;
      yield { t: step.value.t, ...see(step.value.order) };
    }
  },

  predict(p: P) {
    const { algorithmic, optimal, phase, fixedPoints } = largeCommitteeTheory(p.prior).predict(p.alpha, p.initialOverlap);
    const branch = ({ outcome, order, freeEntropy }: typeof algorithmic) => ({ outcome, observables: see(order), freeEntropy });
    return {
      branches: { algorithmic: branch(algorithmic), optimal: branch(optimal) },
      phase,
      fixedPoints: fixedPoints.map(({ order, freeEntropy, stable }) => ({
        order: { overlap: order.q, variance: order.V },
        freeEntropy,
        stable
      }))
    };
  },

  thresholds: (p: P) => ({ ...largeCommitteeTheory(p.prior).thresholds() }),

  thresholdsNote: (p: P) =>
    `algorithmic: none, the unspecialised state is stable at every alpha of order K${p.prior === "binary" ? "; spinodal: none, exact learning is a stable state at every alpha" : ""}`
});

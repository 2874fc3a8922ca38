/** One number seen through Gaussian noise: what the best estimate is, and what a student with another prior or another noise in mind makes of it. */
import { outcome } from "../core/outcome.ts";
import { ParameterError } from "../core/parameters.ts";
import { defineScenario } from "../core/scenario.ts";
import { makeFromSpec } from "../core/specs.ts";
import type { Detail, Frame, Outcome, Prior, Rng, SimulationEnd, Values, Vec, Watch } from "../core/types.ts";
import * as priors from "../priors/index.ts";
import { priorBlock, scalarEstimate } from "../theory/index.ts";
import { evenlyChosen, signalPictures } from "./family/detail.ts";
import { predictionLandmark } from "./family/landmark.ts";
import { mse } from "./family/observables.ts";

const params = {
  prior: { kind: "brick", registry: "prior", default: "binary", symbol: "P₀", about: "law of the signal" },
  studentPrior: {
    kind: "brick",
    registry: "prior",
    default: "",
    optional: true,
    symbol: "P",
    about: "the prior of the student, when it is not the law of the signal"
  },
  noise: { kind: "real", default: 0.5, min: 1e-6, max: 1e6, scale: "log", symbol: "Δ", about: "variance of the noise" },
  noiseRatio: {
    kind: "real",
    default: 1,
    min: 1e-3,
    max: 1e3,
    scale: "log",
    symbol: "Δ′/Δ",
    about: "the variance that the student takes the noise to have, in units of the true one"
  },
  size: { kind: "integer", default: 10_000, min: 10, max: 1_000_000, symbol: "n", about: "number of components, each observed once" }
} as const;
type P = Values<typeof params>;
type O = "mse" | "overlap" | "selfOverlap" | "variance";

interface Two {
  readonly teacher: Prior;
  readonly student: Prior;
  readonly matched: boolean;
}

function priorsOf({ prior, studentPrior, noiseRatio }: P): Two {
  const teacher = makeFromSpec<Prior>(priors, prior, "prior");
  if (teacher.rule === "map")
    throw new ParameterError(
      `scalar-denoising: prior ${prior} is an estimator, not the law of a signal; give it as student-prior, with a prior such as gauss-bernoulli:rho=0.1`
    );
  if (studentPrior === "") return { teacher, student: teacher, matched: noiseRatio === 1 };
  const student = makeFromSpec<Prior>(priors, studentPrior, "prior");
  if (student.scalar !== teacher.scalar)
    throw new ParameterError(
      `scalar-denoising: prior ${prior} is ${teacher.scalar} but the student-prior ${studentPrior} is ${student.scalar}; take both real or both complex`
    );
  return { teacher, student, matched: false };
}

/** Before the observation the estimate is the mean of the prior. */
function blind({ teacher, student }: Two): Frame<O> {
  const [q, m] = [student.mean ** 2, student.mean * teacher.mean];
  return { t: 0, mse: teacher.secondMoment - 2 * m + q, overlap: m, selfOverlap: q, variance: student.secondMoment - q };
}

/** b = y/assumed, and the precision ascribed to it. */
const messageOf = ({ noise, noiseRatio }: P) => {
  const a = 1 / (noise * noiseRatio);
  return { a, mHat: a, qHat: a / noiseRatio };
};

function seeing(p: P, { teacher, student }: Two) {
  const { m, q, V, mse: error } = scalarEstimate(teacher, student, messageOf(p));
  return { mse: error, overlap: m, selfOverlap: q, variance: V };
}

const told = (): Outcome => outcome("converged", 0, 1);

/** Components are independent: means over runs have no bias, but averages of constants are rounded. */
const ROUNDING = 1e-9;

const itself = () => scalarDenoising;

export const scalarDenoising = defineScenario({
  id: "scalar-denoising",
  title: "Scalar denoising: Bayes and Nishimori",
  summary:
    "Every component of a signal is seen once through Gaussian noise. With the true prior and noise in mind the overlap with the truth is the estimate's own, m = q, and the variance believed is the error made; with any other the two come apart.",
  formulas: [
    String.raw`y = x_0 + \sqrt{\Delta}\,\xi, \qquad \hat x(y) = \frac{\int dP(x)\, x\, e^{-(y - x)^2/2\Delta'}}{\int dP(x)\, e^{-(y - x)^2/2\Delta'}}, \qquad x_0 \sim P_0`,
    String.raw`m = \mathbb{E}\, x_0 \hat x, \quad q = \mathbb{E}\, \hat x^2, \quad \mathrm{mse} = \rho - 2 m + q; \qquad P = P_0,\ \Delta' = \Delta: \quad m = q, \quad V = \mathrm{mse} = \rho - q`
  ],
  family: "scalar estimation",
  params,
  observables: {
    mse,
    overlap: {
      symbol: "m",
      about: "overlap of estimate and truth, E x0 xhat",
      range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    },
    selfOverlap: { symbol: "q", about: "E xhat²; equal to m on the Nishimori line", range: [0, Number.POSITIVE_INFINITY] },
    variance: { symbol: "V", about: "posterior variance that the student believes in", range: [0, Number.POSITIVE_INFINITY] }
  },
  along: "noise",
  branchNames: { algorithmic: "student", optimal: "Bayes-optimal" },
  thresholdNames: [],
  time: { symbol: "t", about: "0: knowing the prior alone; 1: having seen the observation" },
  references: [
    {
      key: "nishimori2001",
      cite: "H. Nishimori, Statistical Physics of Spin Glasses and Information Processing, Oxford University Press (2001)",
      url: "https://doi.org/10.1093/acprof:oso/9780198509417.001.0001",
      used: "the line of matched parameters, on which the truth is one more sample of the posterior (chapters 4 to 6)"
    },
    {
      key: "zdeborova2016",
      cite: "L. Zdeborová, F. Krzakala, Statistical physics of inference: thresholds and algorithms, Adv. Phys. 65, 453 (2016)",
      url: "https://arxiv.org/abs/1511.02476",
      used: "Bayes-optimal denoising and the Nishimori conditions (section I)"
    },
    {
      key: "guo2005",
      cite: "D. Guo, S. Shamai, S. Verdú, Mutual information and minimum mean-square error in Gaussian channels, IEEE Trans. Inf. Theory 51, 1261 (2005)",
      url: "https://doi.org/10.1109/TIT.2005.844072",
      used: "the mmse as a function of the precision of the observation"
    }
  ],
  landmarks: [
    predictionLandmark(itself, { prior: "binary", noise: 1 }, "mse", {
      name: "±1 in noise of variance 1: mmse",
      value: 0.4495995092066728,
      tolerance: 1e-14,
      source: "mpmath, 30 digits: 1 - quad(lambda z: npdf(z)*tanh(1 + z), linspace(-16, 16, 33))"
    }),
    predictionLandmark(itself, { prior: "gaussian", noise: 0.5 }, "mse", {
      name: "N(0, 1) in noise of variance 1/2: mmse",
      value: 1 / 3,
      tolerance: 1e-15,
      source: "Δ/(1 + Δ)"
    }),
    predictionLandmark(
      itself,
      { prior: "gaussian", noise: 0.5, noiseRatio: 4 },
      "mse",
      {
        name: "N(0, 1) in noise of variance 1/2, taken for 2: mse",
        value: 0.5,
        tolerance: 1e-15,
        source: "(Δ′² + Δ)/(1 + Δ′)²"
      },
      "algorithmic"
    )
  ],
  agreement: [
    { at: "every-t", bias: ROUNDING, params: { prior: "binary", noise: 1, size: 2000 } },
    { at: "every-t", bias: ROUNDING, params: { prior: "gauss-bernoulli:rho=0.2", noise: 0.1, noiseRatio: 3, size: 2000 } },
    { at: "every-t", bias: ROUNDING, params: { prior: "laplace", studentPrior: "gaussian:variance=0.5", noise: 0.5, size: 2000 } },
    { at: "every-t", bias: ROUNDING, params: { prior: "gauss-bernoulli:rho=0.2", studentPrior: "l1:rate=2", noise: 0.2, size: 2000 } },
    { at: "every-t", bias: ROUNDING, params: { prior: "complex-gauss-bernoulli:rho=0.3", noise: 0.2, noiseRatio: 0.5, size: 2000 } }
  ],

  *simulate(p: P, rng: Rng, watch?: Watch): Generator<Frame<O>, SimulationEnd> {
    const two = priorsOf(p);
    const { teacher, student } = two;
    const width = teacher.scalar === "complex" ? 2 : 1;
    const truth = new Float64Array(width * p.size);
    const y = new Float64Array(width * p.size);
    teacher.sample(rng.fork("x0"), truth);
    rng.fork("noise").fillNormal(y, Math.sqrt(p.noise / width));
    for (let i = 0; i < y.length; i++) y[i] += truth[i];
    const mean = new Float64Array(y.length).fill(student.mean);
    const variance = new Float64Array(p.size).fill(student.secondMoment - student.mean ** 2);
    const frame = (t: number): Frame<O> => {
      const sums = { mse: 0, overlap: 0, selfOverlap: 0 };
      for (let i = 0; i < y.length; i++) {
        sums.mse += (truth[i] - mean[i]) ** 2;
        sums.overlap += truth[i] * mean[i];
        sums.selfOverlap += mean[i] * mean[i];
      }
      let V = 0;
      for (const v of variance) V += v;
      const n = p.size;
      const detail = watch?.detail ? { detail: detailOf(p, two, truth, y, mean, variance) } : {};
      return { t, mse: sums.mse / n, overlap: sums.overlap / n, selfOverlap: sums.selfOverlap / n, variance: V / n, ...detail };
    };
    yield frame(0);
    const { a } = messageOf(p);
    student.posterior(
      Float64Array.of(a),
      y.map((x) => a * x),
      mean,
      variance
    );
    yield frame(1);
    return told();
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    const two = priorsOf(p);
    yield blind(two);
    yield { t: 1, ...seeing(p, two) };
    return told();
  },

  predict(p: P) {
    const two = priorsOf(p);
    const { teacher, matched } = two;
    const { psi } = priorBlock(teacher, 1 / p.noise);
    const optimal = { outcome: told(), observables: seeing({ ...p, noiseRatio: 1 }, { ...two, student: teacher }), freeEntropy: psi };
    return { branches: { algorithmic: matched ? optimal : { outcome: told(), observables: seeing(p, two) }, optimal }, phase: null };
  }
});

function detailOf({ noise }: P, { teacher, student }: Two, truth: Vec, y: Vec, mean: Vec, variance: Vec): Detail {
  const { scalar } = teacher;
  const unit = Math.sqrt(noise / (scalar === "complex" ? 2 : 1));
  return {
    ...evenlyChosen(y.map((x, i) => (x - truth[i]) / unit)),
    pictures: [
      ...signalPictures({ name: "truth", role: "truth", values: truth, scalar }),
      ...signalPictures({ name: "observed", role: "measurements", values: y, scalar }),
      ...signalPictures({ name: "estimate", role: "estimate", values: mean, scalar, ...(student.rule === "bayes" ? { variance } : {}) })
    ]
  };
}

/**
 * Width and learning rate of online SGD that scale with the input dimension: which of learning and noise survives, on which time
 * scale, and how low the risk gets (Veiga, Stephan, Loureiro, Krzakala, Zdeborová 2022).
 */
import { onlineSgd, studentError, weightsWithOverlaps } from "../algorithms/sgd/index.ts";
import { outcome } from "../core/outcome.ts";
import { parse } from "../core/parameters.ts";
import { defineScenario } from "../core/scenario.ts";
import type { Frame, Outcome, Overlaps, Prediction, Rng, SimulationEnd } from "../core/types.ts";
import { type ScalingRegion, scalingModel } from "../theory/sgd/scaling.ts";
import { sgdOde, sgdSystem } from "../theory/sgd/index.ts";
import { rememberLast } from "./family/rememberLast.ts";
import { lastBranch } from "./family/lastBranch.ts";
import { framesOf, type OverlapFrame, STEPS } from "./onlineSgd/framesOf.ts";
import {
  asymptoticRisk,
  checkRun,
  type P,
  params,
  REPRESENTATIVES,
  type Setting,
  samplesOf,
  settingOf,
  startOf,
  WIDEST
} from "./sgdScaling/setting.ts";

type O = "risk" | "learningWeight" | "noiseWeight";

const PHASES = ["no ODE", "noise dominated", "perfect learning"] as const;
/** The classical line between the last two is none of them. */
const phaseOf: Readonly<Record<ScalingRegion, string | null>> = {
  "no-ode": PHASES[0],
  "noise-dominated": PHASES[1],
  plateau: null,
  "perfect-learning": PHASES[2]
};

/** Frames at tau = samples dt, exact where the times given are rounded. */
function* named(frames: Generator<OverlapFrame, Outcome>, samples: readonly number[], { regime }: Setting): Generator<Frame<O>, Outcome> {
  for (let k = 0; ; k++) {
    const step = frames.next();
    if (step.done) return step.value;
    const { error, matrices } = step.value;
    const { learning: learningWeight, spread: noiseWeight } = regime;
    yield { t: samples[k] * regime.timeStep, risk: error, learningWeight, noiseWeight, matrices };
  }
}

/** Wide students are represented by a few: the outcome says so. */
const equations = rememberLast(function* (p: P): Generator<Frame<O>, Outcome> {
  const s = settingOf(p);
  return judged(yield* theory(p, s, startOf(p, representatives(s))), s);
});

function theory(p: P, s: Setting, start: Overlaps): Generator<Frame<O>, Outcome> {
  const model = scalingModel(s.scaling, "finite", start);
  const system = sgdSystem(model, start);
  const samples = samplesOf(p, s);
  const states = sgdOde(
    model,
    start,
    samples.map((n) => n * s.regime.timeStep),
    STEPS
  );
  return named(
    framesOf(states, (overlaps) => system.generalizationError(system.pack(overlaps))),
    samples,
    s
  );
}

const representatives = ({ students }: Setting): number => (students > WIDEST ? REPRESENTATIVES : students);

/** Why equations of a limit do not hold. */
function unlike(s: Setting): string | null {
  return s.regime.region === "no-ode"
    ? `kappa + delta = ${s.regime.exponent.toPrecision(3)} is at or below -1/2, where no equation describes runs as d grows; take delta above ${(-0.5 - s.scaling.width).toPrecision(3)}`
    : s.students > WIDEST
      ? `${s.students} students are represented by ${REPRESENTATIVES}; take a smaller kappa, width or size for all of them`
      : null;
}

/** What they give is then no good news. */
function judged(ended: Outcome, s: Setting): Outcome {
  if (ended.kind !== "completed") return ended;
  const advice = unlike(s);
  return advice ? outcome("horizon", ended.residual, ended.iterations, { advice }) : ended;
}

/** The risk at a long time over its leading order. */
function finalRatio(): number {
  const p = parse({ id: "sgd-scaling", params }, { delta: 1, noise: 1, time: 2000 });
  const s = settingOf(p);
  const start = startOf(p, s.students);
  let risk = 0;
  for (const frame of theory(p, s, start)) risk = frame.risk;
  return risk / asymptoticRisk(start, s);
}

export const sgdScaling = defineScenario({
  id: "sgd-scaling",
  title: "Width against learning rate in online SGD",
  summary:
    "A student of p = p₀ d^κ erf units learns a teacher of k units at rate γ = γ₀ d^-δ. The sum θ = κ + δ decides: both terms of the classical equations on the line θ = 0, learning without noise above it, noise alone below it, and no equations at all from θ = -1/2 down. A smaller rate lowers the final risk and costs samples in proportion.",
  formulas: [
    String.raw`\hat f(x) = \frac1p \sum_{j=1}^p g(\lambda_j), \qquad f^*(x) = \frac1k \sum_{r=1}^k g(\lambda^*_r), \qquad y = f^*(x) + \sqrt\Delta\,\zeta, \qquad p = p_0\, d^\kappa, \quad \gamma = \gamma_0\, d^{-\delta}`,
    String.raw`\mathcal{E}_j = g'(\lambda_j)\,(y - \hat f(x)), \qquad \mathrm{d}q_{jl} = \frac{\gamma}{pd}\,(\mathcal{E}_j \lambda_l + \mathcal{E}_l \lambda_j) + \frac{\gamma^2}{p^2 d}\, \mathcal{E}_j \mathcal{E}_l, \qquad \mathrm{d}m_{jr} = \frac{\gamma}{pd}\, \mathcal{E}_j \lambda^*_r`,
    String.raw`\theta = \kappa + \delta, \qquad \delta t = \max\big(d^{-(1+\theta)}, d^{-(1+2\theta)}\big), \qquad \tau = \nu\, \delta t, \qquad \mathcal{R}_\infty \simeq \frac{\Delta\, \gamma/p}{2\pi\sqrt3} \quad (\theta > 0)`
  ],
  family: "learning",
  params,
  observables: {
    risk: {
      symbol: "R",
      about: "half the mean squared difference between student and teacher on fresh inputs, label noise left out",
      range: [0, Number.POSITIVE_INFINITY]
    },
    learningWeight: {
      symbol: "γ/(p d δt)",
      about: "factor of the learning term of the equations at this size",
      range: [0, Number.POSITIVE_INFINITY]
    },
    noiseWeight: {
      symbol: "γ²/(p² d δt)",
      about: "factor of the noise term of the equations at this size",
      range: [0, Number.POSITIVE_INFINITY]
    }
  },
  sized: true,
  theoryPoints: 41,
  along: "delta",
  thresholdNames: ["noOde", "classical"],
  phases: PHASES,
  time: { symbol: "τ", about: "samples × δt, the unit of time of the regime", log: true },
  references: [
    {
      key: "veiga2022",
      cite: "R. Veiga, L. Stephan, B. Loureiro, F. Krzakala, L. Zdeborová, Phase diagram of stochastic gradient descent in high-dimensional two-layer neural networks, NeurIPS 35 (2022)",
      url: "https://arxiv.org/abs/2202.00293",
      used: "the increments of the overlaps, their weights and time scales, the regions and their lines"
    }
  ],
  landmarks: [
    {
      name: "final risk over (Delta gamma/p)/(2 pi sqrt 3) at the sampled teacher's norms, delta = 1, Delta = 1, d = 200, p = k = 2",
      value: 1,
      tolerance: 5e-3,
      source: "Veiga et al. 2022, perfect learning; the constant to leading order in gamma/p (Saad and Solla 1997, Goldt et al. 2019)",
      compute: finalRatio
    }
  ],
  // Below the classical line the fluctuations of a run shrink as log d/d^(1/2 + theta) only; the standard errors hold them.
  agreement: [
    { at: "every-t", bias: 0.2, params: { size: 200, time: 20, frames: 14 } },
    { at: "every-t", bias: 0.2, params: { size: 200, kappa: 0.25, delta: 0, time: 6, frames: 14 } },
    { at: "every-t", bias: 0.2, params: { size: 200, kappa: 0.25, delta: -0.25, time: 20, frames: 14 } },
    { at: "every-t", bias: 0.2, params: { size: 400, delta: -0.2, time: 20, frames: 14 } }
  ],

  *simulate(p: P, rng: Rng): Generator<Frame<O>, SimulationEnd> {
    const s = settingOf(p);
    const samples = samplesOf(p, s);
    const total = samples[samples.length - 1];
    checkRun(total, s);
    const start = startOf(p, s.students);
    const weights = weightsWithOverlaps(start, p.size, rng.fork("weights"), "sgd-scaling");
    const { v, vTeacher } = start;
    const states = onlineSgd(
      { activation: "erf", N: p.size, ...weights, v, vTeacher, learningRate: s.rate, noise: p.noise },
      samples.map((n) => n / p.size),
      rng
    );
    const frames = framesOf(states, (overlaps) => studentError("erf", overlaps));
    const end = yield* named(frames, samples, s);
    return { ...end, extra: { samples: total, students: s.students, rate: s.rate } };
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    return yield* equations(p);
  },

  predict(p: P): Prediction<O> {
    const s = settingOf(p);
    const start = startOf(p, representatives(s));
    const { region, samples } = s.regime;
    const final = asymptoticRisk(start, s);
    return {
      branches: { algorithmic: lastBranch("sgd-scaling", equations(p)) },
      phase: phaseOf[region],
      ...(region === "perfect-learning" && p.noise > 0
        ? {
            fixedPoints: [{ order: { risk: final, samplesPerTime: samples }, stable: true }],
            levels: [{ name: "asymptotic risk", observable: "risk", value: final }]
          }
        : {})
    };
  },

  caveat: (p: P) => unlike(settingOf(p)),

  thresholds(p: P): Readonly<Record<string, number | null>> {
    return { noOde: -0.5 - p.kappa, classical: -p.kappa };
  }
});

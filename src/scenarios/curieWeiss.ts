/** The mean-field (Curie-Weiss) Ising magnet: a phase transition, metastable states and the dynamics between them, all in one exact equation. */
import { heatBath } from "../algorithms/heatBath.ts";
import { outcome } from "../core/outcome.ts";
import { defineScenario } from "../core/scenario.ts";
import type { Branch, Frame, Outcome, Rng, SimulationEnd, Values } from "../core/types.ts";
import { dopri5 } from "../numerics/ode.ts";
import { magnetEnd, magnetFlow, magnetFreeEntropy, type MagnetPoint, magnetSpinodal, magnetStates, type Reduced } from "../theory/index.ts";
import { predictionLandmark, thresholdLandmark } from "./family/landmark.ts";

const params = {
  beta: { kind: "real", default: 1.2, min: 0, max: 50, symbol: "β", about: "inverse temperature" },
  coupling: { kind: "real", default: 1, min: 0, max: 10, symbol: "J", about: "strength of the coupling; each pair of spins has J/N" },
  field: { kind: "real", default: 0, min: -10, max: 10, symbol: "h", about: "external field" },
  start: { kind: "real", default: 0.5, min: -1, max: 1, symbol: "m₀", about: "magnetisation at t = 0" },
  size: { kind: "integer", default: 10_000, min: 10, max: 1_000_000, symbol: "N", about: "number of spins" },
  iterations: { kind: "integer", default: 40, min: 1, max: 100_000, symbol: "T", about: "number of sweeps, N steps of one spin each" }
} as const;
type P = Values<typeof params>;
type O = "magnetization" | "energy";

const reduced = ({ beta, coupling, field }: P): Reduced => ({ K: beta * coupling, H: beta * field });
const see = ({ coupling, field }: P, m: number) => ({ magnetization: m, energy: -0.5 * coupling * m * m - field * m });

/** Speeds below this are rest. */
const REST = 1e-10;

const UNSTABLE =
  "zero magnetisation is unstable here: the equation stays on it for ever, while the fluctuations of any run leave it in about ln N sweeps; start elsewhere";

const isUnstable = ({ stable }: MagnetPoint, p: P): boolean => !stable && magnetFlow(reduced(p), p.start) === 0;

function equilibriumOf(p: P, reached: MagnetPoint): MagnetPoint {
  // at h = 0 two states are equally good, to rounding: the one reached stands for both
  const better = magnetStates(reduced(p)).filter((x) => x.stable && x.freeEntropy > reached.freeEntropy + 1e-14);
  if (better.length > 0) return better.reduce((best, x) => (x.freeEntropy > best.freeEntropy ? x : best));
  return reached;
}

const itself = () => curieWeiss;

export const curieWeiss = defineScenario({
  id: "curie-weiss",
  title: "Mean-field Ising magnet",
  summary:
    "N spins that all feel each other. Below the critical temperature they magnetise spontaneously, and a state against the field stays metastable until its spinodal: heat-bath dynamics gets stuck where equilibrium is elsewhere.",
  formulas: [
    String.raw`E = -\frac{J}{2N} \sum_{i \ne j} s_i s_j - h \sum_i s_i, \qquad P(s_i = 1 \mid s) = \frac{1}{1 + e^{-2 \beta (J m + h)}}, \quad m = \frac1N \sum_i s_i`,
    String.raw`\frac{dm}{dt} = \tanh \beta (J m + h) - m, \qquad -\beta f(m) = S(m) + \tfrac12 \beta J m^2 + \beta h m`,
    String.raw`\beta_c = \frac1J \;(h = 0), \qquad \text{spinodal: } |h| = J m_s - \tfrac1\beta\, \mathrm{artanh}\, m_s, \quad m_s = \sqrt{1 - 1/(\beta J)}`
  ],
  family: "magnets",
  params,
  observables: {
    magnetization: { symbol: "m", about: "mean of the spins", range: [-1, 1] },
    energy: { symbol: "e", about: "energy per spin", range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] }
  },
  along: "beta",
  thresholdNames: ["critical", "spinodal"],
  across: "field=0:0.6:0.03",
  branchNames: { algorithmic: "dynamics", optimal: "equilibrium" },
  phases: ["paramagnet", "metastable", "ferromagnet"],
  time: { symbol: "t", about: "sweeps, N steps of one spin each" },
  references: [
    {
      key: "glauber1963",
      cite: "R. J. Glauber, Time-dependent statistics of the Ising model, J. Math. Phys. 4, 294 (1963)",
      url: "https://doi.org/10.1063/1.1703954",
      used: "the dynamics: a spin at a time, drawn from its law given the others"
    },
    {
      key: "griffiths1966",
      cite: "R. B. Griffiths, C.-Y. Weng, J. S. Langer, Relaxation times for metastable states in the mean-field model of a ferromagnet, Phys. Rev. 149, 301 (1966)",
      url: "https://doi.org/10.1103/PhysRev.149.301",
      used: "the equation of motion, metastable states and the spinodal of this model"
    }
  ],
  landmarks: [
    predictionLandmark(itself, { beta: 1.2 }, "magnetization", {
      name: "spontaneous magnetisation at beta J = 1.2",
      value: 0.658569660405754,
      tolerance: 1e-13,
      source: "mpmath, 30 digits: findroot(lambda m: tanh(1.2 m) - m, 0.66)"
    }),
    predictionLandmark(itself, { beta: 2, field: 0.1 }, "magnetization", {
      name: "beta J = 2, h = 0.1: equilibrium",
      value: 0.973015686652354,
      tolerance: 1e-13,
      source: "mpmath, 30 digits: findroot(lambda m: tanh(2 m + 0.2) - m, 0.97)"
    }),
    thresholdLandmark(itself, { field: -0.1 }, "spinodal", {
      name: "h = -0.1: a state against the field from this beta on",
      value: 1.3722359110972175,
      tolerance: 1e-12,
      source: "mpmath, 30 digits: findroot(lambda b: sqrt(1 - 1/b) - atanh(sqrt(1 - 1/b))/b - 0.1, 1.4)"
    })
  ],
  agreement: [
    { at: "every-t", bias: 5, params: { beta: 1.2, start: 0.2, size: 2000, iterations: 30 } },
    { at: "every-t", bias: 5, params: { beta: 1.5, field: -0.08, start: 1, size: 2000, iterations: 20 } },
    { at: "every-t", bias: 5, params: { beta: 0.7, coupling: 1.2, field: 0.1, start: -1, size: 1000, iterations: 20 } },
    { at: "end", bias: 5, params: { beta: 1.4, field: 0.3, start: -1, size: 2000, iterations: 60 } }
  ],

  *simulate(p: P, rng: Rng): Generator<Frame<O>, SimulationEnd> {
    const { beta, coupling, field, size, start, iterations } = p;
    let moved = 0;
    let before = start;
    for (const { t, magnetization, energy } of heatBath(
      { spins: size, coupling, field, beta },
      { magnetization: start },
      iterations,
      rng.fork("steps")
    )) {
      moved = Math.abs(magnetization - before);
      before = magnetization;
      yield { t, magnetization, energy };
    }
    return outcome("completed", moved, iterations);
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    const at = reduced(p);
    yield { t: 0, ...see(p, p.start) };
    if (isUnstable(magnetEnd(at, p.start), p)) return outcome("trivial-fixed-point", 0, 0, { advice: UNSTABLE });
    const times = Array.from({ length: p.iterations }, (_, k) => k + 1);
    const flow = (_: number, y: Float64Array, dy: Float64Array) => {
      dy[0] = magnetFlow(at, y[0]);
    };
    let speed = Math.abs(magnetFlow(at, p.start));
    for (const { t, y } of dopri5(flow, Float64Array.of(p.start), times, { rtol: 1e-10, atol: 1e-12 })) {
      const m = Math.max(-1, Math.min(1, y[0]));
      speed = Math.abs(magnetFlow(at, m));
      yield { t, ...see(p, m) };
      if (speed < REST) return outcome("converged", speed, t);
    }
    return outcome("completed", speed, p.iterations);
  },

  predict(p: P) {
    const at = reduced(p);
    const states = magnetStates(at);
    const reached = magnetEnd(at, p.start);
    const best = equilibriumOf(p, reached);
    const branch = (x: MagnetPoint): Branch<O> => ({
      outcome: isUnstable(x, p)
        ? outcome("trivial-fixed-point", 0, 0, { advice: UNSTABLE })
        : outcome("converged", Math.abs(magnetFlow(at, x.m)), 0),
      observables: see(p, x.m),
      freeEntropy: x.freeEntropy
    });
    return {
      branches: { algorithmic: branch(reached), optimal: branch(best) },
      phase: states.length === 1 ? "paramagnet" : best === reached || !reached.stable ? "ferromagnet" : "metastable",
      fixedPoints: states.map(({ m, freeEntropy, stable }) => ({ order: { magnetization: m }, freeEntropy, stable }))
    };
  },

  thresholds({ coupling: J, field }: P) {
    const K = field === 0 || J === 0 ? null : magnetSpinodal(Math.abs(field) / J);
    return { critical: field === 0 && J > 0 ? 1 / J : null, spinodal: K === null ? null : K / J };
  },

  thresholdsNote({ coupling: J, field }: P) {
    if (J === 0) return "none: spins that do not feel each other have one state at every temperature";
    if (field === 0) return null;
    return Math.abs(field) < J
      ? "critical: none, a field makes the transition smooth"
      : "none: a field of at least J leaves one state at every temperature";
  },

  caveat: (p: P) => (isUnstable(magnetEnd(reduced(p), p.start), p) ? UNSTABLE : null),

  landscape(p: P) {
    const at = reduced(p);
    const x = Array.from({ length: 401 }, (_, k) => (k - 200) / 200);
    return { order: "magnetization", x, freeEntropy: x.map((m) => magnetFreeEntropy(at, m)) };
  }
});

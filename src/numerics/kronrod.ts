/**
 * Adaptive Gauss-Kronrod of 7 and 15 nodes for several integrands at once (Piessens et al., QUADPACK, 1983, qk15): panels are halved
 * until the error estimate of every component is within its tolerance. For inner integrals of nested quadratures: no allocation per call.
 */
import type { Vec } from "../core/types.ts";

const X = Float64Array.of(
  0.9914553711208126,
  0.9491079123427585,
  0.8648644233597691,
  0.7415311855993945,
  0.5860872354676911,
  0.4058451513773972,
  0.20778495500789848,
  0
);
const KRONROD = Float64Array.of(
  0.022935322010529224,
  0.06309209262997856,
  0.10479001032225019,
  0.14065325971552592,
  0.1690047266392679,
  0.19035057806478542,
  0.20443294007529889,
  0.20948214108472782
);
const GAUSS = Float64Array.of(0.1294849661688697, 0.27970539148927664, 0.3818300505051189, 0.4179591836734694);

/** The integrands at x, written to `out`. */
export type VectorIntegrand = (x: number, out: Vec) => void;
/** Integrals over [breaks[0], breaks[last]], written to `out`; `tolerance` per component, absolute, of one panel. Returns the number of nodes used. */
export type VectorIntegrator = (f: VectorIntegrand, breaks: ArrayLike<number>, tolerance: Vec, out: Vec) => number;

/** Halvings of a panel, at most: past these the integrand jumps and the panel is a thousandth part or less. */
const DEPTH = 14;

/** An integrator with its own work space for `dimensions` integrands; not re-entrant, so nested integrals need one each. */
export function vectorIntegrator(dimensions: number): VectorIntegrator {
  const values = new Float64Array(15 * dimensions);
  const samples = Array.from({ length: 15 }, (_, k) => values.subarray(k * dimensions, (k + 1) * dimensions));
  return (f, breaks, tolerance, out) => {
    let nodes = 0;
    const panel = (a: number, b: number, depth: number): void => {
      const half = 0.5 * (b - a);
      const mid = 0.5 * (a + b);
      for (let k = 0; k < 7; k++) {
        f(mid - half * X[k], samples[k]);
        f(mid + half * X[k], samples[14 - k]);
      }
      f(mid, samples[7]);
      nodes += 15;
      let good = true;
      for (let d = 0; d < dimensions && good; d++) {
        let kronrod = 0;
        let gauss = 0;
        for (let k = 0; k < 8; k++) {
          const pair = k < 7 ? values[k * dimensions + d] + values[(14 - k) * dimensions + d] : values[7 * dimensions + d];
          kronrod += KRONROD[k] * pair;
          if (k % 2) gauss += GAUSS[k >> 1] * pair;
        }
        let spread = 0;
        for (let k = 0; k < 15; k++) spread += KRONROD[k < 8 ? k : 14 - k] * Math.abs(values[k * dimensions + d] - 0.5 * kronrod);
        const difference = Math.abs(kronrod - gauss);
        const error = spread > 0 ? spread * Math.min(1, ((200 * difference) / spread) ** 1.5) : 0;
        good = half * error <= tolerance[d];
      }
      if (!good && depth < DEPTH && half > 1e-15 * Math.abs(mid)) {
        panel(a, mid, depth + 1);
        panel(mid, b, depth + 1);
        return;
      }
      for (let d = 0; d < dimensions; d++) {
        let kronrod = 0;
        for (let k = 0; k < 15; k++) kronrod += KRONROD[k < 8 ? k : 14 - k] * values[k * dimensions + d];
        out[d] += half * kronrod;
      }
    };
    out.fill(0);
    for (let p = 1; p < breaks.length; p++) if (breaks[p] > breaks[p - 1]) panel(breaks[p - 1], breaks[p], 0);
    return nodes;
  };
}

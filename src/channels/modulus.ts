/**
 * Complex phase retrieval: y = |z + sqrt(noise) zeta|, E|zeta|^2 = 1, noise before the modulus; exact at noise 0.
 * Rice: ln Z = ln(2y/S) - (y - r)^2/S + ln I0e(x), r = |omega|, x = 2 y r/S, S = V + noise;
 * g = (omega/r)(y R(x) - r)/S, curvature = (1 - (y^2/S)(1 - R^2))/S, R = I1/I0.
 */
import { ParameterError, defineFamily } from "../core/parameters.ts";
import type { Channel } from "../core/types.ts";
import { composite } from "../numerics/quadrature.ts";
import { ratioDefect } from "../numerics/special/bessel.ts";
import { besselI0e, besselRatio } from "../numerics/special/index.ts";
import { rayleighRule } from "./circularNodes.ts";
import { modulusInformation } from "./closedForms.ts";
import { posteriorFromScore } from "./naturalForm.ts";
import { LEAST, REACH, steppedBreaks } from "./outputNodes.ts";

function refuse(y: number): never {
  throw new ParameterError(`modulus: a label must be in [0, inf), got ${y}; give |y|, not y or |y|^2`);
}

/** ln of the Rice density of y = r + d at distance r, squared width S. */
function logRice(y: number, d: number, r: number, S: number): number {
  return Math.log(Math.max(2 * y, LEAST)) - Math.log(S) - (d / S) * d + Math.log(besselI0e(Math.min(2 * y * (r / S), Number.MAX_VALUE)));
}

/** Widths of the panels toward y = 0, where ln Z_y contains ln y: 1e-12 in Psi, in units of the deviation. */
const ZERO = [0.5, 0.05, 0.005, 5e-4, 5e-5] as const;

export const modulus = defineFamily<Channel>()({
  id: "modulus",
  about: "y = |z + sqrt(noise) zeta|, z complex",
  params: {
    noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "variance of the circular noise added before the modulus" }
  },
  references: [
    {
      key: "maillard2020",
      cite: "Maillard, Loureiro, Krzakala, Zdeborová, Phase retrieval in high dimensions (2020)",
      used: "weak recovery of complex phase retrieval"
    }
  ],
  build({ noise }) {
    const sd = Math.sqrt(noise / 2);
    const score: Channel["score"] = (V, omega, y, g, curvature) => {
      const one = V.length === 1;
      for (let i = 0; i < y.length; i++) {
        const label = y[i];
        if (!(label >= 0)) refuse(label);
        const S = Math.max(V[one ? 0 : i] + noise, LEAST);
        const re = omega[2 * i];
        const im = omega[2 * i + 1];
        const r = Math.sqrt(re * re + im * im);
        const x = Math.min(2 * label * (r / S), Number.MAX_VALUE);
        const R = besselRatio(x);
        const defect = ratioDefect(x);
        // g = omega * pull; for small x through R/x = 1/2 - x^2/16, which needs no division by r.
        const pull = x < 1e-4 ? (label * (label / S) * (1 - (x * x) / 8) - 1) / S : (label - r - label * defect) / (S * r);
        g[2 * i] = re * pull;
        g[2 * i + 1] = im * pull;
        curvature[i] = (1 - label * (label / S) * defect * (1 + R)) / S;
      }
    };
    return {
      scalar: "complex",
      labelScalar: "real",
      even: true,
      deterministic: noise === 0,
      dimension: () => (noise === 0 ? 0.5 : 0),
      sample(rng, z, y) {
        for (let i = 0; i < y.length; i++) {
          const re = z[2 * i] + (noise > 0 ? sd * rng.normal() : 0);
          const im = z[2 * i + 1] + (noise > 0 ? sd * rng.normal() : 0);
          y[i] = Math.sqrt(re * re + im * im);
        }
      },
      logPartition(V, omega, y, out) {
        const one = V.length === 1;
        for (let i = 0; i < y.length; i++) {
          if (!(y[i] >= 0)) refuse(y[i]);
          const re = omega[2 * i];
          const im = omega[2 * i + 1];
          const r = Math.sqrt(re * re + im * im);
          out[i] = logRice(y[i], y[i] - r, r, Math.max(V[one ? 0 : i] + noise, LEAST));
        }
      },
      score,
      posterior: posteriorFromScore(score, 2),
      /** Nodes of one phase: omega real and positive, y by the Rice density. */
      field(law, order = 14) {
        const total = Math.max(law.spread + noise, LEAST);
        const width = Math.sqrt(total / 2);
        const radius = rayleighRule(law.q, Math.ceil(order / 2) + 1, width / 2 / Math.max(Math.abs(law.slope), 1e-3));
        const input: number[] = [];
        const label: number[] = [];
        const weight: number[] = [];
        for (let r = 0; r < radius.nodes.length; r++) {
          const centre = Math.abs(law.slope) * radius.nodes[r];
          // In units of width from the centre, so that the offset y - centre keeps its digits when width is tiny.
          const zero = -centre / width;
          const from = Math.max(zero, -REACH);
          const { nodes, weights } = composite(
            steppedBreaks(
              from,
              REACH,
              3,
              ZERO.map((width) => ({ centre: zero, width }))
            ),
            order
          );
          for (let k = 0; k < nodes.length; k++) {
            const d = width * nodes[k];
            const y = Math.max(0, centre + d);
            const w = radius.weights[r] * width * weights[k] * Math.exp(logRice(y, d, centre, total));
            if (!(w > 1e-30)) continue;
            input.push(radius.nodes[r], 0);
            label.push(y);
            weight.push(w);
          }
        }
        return { input: Float64Array.from(input), label: Float64Array.from(label), weight: Float64Array.from(weight) };
      },
      information: (q, V) => modulusInformation(q, Math.max(V + noise, LEAST))
    };
  }
});

/**
 * The absolute value (real phase retrieval): y = |z + sqrt(noise) xi| + sqrt(noiseAfter) zeta, either variance 0 being exact.
 * Without noise after it, Z_y = N(y; omega, V) + N(y; -omega, V) with V + noise for V: the posterior sits on z = +-y.
 */
import { abs as activation } from "../activations/abs.ts";
import { ParameterError, defineFamily } from "../core/parameters.ts";
import type { Channel } from "../core/types.ts";
import { absInformation } from "./closedForms.ts";
import { LEAST } from "./outputNodes.ts";
import { piecewiseLinearChannel } from "./piecewiseLinear.ts";

const LOG2PI = Math.log(2 * Math.PI);

function refuse(y: number): never {
  throw new ParameterError(`abs: without noise after the absolute value a label must be in [0, inf), got ${y}; give noiseAfter > 0`);
}

export const abs = defineFamily<Channel>()({
  id: "abs",
  about: "y = |z + sqrt(noise) xi| + sqrt(noiseAfter) zeta",
  params: {
    noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "variance of the noise added before the absolute value" },
    noiseAfter: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ'", about: "variance of the noise added after it" }
  },
  build({ noise, noiseAfter }) {
    const segments = activation.build({}).segments ?? [];
    const engine = piecewiseLinearChannel({ id: "abs", segments, even: true, noiseBefore: noise, noiseAfter });
    if (noiseAfter > 0) return engine;
    return {
      ...engine,
      logPartition(V, omega, y, out) {
        const one = V.length === 1;
        for (let i = 0; i < y.length; i++) {
          if (!(y[i] >= 0)) refuse(y[i]);
          const v = Math.max(V[one ? 0 : i] + noise, LEAST);
          const w = Math.abs(omega[i]);
          const d = y[i] - w;
          out[i] = -0.5 * (LOG2PI + Math.log(v) + (d / v) * d) + Math.log1p(Math.exp(-2 * y[i] * (w / v)));
        }
      },
      score(V, omega, y, g, curvature) {
        const one = V.length === 1;
        for (let i = 0; i < y.length; i++) {
          const label = y[i];
          if (!(label >= 0)) refuse(label);
          const v = Math.max(V[one ? 0 : i] + noise, LEAST);
          const w = Math.abs(omega[i]);
          const e = Math.exp(-2 * label * (w / v)); // odds of the wrong sign
          const p = 1 / (1 + e);
          // y tanh(y w/V) - w, from whichever end the hyperbolic tangent is at.
          const pull = (e < 0.5 ? label - w - 2 * label * e * p : -label * Math.expm1(-2 * label * (w / v)) * p - w) / v;
          g[i] = omega[i] < 0 ? -pull : pull;
          curvature[i] = e === 0 ? 1 / v : (1 - 4 * e * p * p * label * (label / v)) / v;
        }
      },
      information(q, V) {
        return absInformation(q, Math.max(V + noise, LEAST));
      }
    };
  }
});

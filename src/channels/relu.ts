/** The rectifier with Gaussian noise after it: y = max(0, z) + sqrt(noise) xi; at noise 0 an atom at 0 and an exact half. */
import { relu as activation } from "../activations/relu.ts";
import { ParameterError, defineFamily } from "../core/parameters.ts";
import type { Channel } from "../core/types.ts";
import { logNormalCdf, mills, normalCdf, normalPdf } from "../numerics/special/index.ts";
import { tail1 } from "../numerics/special/tails.ts";
import { hazardInformation } from "./closedForms.ts";
import { LEAST } from "./outputNodes.ts";
import { piecewiseLinearChannel } from "./piecewiseLinear.ts";

const LOG2PI = Math.log(2 * Math.PI);

function refuse(y: number): never {
  throw new ParameterError(`relu: without noise a label must be in [0, inf), got ${y}; give a noise > 0`);
}

export const relu = defineFamily<Channel>()({
  id: "relu",
  about: "y = max(0, z) + sqrt(noise) xi",
  params: {
    noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "variance of the noise added after the rectifier" }
  },
  build({ noise }) {
    const engine = piecewiseLinearChannel({ id: "relu", segments: activation.build({}).segments ?? [], even: false, noiseAfter: noise });
    if (noise > 0) return engine;
    return {
      ...engine,
      logPartition(V, omega, y, out) {
        const one = V.length === 1;
        for (let i = 0; i < y.length; i++) {
          const v = Math.max(V[one ? 0 : i], LEAST);
          const d = y[i] - omega[i];
          if (y[i] > 0) out[i] = -0.5 * (LOG2PI + Math.log(v) + (d / v) * d);
          else if (y[i] === 0) out[i] = logNormalCdf(-omega[i] / Math.sqrt(v));
          else refuse(y[i]);
        }
      },
      score(V, omega, y, g, curvature) {
        const one = V.length === 1;
        for (let i = 0; i < y.length; i++) {
          const v = Math.max(V[one ? 0 : i], LEAST);
          if (y[i] > 0) {
            curvature[i] = 1 / v;
            g[i] = (y[i] - omega[i]) / v;
          } else if (y[i] === 0) {
            const inverse = 1 / Math.sqrt(v);
            const u = -omega[i] * inverse;
            if (u < 0) {
              const h = 1 / mills(-u);
              g[i] = -h * inverse;
              curvature[i] = (tail1(-u) * h * h) / v;
            } else {
              const h = normalPdf(u) / normalCdf(u);
              g[i] = -h * inverse;
              curvature[i] = (h * (u + h)) / v;
            }
          } else refuse(y[i]);
        }
      },
      information(q, V) {
        const v = Math.max(V, LEAST);
        return (0.5 + hazardInformation(q / v)) / v;
      }
    };
  }
});

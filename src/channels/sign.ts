/** The sign, noiseless or with Gaussian noise before it (probit): P(y|omega, V) = Phi(y omega / sqrt(V + noise)). */
import { sign as activation } from "../activations/sign.ts";
import { ParameterError, defineFamily } from "../core/parameters.ts";
import type { Channel } from "../core/types.ts";
import { logNormalCdf, mills, normalCdf, normalPdf } from "../numerics/special/index.ts";
import { tail1, tail2 } from "../numerics/special/tails.ts";
import { LEAST } from "./outputNodes.ts";
import { piecewiseLinearChannel } from "./piecewiseLinear.ts";
import { hazardInformation } from "./closedForms.ts";

function refuse(y: number): never {
  throw new ParameterError(`sign: a label must be -1 or 1, got ${y}; map 0/1 labels to -1/1 first`);
}

export const sign = defineFamily<Channel>()({
  id: "sign",
  about: "y = sign(z + sqrt(noise) xi)",
  params: {
    noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "variance of the noise added before the sign" }
  },
  build({ noise }) {
    const engine = piecewiseLinearChannel({ id: "sign", segments: activation.build({}).segments ?? [], even: false, noiseBefore: noise });
    return {
      ...engine,
      logPartition(V, omega, y, out) {
        const one = V.length === 1;
        for (let i = 0; i < y.length; i++) {
          const s = y[i];
          if (s !== 1 && s !== -1) refuse(s);
          out[i] = logNormalCdf((s * omega[i]) / Math.sqrt(Math.max(V[one ? 0 : i] + noise, LEAST)));
        }
      },
      score(V, omega, y, g, curvature) {
        const one = V.length === 1;
        let v = Math.max(V[0] + noise, LEAST);
        let inverse = 1 / Math.sqrt(v);
        for (let i = 0; i < y.length; i++) {
          const s = y[i];
          if (s !== 1 && s !== -1) refuse(s);
          if (!one) {
            v = Math.max(V[i] + noise, LEAST);
            inverse = 1 / Math.sqrt(v);
          }
          const u = s * omega[i] * inverse;
          if (u < 0) {
            // h = 1/J0, h + u = J1/J0: no difference of large numbers at any depth.
            const h = 1 / mills(-u);
            g[i] = s * h * inverse;
            curvature[i] = (tail1(-u) * h * h) / v;
          } else {
            const h = normalPdf(u) / normalCdf(u);
            g[i] = s * h * inverse;
            curvature[i] = (h * (u + h)) / v;
          }
        }
      },
      posterior(a, b, y, mean, variance) {
        const one = a.length === 1;
        for (let i = 0; i < y.length; i++) {
          const s = y[i];
          if (s !== 1 && s !== -1) refuse(s);
          const V = 1 / a[one ? 0 : i];
          const v = V + noise;
          const root = Math.sqrt(v);
          const omega = b[i] * V;
          const u = (s * omega) / root;
          const gain = V / v;
          if (u < 0) {
            const h = 1 / mills(-u);
            const m = tail1(-u) * h; // E of the distance to the edge, in units of root
            mean[i] = noise === 0 ? s * root * m : omega + gain * s * root * h;
            variance[i] = gain * (noise + V * (tail2(-u) * h - m * m));
          } else {
            const h = normalPdf(u) / normalCdf(u);
            mean[i] = omega + gain * s * root * h;
            variance[i] = gain * (noise + V * (1 - h * (u + h)));
          }
        }
      },
      information(q, V) {
        const v = Math.max(V + noise, LEAST);
        return (2 * hazardInformation(q / v)) / v;
      }
    };
  }
});

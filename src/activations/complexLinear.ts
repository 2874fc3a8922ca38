/** The identity on complex variables: phi(z) = z, so that complex networks can be written with layers of every kind. */
import { defineFamily } from "../core/parameters.ts";
import type { Activation, Field } from "../core/types.ts";
import { composite } from "../numerics/quadrature.ts";

/** |omega| of CN(0, 1), and the real and imaginary parts of a standard circular variable. */
const radius = composite([0, 1, 2, 3, 4, 5, 6.3], 10);
const part = { step: 0.7, reach: 13 };

export const complexLinear = defineFamily<Activation>()({
  id: "complex-linear",
  about: "x = z, complex",
  params: {},
  build: () => ({
    scalar: "complex",
    outputScalar: "complex",
    even: false,
    apply: (z, x) => x.set(z),
    secondMoment: (tau) => tau,
    logPartition(az, bz, ax, bx, out) {
      for (let i = 0; i < out.length; i++) {
        const a = az[az.length === 1 ? 0 : i] + ax[ax.length === 1 ? 0 : i];
        const re = bz[2 * i] + bx[2 * i];
        const im = bz[2 * i + 1] + bx[2 * i + 1];
        out[i] = Math.log(Math.PI / a) + (re / a) * re + (im / a) * im;
      }
    },
    posterior(az, bz, ax, bx, zMean, zVariance, xMean, xVariance) {
      for (let i = 0; i < zVariance.length; i++) {
        const v = 1 / (az[az.length === 1 ? 0 : i] + ax[ax.length === 1 ? 0 : i]);
        zVariance[i] = xVariance[i] = v;
        for (let c = 2 * i; c < 2 * i + 2; c++) zMean[c] = xMean[c] = (bz[c] + bx[c]) * v;
      }
    },
    /** Nodes of one phase: omega real and positive. */
    field({ q, slope, spread }, mHat, qHat): Field {
      const input: number[] = [];
      const label: number[] = [];
      const weight: number[] = [];
      const noise = Math.sqrt((mHat * mHat * spread + qHat) / 2);
      const n = noise > 0 ? part.reach : 0;
      const density = (k: number): number => (noise > 0 ? (part.step / Math.sqrt(2 * Math.PI)) * Math.exp(-0.5 * (k * part.step) ** 2) : 1);
      for (let r = 0; r < (q > 0 ? radius.nodes.length : 1); r++) {
        const t = radius.nodes[r];
        const omega = q > 0 ? Math.sqrt(q) * t : 0;
        const w = q > 0 ? radius.weights[r] * 2 * t * Math.exp(-t * t) : 1;
        for (let i = -n; i <= n; i++)
          for (let j = -n; j <= n; j++) {
            input.push(omega, 0);
            label.push(mHat * slope * omega + noise * i * part.step, noise * j * part.step);
            weight.push(w * density(i) * density(j));
          }
      }
      return { input: Float64Array.from(input), label: Float64Array.from(label), weight: Float64Array.from(weight) };
    },
    errors(V, ax) {
      const v = V / (1 + ax * V);
      return { vz: v, vx: v, extrinsicZ: ax, extrinsicX: 1 / V, freeEntropy: Math.log(Math.PI * v) - 1 };
    }
  })
});

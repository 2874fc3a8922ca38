/** Complex x = 0 with probability 1 - rho, else circular Gaussian: real and imaginary parts share the support (Meng et al. 2015 conventions). */
import { defineFamily } from "../core/parameters.ts";
import type { Prior } from "../core/types.ts";
import { logistic } from "../numerics/special/index.ts";
import { blindField, fieldOn, march, type Chain } from "./panels.ts";
import { logSpikeSlab } from "./spikeSlab.ts";

const LEVELS = [-38, -20, -9, -2, 2, 9, 20, 38] as const;
const BELL = [0, 2.6, 5.6, 9.3] as const; // a Rayleigh law, in its standard deviation per real part

export const complexGaussBernoulli = defineFamily<Prior>()({
  id: "complex-gauss-bernoulli",
  about: "complex x = 0 with probability 1 - rho, else circular Gaussian with E|x|^2 = variance",
  params: {
    rho: { kind: "real", default: 0.5, min: 1e-6, max: 1, symbol: "ρ", about: "probability of a nonzero" },
    variance: { kind: "real", default: 1, min: 1e-3, max: 1e3, scale: "log", symbol: "σ²", about: "E|x|² of a nonzero" }
  },
  references: [
    {
      key: "barbier2015",
      cite: "Barbier, Schülke, Krzakala, Approximate message-passing with spatially coupled structured operators, J. Stat. Mech. P05013 (2015)",
      url: "https://arxiv.org/abs/1312.1740",
      used: "the jointly sparse complex denoiser"
    }
  ],
  build({ rho, variance: v0 }) {
    const logit = Math.log(rho) - Math.log1p(-rho);
    return {
      scalar: "complex",
      rule: "bayes",
      mean: 0,
      secondMoment: rho * v0,
      dimension: rho,
      entropy: null,
      sample(rng, x) {
        const s = Math.sqrt(v0 / 2);
        for (let i = 0; i < x.length; i += 2) {
          const on = rng.uniform() < rho;
          x[i] = on ? s * rng.normal() : 0;
          x[i + 1] = on ? s * rng.normal() : 0;
        }
      },
      logPartition(a, b, out) {
        const step = a.length === 1 ? 0 : 1;
        for (let i = 0; i < out.length; i++) {
          const av = a[i * step] * v0;
          const l = (v0 * (b[2 * i] * b[2 * i] + b[2 * i + 1] * b[2 * i + 1])) / (1 + av) - Math.log1p(av);
          out[i] = logSpikeSlab(rho, l);
        }
      },
      posterior(a, b, mean, variance) {
        const shared = a.length === 1;
        let gain = v0 / (1 + a[0] * v0);
        let offset = logit - Math.log1p(a[0] * v0);
        for (let i = 0; i < variance.length; i++) {
          if (!shared) {
            gain = v0 / (1 + a[i] * v0);
            offset = logit - Math.log1p(a[i] * v0);
          }
          const re = b[2 * i] * gain;
          const im = b[2 * i + 1] * gain;
          const size = re * re + im * im;
          const l = offset + (b[2 * i] * b[2 * i] + b[2 * i + 1] * b[2 * i + 1]) * gain;
          const w = logistic(l);
          mean[2 * i] = w * re;
          mean[2 * i + 1] = w * im;
          variance[i] = w * (gain + logistic(-l) * size);
        }
      },
      breaks: (a) => moduli(rho, v0, a),
      /** The law is circular, and only its modulus is integrated: the nodes are real and positive, one phase for all. */
      field(mHat, qHat, order = 16, breaks = []) {
        if (mHat === 0 && qHat === 0) return blindField(true);
        const slab = qHat + mHat * mHat * v0; // E|b|^2
        const bells = (S: number) => BELL.map((k) => k * Math.sqrt(S / 2));
        const own: Chain[] = [bells(slab)];
        if (rho < 1 && qHat > 0) {
          own.push(bells(qHat));
          if (mHat !== 0) {
            const chain = moduli(rho, v0, (mHat / qHat) * mHat)[0].map((u) => (u * qHat) / Math.abs(mHat));
            // what lies beyond e^-80 of both densities is not seen
            const kept = chain.filter((u) => (u * u) / slab < 80);
            if (kept.length > 1) own.push(kept);
          }
        }
        const spikeRate = rho < 1 && qHat > 0 ? 1 / qHat : 0;
        const density = (u: number) =>
          2 * u * ((rho / slab) * Math.exp((-u * u) / slab) + (1 - rho) * spikeRate * Math.exp(-u * u * spikeRate));
        const radial = fieldOn(march(own, breaks), order, density, rho < 1 && qHat === 0 ? [0, 1 - rho] : []);
        const input = new Float64Array(2 * radial.input.length);
        for (let k = 0; k < radial.input.length; k++) input[2 * k] = radial.input[k];
        return { input, label: radial.label, weight: radial.weight };
      }
    };
  }
});

/** The moduli |b| at which the log-odds of spike and slab pass the levels. */
function moduli(rho: number, v0: number, a: number): number[][] {
  if (rho === 1) return [[]];
  const offset = Math.log(rho) - Math.log1p(-rho) - Math.log1p(a * v0);
  const gain = v0 / (1 + a * v0);
  return [LEVELS.filter((level) => level > offset).map((level) => Math.sqrt((level - offset) / gain))];
}

/**
 * Photon counts: y ~ Poisson(gain softplus(z)), softplus(z) = ln(1 + e^z). The softplus link keeps the counts of a Gaussian z
 * light-tailed (with exp(z) a Gaussian z of variance 9 already asks for labels above 1e9); ln P is concave in z for every y.
 */
import { defineFamily } from "../core/parameters.ts";
import type { Channel, Rng, Vec } from "../core/types.ts";
import { exactExp, exactLog } from "../numerics/random/exact.ts";
import { logGamma, softplus } from "../numerics/special/index.ts";
import { smoothLikelihoodChannel } from "./smoothLikelihood.ts";

/** ln P(y|z) and its first two derivatives; s = softplus, l = y ln s - gain s + const. */
function derivatives(gain: number, y: number, z: number, out: Vec): void {
  const e = Math.exp(-Math.abs(z));
  const p = 1 / (1 + e);
  const up = z > 0 ? p : e * p; // s' = 1/(1 + exp(-z))
  const s = softplus(z);
  const curve = e * p * p; // s''
  // For z far left s = e^z - e^2z/2: s'/s -> 1 - e^z/2, and (ln s)'' = s''/s - (s'/s)^2 -> -e^z/2.
  const small = z < -18;
  const ratio = small ? 1 - 0.5 * e : up / s;
  const bend = small ? -0.5 * e : curve / s - ratio * ratio;
  out[0] = (y > 0 ? y * (Math.log(gain) + (small ? z - 0.5 * e : Math.log(s))) : 0) - gain * s - logGamma(y + 1);
  out[1] = y * ratio - gain * up;
  out[2] = y * bend - gain * curve;
}

/** The z at which the rate is `rate`. */
function inverse(rate: number): number {
  return rate > 30 ? rate : Math.log(Math.expm1(Math.max(rate, 1e-300)));
}

const LARGE = 1000; // beyond it a product of uniforms takes time

/**
 * Poisson counts of a large mean by transformed rejection with squeeze (Hörmann, Insur. Math. Econ. 12, 39 (1993), PTRS). The
 * acceptance is ln P(k) = -rate phi(k/rate - 1) - ln(2 pi k)/2 - 1/(12 k), phi(d) = (1 + d) ln(1 + d) - d, which keeps its digits.
 */
function largeCount(rng: Rng, rate: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const scale = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = rng.uniform() - 0.5;
    const v = rng.uniform();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= squeeze) return k;
    if (!(k > 0) || (us < 0.013 && v > us)) continue;
    const d = (k - rate) / rate;
    const logP = -rate * ((1 + d) * Math.log1p(d) - d) - 0.5 * Math.log(2 * Math.PI * k) - 1 / (12 * k);
    if (Math.log((v * scale) / (a / (us * us) + b)) <= logP) return k;
  }
}

export const poisson = defineFamily<Channel>()({
  id: "poisson",
  about: "y ~ Poisson(gain ln(1 + e^z))",
  params: {
    gain: { kind: "real", default: 1, min: 0.01, max: 10, scale: "log", symbol: "γ", about: "counts per unit of softplus" }
  },
  build({ gain }) {
    return smoothLikelihoodChannel({
      id: "poisson",
      labels: "a whole number >= 0, below 2^53",
      legal: (y) => Number.isSafeInteger(y) && y >= 0,
      derivatives: (y, z, out) => derivatives(gain, y, z, out),
      // the branch points are at i pi, but exp(-gain softplus) already grows as a power of gain on the way there
      strip: gain > 1 ? Math.PI / 2 : Math.PI,
      sample(rng, z, y) {
        for (let i = 0; i < z.length; i++) {
          // softplus from exactly rounded parts; counts as sums of Poissons of mean <= 16 by Knuth's product of uniforms.
          const e = exactExp(-Math.min(Math.abs(z[i]), 700));
          const log1p = e < 1e-8 ? e - 0.5 * e * e : exactLog(1 + e);
          let rate = gain * (Math.max(z[i], 0) + log1p);
          if (rate > LARGE) {
            y[i] = largeCount(rng, rate);
            continue;
          }
          let count = 0;
          while (rate > 0) {
            const mean = Math.min(rate, 16);
            rate -= mean;
            const floor = exactExp(-mean);
            for (let product = rng.uniform(); product > floor; product *= rng.uniform()) count++;
          }
          y[i] = count;
        }
      },
      enumerate(tau) {
        const top = gain * softplus(9 * Math.sqrt(tau));
        const last = Math.ceil(top + 10 * Math.sqrt(top) + 20);
        const labels = [];
        for (let y = 0; y <= last; y++) {
          // ln P >= -45 between the two roots of rate - y - y ln(rate/y) = 45, bounded by simple forms.
          const low = y === 0 ? -Infinity : inverse((y * Math.exp(-1 - 45 / y)) / gain);
          const high = inverse((y + 45 + Math.sqrt(90 * y) + 1) / gain);
          labels.push({ y, from: low, to: high, centre: inverse(Math.max(y, 0.5) / gain), width: Math.max(1, Math.sqrt(y) / gain) });
        }
        return labels;
      }
    });
  }
});

/** Posterior, partition function and sampler of any finite mixture of Gaussians and point masses. */
import type { Prior } from "../core/types.ts";
import { type Component, mixtureBreaks, mixtureField } from "./mixtureField.ts";

/** Weights are divided by their sum. Work grows like the number of components. */
export function finiteMixture(given: readonly Component[]): Prior {
  const total = given.reduce((s, c) => s + c.weight, 0);
  const components = given.map((c) => ({ ...c, weight: c.weight / total }));
  const C = components.length;
  const mu = Float64Array.from(components, (c) => c.mean);
  const v0 = Float64Array.from(components, (c) => c.variance);
  const width = v0.map(Math.sqrt);
  const logWeight = Float64Array.from(components, (c) => Math.log(c.weight));
  const cumulative = new Float64Array(C);
  let mean = 0;
  let secondMoment = 0;
  let dimension = 0;
  components.forEach((c, j) => {
    cumulative[j] = (j > 0 ? cumulative[j - 1] : 0) + c.weight;
    mean += c.weight * c.mean;
    secondMoment += c.weight * (c.mean * c.mean + c.variance);
    if (c.variance > 0) dimension += c.weight;
  });
  // per call with a shared precision, per component otherwise
  const gain = new Float64Array(C);
  const offset = new Float64Array(C);
  const l = new Float64Array(C);
  const m = new Float64Array(C);
  const prepare = (a: number): void => {
    for (let c = 0; c < C; c++) {
      gain[c] = 1 / (1 + a * v0[c]);
      offset[c] = -0.5 * (Math.log1p(a * v0[c]) + a * mu[c] * mu[c] * gain[c]);
    }
  };
  return {
    scalar: "real",
    rule: "bayes",
    mean,
    secondMoment,
    dimension,
    entropy: dimension === 0 ? -components.reduce((s, c) => s + c.weight * Math.log(c.weight), 0) : null,
    sample(rng, x) {
      for (let i = 0; i < x.length; i++) {
        const u = rng.uniform();
        let c = 0;
        while (c < C - 1 && u >= cumulative[c]) c++;
        x[i] = v0[c] > 0 ? mu[c] + width[c] * rng.normal() : mu[c];
      }
    },
    logPartition(a, b, out) {
      prepare(a[0]);
      for (let i = 0; i < b.length; i++) {
        if (a.length > 1) prepare(a[i]);
        let top = -Infinity;
        for (let c = 0; c < C; c++) {
          l[c] = offset[c] + (0.5 * b[i] * v0[c] + mu[c]) * b[i] * gain[c];
          if (l[c] > top) top = l[c];
        }
        let sum = 0; // of weight (e^(l - top) - 1): small where log Z is small
        for (let c = 0; c < C; c++) sum += components[c].weight * Math.expm1(l[c] - top);
        if (sum > -0.5) out[i] = top + Math.log1p(sum);
        else {
          sum = 0;
          for (let c = 0; c < C; c++) sum += components[c].weight * Math.exp(l[c] - top);
          out[i] = top + Math.log(sum);
        }
      }
    },
    posterior(a, b, outMean, variance) {
      prepare(a[0]);
      for (let i = 0; i < b.length; i++) {
        if (a.length > 1) prepare(a[i]);
        let k = 0; // the heaviest
        for (let c = 0; c < C; c++) {
          l[c] = logWeight[c] + offset[c] + (0.5 * b[i] * v0[c] + mu[c]) * b[i] * gain[c];
          m[c] = (mu[c] + b[i] * v0[c]) * gain[c];
          if (l[c] > l[k]) k = c;
        }
        let sum = 0;
        let shift = 0;
        let inside = 0;
        const top = l[k];
        for (let c = 0; c < C; c++) {
          const w = Math.exp(l[c] - top);
          l[c] = w;
          sum += w;
          shift += w * (m[c] - m[k]);
          inside += w * v0[c] * gain[c];
        }
        shift /= sum;
        // between components, about the heaviest mean: every term keeps its relative accuracy, however light the others are
        let between = 0;
        for (let c = 0; c < C; c++) {
          const d = m[c] - m[k] - shift;
          between += l[c] * d * d;
        }
        outMean[i] = m[k] + shift;
        variance[i] = (inside + between) / sum;
      }
    },
    breaks: (a) => mixtureBreaks(components, a),
    field: (mHat, qHat, order, breaks) => mixtureField(components, mHat, qHat, order, breaks)
  };
}

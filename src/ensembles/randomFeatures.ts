/**
 * Random features: rows phi(C F/sqrt(d)) of latent Gaussian rows C seen through a random layer F, centred and scaled to variance
 * 1/cols. The spectrum is that of the Gaussian equivalent kappa_1 C F/sqrt(d) + kappa_* noise.
 */
import * as activations from "../activations/index.ts";
import { defineFamily } from "../core/parameters.ts";
import { makeFromSpec } from "../core/specs.ts";
import type { Activation, Ensemble } from "../core/types.ts";
import { denseMatrix } from "../linalg/dense.ts";
import { multiply } from "../linalg/gemm.ts";
import { featureMoments } from "./featureMoments.ts";
import { gaussianFeatureSpectrum } from "./spectra/gaussianFeatures.ts";

export const randomFeatures = defineFamily<Ensemble>()({
  id: "random-features",
  about: "phi(C F/sqrt(d)) with Gaussian C and F, minus its mean, over its standard deviation and sqrt(cols)",
  params: {
    activation: { kind: "brick", registry: "activation", default: "relu", symbol: "φ", about: "the function of the features" },
    latentRatio: {
      kind: "real",
      default: 0.5,
      min: 1e-3,
      max: 1e3,
      scale: "log",
      symbol: "d/p",
      about: "latent dimension over the number of features (cols)"
    }
  },
  references: [
    {
      key: "pennington2017",
      cite: "J. Pennington, P. Worah, Nonlinear random matrix theory for deep learning, NeurIPS 2017",
      used: "the spectrum of random features (their quartic)"
    },
    {
      key: "goldt2022",
      cite: "S. Goldt et al., The Gaussian equivalence of generative models for learning with shallow neural networks, MSML 2022",
      url: "https://arxiv.org/abs/2006.14709",
      used: "the Gaussian equivalent"
    }
  ],
  build: ({ activation: spec, latentRatio }) => {
    const activation = makeFromSpec<Activation>(activations, spec, "activation");
    const { mean, deviation, linear } = featureMoments(spec, activation);
    return {
      scalar: "real",
      sample(rng, rows, cols, options = {}) {
        const A = denseMatrix(rows, cols, options);
        const d = Math.max(1, Math.round(latentRatio * cols));
        const C = new Float64Array(rows * d);
        const F = new Float64Array(d * cols);
        rng.fork("C").fillNormal(C, 1 / Math.sqrt(d));
        rng.fork("F").fillNormal(F);
        const z = new Float64Array(rows * cols);
        const x = new Float64Array(rows * cols);
        multiply(rows, cols, d, C, F, z, { backend: "wasm" });
        activation.apply(z, x);
        const scale = 1 / (deviation * Math.sqrt(cols));
        for (let k = 0; k < x.length; k++) A.data[k] = (x[k] - mean) * scale;
        A.changed();
        return A;
      },
      spectrum: (alpha) => gaussianFeatureSpectrum(alpha, latentRatio, linear)
    };
  }
});

/** Algorithms on finite instances. Nothing here knows the theory: that the two agree is evidence. */
export * from "./bethe.ts";
export * from "./committee/index.ts";
export * from "./cure.ts";
export * from "./effectiveNoise.ts";
export * from "./gamp.ts";
export * from "./heatBath.ts";
export * from "./learn.ts";
export * from "./metrics.ts";
export * from "./neighbours/index.ts";
export * from "./preflight.ts";
export * from "./risk/index.ts";
export * from "./spectral.ts";
export * from "./training/index.ts";
export * from "./graph/index.ts";
export * from "./multilayerAmp.ts";
export * from "./sgd/index.ts";

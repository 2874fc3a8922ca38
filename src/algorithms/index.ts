/** Algorithms on finite instances. Nothing here knows the theory: that the two agree is evidence. */
export * from "./bethe.ts";
export * from "./gamp.ts";
export * from "./metrics.ts";
export * from "./spectral.ts";

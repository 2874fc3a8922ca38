/** What models are made of: sizes, signals, priors, channels, noise. */
import type { Term } from "../types.ts";

export const models: readonly Term[] = [
  {
    id: "alpha",
    tex: "\\alpha",
    name: "Samples per unknown",
    definition: "The ratio n/p of the number of samples (or measurements) to the number of unknowns; delta or m/n in other texts.",
    of: ["alpha"]
  },
  {
    id: "noise",
    tex: "\\Delta",
    name: "Noise variance",
    definition: "The variance of the noise, always a variance and never a standard deviation; 0 means none.",
    of: ["noise"]
  }
];

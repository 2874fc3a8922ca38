/** What the forms of the page ask for, declared as the parameters of a model are, so that the same controls serve them. */
import type { Param } from "../../../src/core/types.ts";
import { DEFAULTS } from "./form.ts";

export const priorParam = {
  kind: "brick",
  registry: "prior",
  default: DEFAULTS.prior,
  symbol: "P_0",
  about: "what the components of the signal look like before anything is measured"
} as const satisfies Param;
export const channelParam = {
  kind: "brick",
  registry: "channel",
  default: DEFAULTS.channel,
  symbol: "P(y|z)",
  about: "how a measurement comes from z = (A x)ᵢ; noise is a variance"
} as const satisfies Param;

const number = (value: string) => Number(value);
export const imageParams = {
  share: {
    kind: "real",
    default: number(DEFAULTS.share),
    min: 0.01,
    max: 1,
    symbol: "α",
    about: "measurements for each pixel"
  },
  noise: {
    kind: "real",
    default: number(DEFAULTS.noise),
    min: 1e-6,
    max: 10,
    scale: "log",
    symbol: "Δ",
    about: "variance of the noise on each measurement; white minus black is 1"
  },
  weight: {
    kind: "real",
    default: number(DEFAULTS.weight),
    min: 0.001,
    max: 100,
    scale: "log",
    symbol: "λ",
    about: "weight of the total variation, in units of one over the standard deviation of the noise"
  },
  side: { kind: "choice", default: DEFAULTS.side, options: ["32", "64", "128"], symbol: "", about: "pixels along each side" },
  seed: {
    kind: "integer",
    default: number(DEFAULTS.seed),
    min: 0,
    max: 1_000_000,
    symbol: "",
    about: "of the holes, the projections and the noise"
  }
} as const satisfies Readonly<Record<string, Param>>;

// The library, browser-safe. What needs Node (files, processes, native code) is in node.ts.
export * from "./core/outcome.ts";
export * from "./core/parameters.ts";
export * from "./core/scenario.ts";
export * from "./core/specs.ts";
export type * from "./core/types.ts";
export * from "./numerics/index.ts";
export * from "./linalg/index.ts";
export * as activations from "./activations/index.ts";
export { type SmoothActivation, smoothActivation } from "./activations/smooth.ts";
export * as channels from "./channels/index.ts";
export * as ensembles from "./ensembles/index.ts";
export * as losses from "./losses/index.ts";
export * as priors from "./priors/index.ts";
export * from "./algorithms/index.ts";
export * from "./theory/index.ts";
export * as modules from "./modules/index.ts";
export * as models from "./models/index.ts";
export * as scenarios from "./scenarios/index.ts";

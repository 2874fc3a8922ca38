/** Modules of the house by their specs, for the tests of the theory on the graph. */
import * as activations from "../../../src/activations/index.ts";
import * as channels from "../../../src/channels/index.ts";
import { make } from "../../../src/core/parameters.ts";
import { makeFromSpec } from "../../../src/core/specs.ts";
import type { Activation, Channel, Module, Prior } from "../../../src/core/types.ts";
import { gaussianIid } from "../../../src/ensembles/index.ts";
import { activationModule, ensembleModule, likelihoodModule, priorModule } from "../../../src/modules/index.ts";
import * as priors from "../../../src/priors/index.ts";

export const prior = (spec: string) => makeFromSpec<Prior>(priors, spec);
export const channel = (spec: string) => makeFromSpec<Channel>(channels, spec);
export const activation = (spec: string) => makeFromSpec<Activation>(activations, spec);

export const source = (spec: string, size: number): Module => priorModule(prior(spec), size);
export const layer = (rows: number, cols: number): Module => ensembleModule(make(gaussianIid), rows, cols);
export const hidden = (spec: string, size: number, noiseBefore = 0): Module => activationModule(activation(spec), size, { noiseBefore });
export const observed = (spec: string, size: number): Module => likelihoodModule(channel(spec), size);

/** The last value and the return value of a generator. */
export function exhaust<T, R>(run: Generator<T, R>): { last: T; end: R; all: T[] } {
  const all: T[] = [];
  for (;;) {
    const step = run.next();
    if (step.done) return { last: all[all.length - 1], end: step.value, all };
    all.push(step.value);
  }
}

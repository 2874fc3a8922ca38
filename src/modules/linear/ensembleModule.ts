/** z = A x for a random matrix known by its ensemble alone: the theory of a linear layer, without an instance. */
import { ParameterError } from "../../core/parameters.ts";
import type { Ensemble, Module, Spectrum } from "../../core/types.ts";
import { checkPort, port } from "../ports.ts";
import { linearTheory } from "./linearTheory.ts";

/** One input of `cols` components, one output of `rows`; only the ratio counts, neither need be an integer. Throws ParameterError. */
export function ensembleModule(ensemble: Ensemble, rows: number, cols: number): Module {
  const kind = "linear ensemble";
  const input = port(kind, cols, ensemble.scalar);
  const output = port(kind, rows, ensemble.scalar);
  let known: Spectrum | null = null;
  const theory = linearTheory(rows, cols, ensemble.scalar, () => (known ??= ensemble.spectrum(rows / cols)));
  const refuse = (): never => {
    throw new ParameterError(`${kind}: this layer has no matrix; sample one first (linearModule(ensemble.sample(rng, rows, cols)))`);
  };
  return {
    kind: "ensemble",
    inputs: [input],
    outputs: [output],
    sample: refuse,
    project: refuse,
    variances: refuse,
    logPartition: refuse,
    ...theory,
    error(p, a, tau) {
      checkPort(kind, [input, output], p);
      return theory.error(p, a, tau);
    }
  };
}

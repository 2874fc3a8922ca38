/** x in a finite set with given weights: ternary signals, constellations, quantised weights. */
import { defineFamily, ParameterError } from "../core/parameters.ts";
import type { Prior } from "../core/types.ts";
import { finiteMixture } from "./finiteMixture.ts";

export const discrete = defineFamily<Prior>()({
  id: "discrete",
  about: "x takes the given values with the given weights (divided by their sum)",
  params: {
    values: { kind: "list", default: [-1, 0, 1], min: -1000, max: 1000, symbol: "x", about: "the values, all different" },
    weights: { kind: "list", default: [0.25, 0.5, 0.25], min: 1e-6, max: 1e6, symbol: "w", about: "their relative weights" }
  },
  references: [
    {
      key: "barbier2019",
      cite: "Barbier, Krzakala, Macris, Miolane, Zdeborová, Optimal errors and phase transitions in high-dimensional generalized linear models, PNAS 116, 5451 (2019)",
      url: "https://arxiv.org/abs/1708.03395",
      used: "discrete signals: the free entropy of any bounded prior, eq. 8"
    }
  ],
  build({ values, weights }) {
    if (values.length !== weights.length)
      throw new ParameterError(
        `discrete: weights must be as many as values (${values.length}), such as values=-1/0/1,weights=1/2/1, got ${weights.length}`
      );
    if (new Set(values).size < values.length)
      throw new ParameterError(`discrete: values must all be different, such as -1/0/1, got ${values.join("/")}`);
    return finiteMixture(values.map((mean, i) => ({ weight: weights[i], mean, variance: 0 })));
  }
});

/** x uniform on an interval: box-constrained signals. */
import { defineFamily, ParameterError } from "../core/parameters.ts";
import type { Prior } from "../core/types.ts";
import { sharpEdges } from "./sharpEdges.ts";

export const uniform = defineFamily<Prior>()({
  id: "uniform",
  about: "x uniform on [from, to]",
  params: {
    from: { kind: "real", default: -1, min: -100, max: 100, symbol: "l", about: "lower end" },
    to: { kind: "real", default: 1, min: -100, max: 100, symbol: "u", about: "upper end, above from" }
  },
  build({ from, to }) {
    if (!(to - from >= 1e-6))
      throw new ParameterError(`uniform: to must exceed from by at least 1e-6, such as from=-1,to=1, got from=${from},to=${to}`);
    return {
      ...sharpEdges([{ from, to, curvature: 0, tilt: 0, weight: 1 }]),
      sample(rng, x) {
        rng.fillUniform(x);
        for (let i = 0; i < x.length; i++) x[i] = from + (to - from) * x[i];
      }
    };
  }
});

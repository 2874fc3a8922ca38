/** GAMP on a million unknowns seen through a subsampled cosine transform: no matrix is ever stored. */
import { gamp } from "../src/algorithms/gamp.ts";
import { makeFromSpec } from "../src/core/specs.ts";
import type { Channel, LinearOperator, Prior } from "../src/core/types.ts";
import * as channels from "../src/channels/index.ts";
import * as named from "../src/linalg/operators/named.ts";
import { makeRng } from "../src/numerics/random/index.ts";
import * as priors from "../src/priors/index.ts";
import { type Line, line, median, once } from "./timing.ts";

export function benchOperators(): Line[] {
  const p = 2 ** 20;
  const n = p / 2;
  const operator = makeFromSpec<LinearOperator>(named.operators, `subsampled-dct:rows=${n},cols=${p},seed=1`);
  const prior = makeFromSpec<Prior>(priors, "gauss-bernoulli:rho=0.1");
  const channel = makeFromSpec<Channel>(channels, "gaussian:noise=0.001");
  const rng = makeRng(1, "bench");
  const truth = new Float64Array(p);
  const z = new Float64Array(n);
  const y = new Float64Array(n);
  prior.sample(rng.fork("x"), truth);
  operator.apply(truth, z);
  channel.sample(rng.fork("y"), z, y);
  const sweeps = gamp({ operator, y, prior, channel }, { iterations: 100, tolerance: 1e-300 });
  for (let k = 0; k < 3; k++) sweeps.next();
  const ms = median(Array.from({ length: 7 }, () => once(() => void sweeps.next())));
  return [line("GAMP iteration, subsampled DCT, p = 2^20, n = 2^19", `${ms.toFixed(0)} ms`, "< 500 ms", ms < 500)];
}

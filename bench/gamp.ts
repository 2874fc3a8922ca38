/** One GAMP iteration against its two matrix-vector products, and what an iteration allocates. */
import { gamp } from "../src/algorithms/gamp.ts";
import { makeFromSpec } from "../src/core/specs.ts";
import type { Channel, LinearOperator, Prior } from "../src/core/types.ts";
import * as channels from "../src/channels/index.ts";
import * as ensembles from "../src/ensembles/index.ts";
import { make } from "../src/core/parameters.ts";
import { operators } from "../src/linalg/operators/named.ts";
import { makeRng } from "../src/numerics/random/index.ts";
import * as priors from "../src/priors/index.ts";
import { type Line, line, median, once } from "./timing.ts";

function bricks(prior: string, channel: string) {
  return { prior: makeFromSpec<Prior>(priors, prior), channel: makeFromSpec<Channel>(channels, channel) };
}

function instance(rows: number, cols: number, priorSpec: string, channelSpec: string) {
  const rng = makeRng(1, "bench");
  const operator = make(ensembles.gaussianIid).sample(rng.fork("W"), rows, cols);
  const { prior, channel } = bricks(priorSpec, channelSpec);
  const truth = new Float64Array(cols);
  const z = new Float64Array(rows);
  const y = new Float64Array(rows);
  prior.sample(rng.fork("x"), truth);
  operator.apply(truth, z);
  channel.sample(rng.fork("y"), z, y);
  return { operator, prior, channel, y };
}

export function benchGamp(): Line[] {
  const lines: Line[] = [];
  for (const [priorSpec, channelSpec] of [
    ["gauss-bernoulli:rho=0.2", "gaussian:noise=0.01"],
    ["binary", "sign"]
  ]) {
    const n = 4000;
    const { operator, prior, channel, y } = instance(n, n, priorSpec, channelSpec);
    const x = new Float64Array(n).fill(0.1);
    const z = new Float64Array(n).fill(0.1);
    const sweeps = gamp({ operator, y, prior, channel }, { iterations: 1000, tolerance: 1e-300 });
    for (let k = 0; k < 4; k++) sweeps.next();
    const ratios: number[] = [];
    const iteration: number[] = [];
    for (let k = 0; k < 15; k++) {
      const products = once(() => {
        operator.apply(x, z);
        operator.adjoint(z, x);
      });
      const sweep = once(() => void sweeps.next());
      for (let i = 0; i < n; i++) x[i] = 0.1; // keeps the numbers normal
      ratios.push(sweep / products);
      iteration.push(sweep);
    }
    const r = median(ratios);
    lines.push(
      line(
        `GAMP iteration / its two products, dense 4000 x 4000, ${priorSpec}, ${channelSpec}`,
        `${r.toFixed(3)} (${median(iteration).toFixed(1)} ms)`,
        "<= 1.25",
        r <= 1.25
      )
    );
  }
  lines.push(benchAllocation());
  return lines;
}

/** Growth of the JS heap over 400 sweeps of a problem whose one vector is 256 kB; needs --expose-gc. */
function benchAllocation(): Line {
  const p = 2 ** 15;
  const operator = makeFromSpec<LinearOperator>(operators, `subsampled-dct:rows=${p / 2},cols=${p},seed=1`);
  const { prior, channel } = bricks("gauss-bernoulli:rho=0.2", "gaussian:noise=0.01");
  const y = new Float64Array(p / 2);
  makeRng(1, "bench").fillNormal(y);
  const collect = (globalThis as { gc?: () => void }).gc;
  const sweeps = gamp({ operator, y, prior, channel }, { iterations: 10_000, tolerance: 1e-300 });
  for (let k = 0; k < 300; k++) sweeps.next();
  collect?.();
  const before = process.memoryUsage();
  for (let k = 0; k < 400; k++) sweeps.next();
  const after = process.memoryUsage();
  const heap = (after.heapUsed - before.heapUsed) / 400;
  const buffers = after.arrayBuffers - before.arrayBuffers;
  return line(
    "GAMP: bytes a sweep adds to the heap (one vector of this problem is 262144), array buffers over 400 sweeps",
    `${heap.toFixed(0)} B, ${buffers} B`,
    "< 4096 B, 0 B",
    heap < 4096 && buffers <= 0
  );
}

/** A planted instance from brick specs, for the tests of this folder. */
import * as channels from "../../src/channels/index.ts";
import { makeFromSpec, type Registry } from "../../src/core/specs.ts";
import type { Channel, Ensemble, LinearOperator, Prior, Rng, Vec } from "../../src/core/types.ts";
import * as ensembles from "../../src/ensembles/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import * as priors from "../../src/priors/index.ts";

export interface Instance {
  readonly operator: LinearOperator;
  readonly y: Vec;
  readonly prior: Prior;
  readonly channel: Channel;
  readonly x0: Vec;
  readonly rng: Rng;
}

export const priorOf = (spec: string): Prior => makeFromSpec(priors as unknown as Registry<Prior>, spec, "prior");
export const channelOf = (spec: string): Channel => makeFromSpec(channels as unknown as Registry<Channel>, spec, "channel");

export function instance(
  seed: number,
  size: number,
  alpha: number,
  priorSpec: string,
  channelSpec: string,
  { ensemble = "gaussian-iid", precision = "f64" as "f64" | "f32" } = {}
): Instance {
  const prior = priorOf(priorSpec);
  const channel = channelOf(channelSpec);
  const rng = makeRng(seed, "instance");
  const operator = makeFromSpec(ensembles as unknown as Registry<Ensemble>, ensemble, "ensemble").sample(
    rng.fork("A"),
    Math.round(alpha * size),
    size,
    { precision }
  );
  const width = operator.scalar === "complex" ? 2 : 1;
  const x0 = new Float64Array(width * size);
  prior.sample(rng.fork("x0"), x0);
  const z = new Float64Array(width * operator.rows);
  operator.apply(x0, z);
  const y = new Float64Array((channel.labelScalar === "complex" ? 2 : 1) * operator.rows);
  channel.sample(rng.fork("y"), z, y);
  return { operator, y, prior, channel, x0, rng };
}

/**
 * Learning on a cured problem: the cures wrap prior and channel once, around bricks that can be exchanged, and a family that learning
 * asks for a brick exchanges them and answers with the wrapped view.
 */
import { type Cured, cure } from "../algorithms/cure.ts";
import type { GampChannel, GampPrior, GampProblem } from "../algorithms/gamp.ts";
import type { Learnable } from "../algorithms/learn.ts";
import type { Finding } from "../algorithms/preflight.ts";
import { parse } from "../core/parameters.ts";
import type { Channel, Family, Params, Prior, Values } from "../core/types.ts";

export interface CuredLearning {
  readonly cured: Cured;
  readonly prior: Learnable<Prior>;
  readonly channel: Learnable<Channel>;
}

export function curedLearning(
  problem: GampProblem,
  prior: Learnable<Prior>,
  channel: Learnable<Channel>,
  findings: readonly Finding[]
): CuredLearning {
  let nowPrior: Prior = prior.family.build(parse(prior.family, prior.values));
  let nowChannel: Channel = channel.family.build(parse(channel.family, channel.values));
  const priorView: GampPrior = {
    scalar: nowPrior.scalar,
    rule: nowPrior.rule,
    get mean() {
      return nowPrior.mean;
    },
    get secondMoment() {
      return nowPrior.secondMoment;
    },
    logPartition: (a, b, out) => nowPrior.logPartition(a, b, out),
    posterior: (a, b, mean, variance) => nowPrior.posterior(a, b, mean, variance)
  };
  const channelView: GampChannel = {
    scalar: nowChannel.scalar,
    labelScalar: nowChannel.labelScalar,
    get even() {
      return nowChannel.even;
    },
    logPartition: (V, omega, y, out) => nowChannel.logPartition(V, omega, y, out),
    score: (V, omega, y, g, curvature) => nowChannel.score(V, omega, y, g, curvature)
  };
  const cured = cure({ ...problem, prior: priorView, channel: channelView }, findings);
  const { prior: wrappedPrior, channel: wrappedChannel } = cured.problem;
  return {
    cured,
    prior: {
      values: prior.values,
      family: wrapped(prior.family, (brick) => {
        nowPrior = brick;
        return view(brick, {
          mean: wrappedPrior.mean,
          secondMoment: wrappedPrior.secondMoment,
          logPartition: wrappedPrior.logPartition.bind(wrappedPrior),
          posterior: wrappedPrior.posterior.bind(wrappedPrior)
        });
      })
    },
    channel: {
      values: channel.values,
      family: wrapped(channel.family, (brick) => {
        nowChannel = brick;
        return view(brick, {
          even: wrappedChannel.even,
          logPartition: wrappedChannel.logPartition.bind(wrappedChannel),
          score: wrappedChannel.score.bind(wrappedChannel)
        });
      })
    }
  };
}

/** The brick with some members replaced; GAMP and learning use no others. */
function view<T extends object>(brick: T, members: Partial<T>): T {
  return Object.create(brick, Object.getOwnPropertyDescriptors(members)) as T;
}

function wrapped<T>(family: Family<T>, wrap: (brick: T) => T): Family<T> {
  return { ...family, build: (p: Values<Params>) => wrap(family.build(p)) };
}

/**
 * Learning over many instances: the mean of what expectation maximisation learns lies on the truth. With s.e. from 20 instances, a
 * comparison at 4.6 standard errors (Student's t, 19 degrees of freedom) plus 10/N raises a false alarm with probability 2e-4.
 */
import { describe, expect, test } from "vitest";
import { gampLearn, type LearnResult, metrics, solveGamp } from "../../src/algorithms/index.ts";
import * as channels from "../../src/channels/index.ts";
import { average } from "../../src/core/scenario.ts";
import type { Family } from "../../src/core/types.ts";
import * as priors from "../../src/priors/index.ts";
import { instance } from "../algorithms/instance.ts";

const INSTANCES = 20;
const N = 2000;

interface Case {
  readonly prior: Family<never, never>;
  readonly channel: Family<never, never>;
  readonly alpha: number;
  readonly truth: Readonly<Record<string, number>>;
  readonly start: { readonly prior: Readonly<Record<string, number>>; readonly channel: Readonly<Record<string, number>> };
}
const of = (family: unknown) => family as Family<never, never>;
const cases: readonly Case[] = [
  {
    prior: of(priors.gaussBernoulli),
    channel: of(channels.gaussian),
    alpha: 0.6,
    truth: { rho: 0.1, variance: 2, noise: 0.01 },
    start: { prior: { rho: 0.3, variance: 1 }, channel: { noise: 0.3 } }
  },
  {
    prior: of(priors.gaussBernoulli),
    channel: of(channels.relu),
    alpha: 2,
    truth: { rho: 0.2, noise: 0.01 },
    start: { prior: { rho: 0.6 }, channel: { noise: 0.1 } }
  },
  {
    prior: of(priors.gaussian),
    channel: of(channels.gaussian),
    alpha: 2,
    truth: { variance: 0.5, noise: 0.2 },
    start: { prior: { variance: 2 }, channel: { noise: 1 } }
  }
];

const spec = (id: string, values: Readonly<Record<string, number>>, names: readonly string[]) => {
  const words = names.filter((name) => name in values).map((name) => `${name}=${values[name]}`);
  return words.length ? `${id}:${words.join(",")}` : id;
};

describe.each(cases)("%#", ({ prior, channel, alpha, truth, start }) => {
  test(`${prior.id} through ${channel.id}: ${Object.keys(truth).join(", ")} are learned without bias, and the estimate costs at most a tenth`, () => {
    const learned: Record<string, number[]> = {};
    const ratios: number[] = [];
    for (let seed = 0; seed < INSTANCES; seed++) {
      const p = instance(seed, N, alpha, spec(prior.id, truth, ["rho", "mean", "variance"]), spec(channel.id, truth, ["noise"]));
      const problem = {
        operator: p.operator,
        y: p.y,
        prior: { family: prior, values: start.prior },
        channel: { family: channel, values: start.channel }
      };
      const names = Object.keys(truth).map((name) => (name === "noise" ? "channel.noise" : `prior.${name}`));
      const run = gampLearn(problem as never, { learn: names, damping: 0.2 });
      let step = run.next();
      while (!step.done) step = run.next();
      const result: LearnResult = step.value;
      expect(result.outcome.kind, result.outcome.advice).toBe("converged");
      for (const l of result.learned) {
        const key = l.name.replace(/^.*\./, "");
        learned[key] ??= [];
        learned[key].push(l.value);
      }
      ratios.push(metrics(result.state.mean, p.x0).raw.mse / metrics(solveGamp(p, { damping: 0.2 }).state.mean, p.x0).raw.mse);
    }
    const misses: string[] = [];
    for (const [name, values] of Object.entries(learned)) {
      const { mean, sem } = average(values);
      const line = `${prior.id} x ${channel.id}: ${name} ${mean.toFixed(5)} ± ${(sem ?? 0).toFixed(5)}, truth ${truth[name]}`;
      console.log(line);
      if (!(Math.abs(mean - truth[name]) <= 4.6 * (sem ?? 0) + (10 / N) * truth[name])) misses.push(line);
    }
    expect(misses).toEqual([]);
    const { mean } = average(ratios);
    console.log(`${prior.id} x ${channel.id}: mse over the oracle's ${mean.toFixed(4)}`);
    expect(mean).toBeLessThan(1.1);
  });
});

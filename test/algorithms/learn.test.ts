import { expect, test } from "vitest";
import { gampLearn, type LearnOptions, type LearnResult, metrics, solveGamp } from "../../src/algorithms/index.ts";
import * as channels from "../../src/channels/index.ts";
import { ParameterError } from "../../src/core/parameters.ts";
import * as priors from "../../src/priors/index.ts";
import { instance } from "./instance.ts";

function drain(run: ReturnType<typeof gampLearn>): LearnResult {
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

test("rho, variance and noise of gauss-bernoulli x gaussian are recovered at N = 4000, and the estimate is as good as with the oracle", () => {
  // Without measurement effects the errors would be sqrt(rho(1-rho)/N) = 0.0047 of rho, sqrt(2/(rho N)) = 6 % of the variance and
  // sqrt(2/n) = 2.9 % of the noise; the observation widens the last by (V + noise)/noise. Five of these are allowed.
  const [N, alpha, rho, variance, noise] = [4000, 0.6, 0.1, 2, 0.01];
  const p = instance(0, N, alpha, `gauss-bernoulli:rho=${rho},variance=${variance}`, `gaussian:noise=${noise}`);
  const problem = {
    operator: p.operator,
    y: p.y,
    prior: { family: priors.gaussBernoulli, values: { rho: 0.3, variance: 1 } },
    channel: { family: channels.gaussian, values: { noise: 0.3 } }
  };
  const result = drain(gampLearn(problem, { learn: ["rho", "variance", "noise"], oracle: { rho, variance, noise } }));
  expect(result.outcome.kind, result.outcome.advice).toBe("converged");
  const learned = Object.fromEntries(result.learned.map((l) => [l.name, l]));
  const oracleRun = solveGamp(p);
  const widen = (oracleRun.state.V[0] + noise) / noise;
  expect(Math.abs(learned.rho.value - rho)).toBeLessThan(5 * 0.0047);
  expect(Math.abs(learned.variance.value / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / (rho * N)));
  expect(Math.abs(learned.noise.value / noise - 1)).toBeLessThan(5 * widen * Math.sqrt(2 / (alpha * N)));
  expect(learned.noise.oracle).toBe(noise);
  expect(result.learned.every((l) => !l.onBound)).toBe(true);
  expect(learned.rho.trajectory.value.length).toBe(learned.rho.trajectory.t.length);
  expect(learned.rho.trajectory.value.length).toBeGreaterThan(2);
  const [mse, oracle] = [metrics(result.state.mean, p.x0).raw.mse, metrics(oracleRun.state.mean, p.x0).raw.mse];
  expect(mse / oracle).toBeLessThan(1.1);
}, 120_000);

test("crude starts, in either direction and by many decades, end where the oracle ends", () => {
  const p = instance(1, 1000, 0.6, "gauss-bernoulli:rho=0.2", "gaussian:noise=0.001");
  const oracle = Number(metrics(solveGamp(p).state.mean, p.x0).raw.nmseDb);
  for (const [rho, variance, noise] of [
    [0.3, 10, 0.1],
    [0.9, 0.1, 1],
    [0.02, 1, 1],
    [0.5, 100, 1e-6],
    [0.3, 1e-3, 1e-3],
    [0.1, 900, 1e-3]
  ]) {
    const result = drain(
      gampLearn(
        {
          operator: p.operator,
          y: p.y,
          prior: { family: priors.gaussBernoulli, values: { rho, variance } },
          channel: { family: channels.gaussian, values: { noise } }
        },
        { learn: ["rho", "variance", "noise"] }
      )
    );
    const start = `from rho ${rho}, variance ${variance}, noise ${noise}`;
    expect(result.outcome.kind, `${start}: ${result.outcome.advice}`).toBe("converged");
    expect(Math.abs(Number(metrics(result.state.mean, p.x0).raw.nmseDb) - oracle), start).toBeLessThan(0.5);
  }
}, 120_000);

test("density and noise are learned through a relu, where half of the labels say little", () => {
  const p = instance(1, 1000, 2, "gauss-bernoulli:rho=0.2", "relu:noise=0.01");
  const result = drain(
    gampLearn(
      {
        operator: p.operator,
        y: p.y,
        prior: { family: priors.gaussBernoulli, values: { rho: 0.6 } },
        channel: { family: channels.relu, values: { noise: 0.1 } }
      },
      { learn: ["rho", "noise"] }
    )
  );
  expect(result.outcome.kind, result.outcome.advice).toBe("converged");
  expect(Math.abs(result.learned[0].value - 0.2)).toBeLessThan(5 * Math.sqrt(0.16 / 1000));
  expect(Math.abs(result.learned[1].value / 0.01 - 1)).toBeLessThan(0.5); // about 1000 linear labels, widened by (V + noise)/noise
}, 120_000);

test("a parameter the data push to its bound is flagged, not hidden", () => {
  const p = instance(2, 600, 2, "gaussian", "gaussian:noise=0.1");
  const result = drain(
    gampLearn(
      {
        operator: p.operator,
        y: p.y,
        prior: { family: priors.gaussBernoulli, values: { rho: 0.5 } },
        channel: { family: channels.gaussian, values: { noise: 0.1 } }
      },
      { learn: ["rho"] }
    )
  );
  expect(result.learned[0].value).toBeGreaterThan(0.9);
  if (result.learned[0].value > 0.99) {
    expect(result.learned[0].onBound).toBe(true);
    expect(result.outcome.advice).toMatch(/rho ended on a bound/);
  }
}, 120_000);

test("names: unknown, ambiguous, qualified", () => {
  const p = instance(0, 30, 1, "gauss-bernoulli", "gaussian");
  const problem = {
    operator: p.operator,
    y: p.y,
    prior: { family: priors.gaussBernoulli, values: {} },
    channel: { family: channels.gaussian, values: {} }
  };
  const run = (options: LearnOptions) => () => gampLearn(problem, options);
  expect(run({ learn: ["nois"] })).toThrow(
    /unknown parameter nois; did you mean noise\? there are prior.rho, prior.mean, prior.variance, channel.noise/
  );
  expect(run({ learn: ["nois"] })).toThrow(ParameterError);
  expect(run({ learn: [] })).toThrow(/at least one/);
  expect(run({ learn: ["channel.noise"], learnDamping: 1 })).toThrow(/learnDamping/);
  expect(run({ learn: ["channel.noise", "prior.variance"] })).not.toThrow();
});

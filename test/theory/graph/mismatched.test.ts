import { expect, test } from "vitest";
import { make } from "../../../src/core/parameters.ts";
import { gaussianIid, rowOrthogonal } from "../../../src/ensembles/index.ts";
import { graphEvolution, mismatchedGraphEvolution, stateEvolution } from "../../../src/theory/index.ts";
import { ensembleModule } from "../../../src/modules/index.ts";
import { channel, exhaust, observed, prior, source } from "./bricks.ts";
import { chain } from "./chains.ts";

const model = (p: string, c: string) => ({ prior: prior(p), channel: channel(c) });

test.each([
  ["gauss-bernoulli:rho=0.3", "gaussian:noise=0.2", "gauss-bernoulli:rho=0.2", "gaussian:noise=0.1", 0.7],
  ["gaussian", "logistic", "gaussian", "sign", 3],
  ["gaussian", "sign", "binary", "sign", 2]
] as const)("with i.i.d. weights the mismatched fixed point is that of GAMP: %s, %s", (p, c, p0, c0, alpha) => {
  const student = model(p, c);
  const teacher = model(p0, c0);
  const { last, end } = exhaust(mismatchedGraphEvolution(make(gaussianIid).spectrum(alpha), student, teacher));
  const gamp = exhaust(stateEvolution(alpha, student, teacher, { tolerance: 1e-11 }));
  expect(end.kind).toBe("converged");
  for (const name of ["m", "q"] as const) expect(Math.abs(last.x[name] - gamp.last[name])).toBeLessThan(1e-9);
  expect(Math.abs(last.x.v - gamp.last.V)).toBeLessThan(1e-9);
  expect(Math.abs(last.x.mse - gamp.last.mse)).toBeLessThan(1e-9);
});

test("teacher = student is matched state evolution, message by message: a = mHat = qHat, m = q", () => {
  const spectrum = make(rowOrthogonal).spectrum(0.6);
  const same = model("gauss-bernoulli:rho=0.25", "gaussian:noise=0.01");
  const { last } = exhaust(mismatchedGraphEvolution(spectrum, same, same));
  const graph = chain([
    source("gauss-bernoulli:rho=0.25", 1),
    ensembleModule(make(rowOrthogonal), 0.6, 1),
    observed("gaussian:noise=0.01", 0.6)
  ]);
  const matched = exhaust(graphEvolution(graph)).last;
  expect(Math.abs(last.x.mse / matched.v[0] - 1)).toBeLessThan(1e-8);
  expect(Math.abs(last.x.m - last.x.q)).toBeLessThan(1e-9);
  const { a, mHat, qHat } = last.messages.xBackward;
  expect(Math.abs(mHat / a - 1)).toBeLessThan(1e-8);
  expect(Math.abs(qHat / a - 1)).toBeLessThan(1e-8);
});

test("a student certain of less noise than there is runs away or is worse than the matched one, never better", () => {
  const spectrum = make(rowOrthogonal).spectrum(0.6);
  const teacher = model("gauss-bernoulli:rho=0.25", "gaussian:noise=0.05");
  const best = exhaust(mismatchedGraphEvolution(spectrum, teacher, teacher)).last.x.mse;
  for (const noise of [0.02, 0.2]) {
    const { last } = exhaust(mismatchedGraphEvolution(spectrum, model("gauss-bernoulli:rho=0.25", `gaussian:noise=${noise}`), teacher));
    expect(last.x.mse).toBeGreaterThan(best);
  }
});

import { expect, test } from "vitest";
import { makeFromSpec } from "../../src/core/specs.ts";
import type { Channel, Outcome, Prior } from "../../src/core/types.ts";
import * as channels from "../../src/channels/index.ts";
import * as priors from "../../src/priors/index.ts";
import { type Order, stateEvolution } from "../../src/theory/index.ts";

const model = (p: string, c: string) => ({ prior: makeFromSpec<Prior>(priors, p), channel: makeFromSpec<Channel>(channels, c) });
function run(alpha: number, m: ReturnType<typeof model>, overlap: number, iterations = 20_000): { last: Order; end: Outcome } {
  const steps = stateEvolution(alpha, m, m, { start: { overlap }, iterations });
  let last: Order = { t: 0, m: 0, q: 0, V: 0, mse: 0 };
  for (;;) {
    const s = steps.next();
    if (s.done) return { last, end: s.value };
    last = s.value;
  }
}

test("a start of overlap 1e-12 above weak recovery is not mistaken for rest at zero: the run goes on to the true overlap", () => {
  const m = model("gaussian", "abs");
  const tiny = run(0.6, m, 1e-12);
  const big = run(0.6, m, 0.5);
  expect(tiny.end.kind).toBe("converged");
  expect(Math.abs(tiny.last.q - big.last.q)).toBeLessThan(1e-6);
  expect(big.last.q).toBeGreaterThan(0.05);
});

test("below weak recovery the outcome is trivial-fixed-point, never converged", () => {
  expect(run(0.4, model("gaussian", "abs"), 1e-3).end.kind).toBe("trivial-fixed-point");
  expect(run(0.4, model("gaussian", "abs"), 0).end.kind).toBe("trivial-fixed-point");
});

test("noiseless recovery ends as exact-recovery, an exhausted horizon as horizon", () => {
  expect(run(0.6, model("gauss-bernoulli:rho=0.2", "gaussian:noise=0"), 0).end.kind).toBe("exact-recovery");
  expect(run(0.6, model("gauss-bernoulli:rho=0.2", "gaussian:noise=0"), 0, 3).end.kind).toBe("horizon");
});

test("a student far too sure of its noise is caught: diverged or a finite fixed point, never NaN", () => {
  const student = model("gauss-bernoulli:rho=0.2", "gaussian:noise=0");
  const teacher = model("laplace", "gaussian:noise=1");
  for (const alpha of [0.3, 0.9, 1, 1.1, 3]) {
    const steps = stateEvolution(alpha, student, teacher, { iterations: 300 });
    for (;;) {
      const s = steps.next();
      if (s.done) {
        expect(Number.isFinite(s.value.residual)).toBe(true);
        break;
      }
      expect(Number.isNaN(s.value.mse + s.value.V + s.value.q)).toBe(false);
    }
  }
});

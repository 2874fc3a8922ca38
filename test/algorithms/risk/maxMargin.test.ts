import { expect, test } from "vitest";
import { coordinateRisk, maxMargin, newtonRisk } from "../../../src/algorithms/risk/index.ts";
import { make, ParameterError } from "../../../src/core/parameters.ts";
import type { Vec } from "../../../src/core/types.ts";
import { denseFrom } from "../../../src/linalg/index.ts";
import { hinge, logistic } from "../../../src/losses/index.ts";
import { distance, instance } from "./instances.ts";

const unit = (w: Vec): Vec => {
  const size = Math.hypot(...w);
  return w.map((x) => x / size);
};

test("the margin of points on a line is half their distance along it", () => {
  // samples (1, 2) and (-3, 2) need a hyperplane through the origin: the best is orthogonal to e_1, its margin the smaller |x_1|
  const r = maxMargin(denseFrom(2, 2, [1, 0, -3, 0]), Float64Array.of(1, -1));
  expect(r.outcome.kind).toBe("converged");
  expect([...r.w]).toEqual([1, 0]);
  expect(r.margin).toBe(1);
  // (1, 1) and (1, -1), both positive: the bisector, margin 1
  const s = maxMargin(denseFrom(2, 2, [1, 1, 1, -1]), Float64Array.of(1, 1));
  expect(s.margin).toBeCloseTo(1, 12);
  expect([...s.w].map((x) => Math.round(x * 1e12) / 1e12)).toEqual([1, 0]);
});

test("every support vector has margin 1, no sample less, and the bound on the margin is met", () => {
  const data = instance(300, 100, "signs");
  const r = maxMargin(data.operator, data.y);
  expect(r.outcome.kind).toBe("converged");
  const z = new Float64Array(300);
  data.operator.apply(r.w, z);
  let support = 0;
  for (let mu = 0; mu < 300; mu++) {
    expect(data.y[mu] * z[mu]).toBeGreaterThan(1 - 1e-10);
    expect(data.y[mu] * r.dual[mu]).toBeGreaterThanOrEqual(0);
    if (r.dual[mu] !== 0) {
      support++;
      expect(data.y[mu] * z[mu]).toBeCloseTo(1, 9);
    }
  }
  expect(support).toBeLessThanOrEqual(100);
  expect(r.marginBound / r.margin - 1).toBeLessThan(1e-10);
});

test("hinge at a small ridge is max-margin exactly, logistic tends to it in direction", () => {
  const data = instance(200, 100, "signs", 0, 2);
  const r = maxMargin(data.operator, data.y);
  // as soon as ridge < 1/max a of the dual (units of |w|^2), the hinge's box no longer binds
  const hard = coordinateRisk({ ...data, loss: make(hinge), penalty: { ridge: 1e-5 } });
  expect(distance(hard.w, r.w)).toBeLessThan(1e-9);
  let last = 1;
  for (const ridge of [1e-2, 1e-5, 1e-8]) {
    const soft = newtonRisk({ ...data, loss: make(logistic), penalty: { ridge } });
    const away = distance(unit(soft.w), unit(r.w));
    expect(away).toBeLessThan(last);
    last = away;
  }
  expect(last).toBeLessThan(0.1); // like 1/ln(1/ridge)
});

test("data that no hyperplane separates are called so", () => {
  const r = maxMargin(denseFrom(3, 1, [1, 2, 3]), Float64Array.of(1, -1, 1));
  expect(r.outcome.kind).toBe("diverged");
  expect(r.outcome.advice).toMatch(/^the data are not separable/);
  expect([...r.w, r.margin, r.marginBound].every(Number.isFinite)).toBe(true);
  const noisy = instance(200, 30, "signs", 1, 3);
  const s = maxMargin(noisy.operator, noisy.y);
  expect(s.outcome.kind).toBe("diverged");
  expect(s.margin).toBeLessThanOrEqual(0);
});

test("labels that are not signs are refused", () => {
  expect(() => maxMargin(denseFrom(2, 1, [1, 2]), Float64Array.of(0, 1))).toThrow(ParameterError);
});

import { expect, test } from "vitest";
import { checkLabels, lossChannel } from "../../../src/algorithms/risk/index.ts";
import { make } from "../../../src/core/parameters.ts";
import { absolute, hinge, huber, logistic, square } from "../../../src/losses/index.ts";

test("labels of three classes get one clear sentence", () => {
  const refused = (y: number[]) => () => checkLabels(y, make(logistic), "logistic");
  expect(refused([0, 1, 2, 1])).toThrow("logistic: labels must be -1 or +1, got 3 classes (0, 1, 2); for example odd digits +1, even -1");
  expect(refused([0, 1, 0])).toThrow("logistic: labels must be -1 or +1, got 2 classes (0, 1); for example 0 becomes -1 and 1 becomes +1");
  expect(refused([7, 7])).toThrow("got 1 class (7)");
  expect(refused([0.5, 1.5, -1])).toThrow("the sign of what was measured");
  expect(refused(Array.from({ length: 3000 }, (_, i) => i))).toThrow("got more than 1000 values (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...)");
  expect(refused([1, Number.NaN])).toThrow("logistic: labels must be finite, got NaN at index 1");
  expect(refused([1, -1, 1])).not.toThrow();
});

test("losses of y - z take any finite labels", () => {
  expect(() => checkLabels([0, 3.5, -2], make(square))).not.toThrow();
  expect(() => checkLabels([Number.POSITIVE_INFINITY], make(square), "square")).toThrow(
    "square: labels must be finite, got Infinity at index 0"
  );
  expect(() => checkLabels([1e150], make(square), "square")).toThrow("rescale it");
});

test("the loss as a channel: g and curvature are the first two derivatives of ln Z", () => {
  for (const loss of [make(square), make(logistic), make(hinge), make(absolute), make(huber)]) {
    const channel = lossChannel(loss);
    const n = 7;
    const y = Float64Array.from({ length: n }, (_, i) => (i % 2 ? 1 : -1));
    const omega = Float64Array.of(-3.1, -1.37, -0.6, 0.21, 0.4, 1.53, 2.8);
    for (const V of [Float64Array.of(0.7), Float64Array.from({ length: n }, (_, i) => 0.2 + i)]) {
      const at = (h: number) => {
        const out = new Float64Array(n);
        channel.logPartition(
          V,
          omega.map((x) => x + h),
          y,
          out
        );
        return out;
      };
      const h = 1e-3;
      const g = new Float64Array(n);
      const c = new Float64Array(n);
      channel.score(V, omega, y, g, c);
      const [up, mid, down] = [at(h), at(0), at(-h)];
      for (let i = 0; i < n; i++) {
        expect((up[i] - down[i]) / (2 * h)).toBeCloseTo(g[i], 6);
        expect(-(up[i] - 2 * mid[i] + down[i]) / h ** 2).toBeCloseTo(c[i], 5);
      }
    }
  }
});

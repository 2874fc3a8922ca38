/** Pictures spoilt and recovered: the measurements are what they say, models beat their baselines, error bars cover. */
import { expect, test } from "vitest";
import { type ImageResult, type ImageTask, recoverImage, spoilt } from "../../src/experiments/imageTask.ts";

const side = 32;
/** Two plateaus and a disc, grey values in [0, 1]. */
const pixels = Float64Array.from({ length: side * side }, (_, k) => {
  const [i, j] = [Math.floor(k / side), k % side];
  return (i - 12) ** 2 + (j - 18) ** 2 < 60 ? 0.9 : j < 10 ? 0.3 : 0.1;
});
const base: ImageTask = { pixels, side, task: "denoise", share: 0.5, noise: 0.01, model: "total-variation", seed: 2 };

function solved(task: ImageTask): ImageResult {
  const run = recoverImage(task);
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}
const mse = (x: ArrayLike<number>) => pixels.reduce((s, v, k) => s + (v - x[k]) ** 2, 0) / pixels.length;

test("noise has the variance asked for, holes are a share, projections are orthonormal", () => {
  const noisy = spoilt(base);
  expect(Math.abs(mse(noisy.baseline) / 0.01 - 1)).toBeLessThan(4 * Math.sqrt(2 / pixels.length)); // 4 s.e. of a chi-square mean
  const holed = spoilt({ ...base, task: "inpaint", share: 0.25 });
  expect(holed.seen?.filter(Number.isNaN).length).toBe(0.75 * pixels.length);
  expect(holed.baseline.every(Number.isFinite)).toBe(true);
  const projected = spoilt({ ...base, task: "compress", share: 1, noise: 1e-6 });
  expect(mse(projected.baseline)).toBeLessThan(1e-5); // all rows: A^T y is x
});

test.each(["denoise", "inpaint", "compress"] as const)("%s: total variation is much better than the baseline on a cartoon", (task) => {
  const given = { ...base, task };
  const found = solved(given);
  expect(found.deviation).toBeNull();
  expect(found.mse).toBeCloseTo(mse(found.estimate), 12);
  expect(found.mse).toBeLessThan(0.6 * mse(spoilt(given).baseline));
});

test("wavelets: what is learned is finite, error bars cover about as they should", () => {
  const found = solved({ ...base, model: "wavelets" });
  expect(found.outcome.kind).toBe("converged");
  expect(found.learned.map((l) => l.name)).toEqual(["rho", "variance"]);
  const deviation = found.deviation as Float64Array;
  const within = pixels.filter((v, k) => Math.abs(found.estimate[k] - v) <= 2 * deviation[k]).length / pixels.length;
  expect(within).toBeGreaterThan(0.8);
});

test.each([
  [{ side: 30 }, "power of two"],
  [{ side: 16 }, "16 x 16 pixels are 256 numbers, got 1024"],
  [{ share: 0 }, "share of measurements must be in (0, 1]"],
  [{ noise: 0 }, "variance of the noise"]
] as const)("%j is refused in a sentence", (patch, words) => {
  expect(() => spoilt({ ...base, ...patch })).toThrow(words);
});

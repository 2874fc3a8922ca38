/** Large Poisson counts are drawn by rejection: their law against the exact cumulative probabilities, at a fixed seed. */
import { expect, test } from "vitest";
import { poisson } from "../../src/channels/poisson.ts";
import { make } from "../../src/core/parameters.ts";
import { logGamma } from "../../src/numerics/special/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

const channel = make(poisson, { gain: 1 });
const draw = (rate: number, n: number) => {
  const y = new Float64Array(n);
  channel.sample(makeRng(3, `poisson ${rate}`), new Float64Array(n).fill(rate), y); // softplus(z) = z here, to e^-1000
  return y;
};

test("counts of mean 1001 have the exact law: Kolmogorov distance below its 1e-4 quantile, 2.2/sqrt(n)", () => {
  const [rate, n] = [1001, 40_000];
  const y = draw(rate, n).sort();
  let cdf = 0;
  let worst = 0;
  let seen = 0;
  for (let k = 0; k < 1400; k++) {
    cdf += Math.exp(k * Math.log(rate) - rate - logGamma(k + 1));
    while (seen < n && y[seen] <= k) seen++;
    worst = Math.max(worst, Math.abs(seen / n - cdf));
  }
  expect(seen).toBe(n);
  expect(worst).toBeLessThan(2.2 / Math.sqrt(n));
});

test("mean, variance and third cumulant are the rate, from 2e3 to 1e12, within 5 standard errors", () => {
  for (const rate of [2e3, 1e6, 1e9, 1e12]) {
    const n = 40_000;
    const u = draw(rate, n).map((y) => (y - rate) / Math.sqrt(rate));
    const moment = (p: number) => u.reduce((s, x) => s + x ** p, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3) - 1 / Math.sqrt(rate))).toBeLessThan(5 * Math.sqrt(15 / n));
  }
});

test("the nodes weigh one at every gain: the mode is found where Newton alone swings for good, and large gains keep their digits", () => {
  for (const gain of [0.01, 0.3, 1, 1.7, 2.5301287455812482, 5, 10])
    for (const law of [
      { q: 1.0000000100000004, slope: 1, spread: 0.9999999899999996 },
      { q: 0.01, slope: 1, spread: 1 },
      { q: 4, slope: 1, spread: 0.1 },
      { q: 3, slope: 1, spread: 0.5 }
    ]) {
      const mass = make(poisson, { gain })
        .field(law)
        .weight.reduce((s, w) => s + w, 0);
      expect(Math.abs(mass - 1), `gain ${gain}, ${JSON.stringify(law)}`).toBeLessThan(1e-11);
    }
});

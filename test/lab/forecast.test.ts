/** What the page of the visitor's data says before anything is solved. */
import { describe, expect, test } from "vitest";
import { formOf } from "../../lab/src/solve/form.ts";
import { forewords, hintOf } from "../../lab/src/solve/forecastWords.ts";
import { forecast } from "../../lab/src/solve/work/forecast.ts";
import { hold } from "../../lab/src/solve/work/held.ts";

const prior = "gauss-bernoulli:rho=0.1";
/** Entries N(0, 1/600); y as the prior and the noise make it. */
const asked = (rows: number, noise: number) => ({
  rows,
  cols: 600,
  scalar: "real" as const,
  matrix: { meanSquare: 1 / 600, mean: 0, values: null },
  observations: { meanSquare: 0.1 + noise, mean: 0, values: null },
  prior,
  channel: `gaussian:noise=${noise}`
});

describe("forecast", () => {
  test("enough measurements with little noise are said to suffice, and the signal to noise ratio is that of the data", () => {
    const found = forecast(asked(300, 1e-4));
    expect(10 * Math.log10(found.signalToNoise ?? 0)).toBeCloseTo(30, 6);
    expect(found.largerThanExpected).toBeCloseTo(1, 9);
    expect(found.nmse).toBeLessThan(1e-2);
    expect(found.enough).toBeNull();
    expect(forewords(found, 300, 600, false).map((f) => f.tone)).toEqual(["plain", "good"]);
  });
  test("the number of measurements that is said to suffice does, and a tenth fewer do not", () => {
    const found = forecast(asked(60, 1e-4));
    expect(found.nmse).toBeGreaterThan(0.1);
    const enough = found.enough ?? Number.NaN;
    expect(forecast(asked(enough, 1e-4)).enough).toBeNull();
    expect(forecast(asked(Math.floor(0.9 * enough), 1e-4)).enough).not.toBeNull();
    expect(forewords(found, 60, 600, false)[1].words).toContain("Not enough");
  });
  test("the better solution of the hard phase is named", () => {
    // Krzakala et al. 2012: at rho = 0.1 and no noise AMP fails below alpha = 0.2-0.21, the truth is a fixed point from alpha = rho on
    const found = forecast(asked(108, 1e-8));
    expect(found.hidden).toBeLessThan(1e-5);
  });
  test("noise larger than the measurements is said", () => {
    const found = forecast({ ...asked(300, 1), observations: { meanSquare: 0.1, mean: 0, values: null } });
    expect(forewords(found, 300, 600, false)[0].words).toContain("as large as the measurements");
  });
});

describe("hints", () => {
  const held = (place: string, shape: number[], data: number[], scalar: "real" | "complex" = "real") =>
    hold({ place, array: { scalar, shape, data: Float64Array.from(data) } });
  const A = held("A.npy", [3, 2], [1, -1, 0.5, -0.5, 2, -2]);
  test("labels of 1 and -1 ask for the channel sign", () => {
    const hint = hintOf({ matrix: A, observations: held("y.npy", [3], [1, -1, 1]), truth: null }, formOf({}));
    expect(hint?.patch.channel).toBe("sign");
  });
  test("complex data ask for a complex signal", () => {
    const y = held("y.npy", [3], [1, 0, 0, 1, 0.5, 0.5], "complex");
    expect(hintOf({ matrix: A, observations: y, truth: null }, formOf({}))?.patch).toMatchObject({
      prior: "complex-gauss-bernoulli:rho=0.1",
      channel: "complex-gaussian:noise=0.01"
    });
  });
});

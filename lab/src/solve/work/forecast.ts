/** What theory says before anything is solved: whether so many measurements with so much noise suffice. */
import { hasCostlyField } from "../../../../src/channels/fromDensity.ts";
import { parse } from "../../../../src/core/parameters.ts";
import { channelOf, priorOf } from "../../../../src/experiments/solveInputs.ts";
import { evolvePrediction } from "../../../../src/experiments/solvePrediction.ts";
import type { Forecast, ForecastAsked } from "./protocol.ts";

/** An error this much smaller than the signal counts as recovery: -20 dB. */
const RECOVERED = 1e-2;
const SWEEPS = 300;
/** Measurements for each unknown beyond which more are not looked for. */
const MOST = 20;

/** Throws ParameterError for specs that cannot be read. */
export function forecast({ rows, cols, scalar, matrix, observations, prior, channel }: ForecastAsked): Forecast {
  const [p, c] = [priorOf(prior), channelOf(channel)];
  const [priorBrick, channelBrick] = [p.family.build(parse(p.family, p.values)), c.family.build(parse(c.family, c.values))];
  // a real signal under a complex matrix: every measurement counts twice (src/experiments/solveFields.ts)
  const width = priorBrick.scalar === "real" && scalar === "complex" ? 2 : 1;
  const at = (m: number) => ({
    rows: width * m,
    cols,
    frobenius2: width * m * cols * matrix.meanSquare * Math.max(0, 1 - matrix.mean ** 2)
  });
  const noise = /^(complex-)?gaussian$/.test(c.family.id) ? Number((parse(c.family, c.values) as { noise: number }).noise) : null;
  const size = priorBrick.secondMoment;
  // what the rows of A make of a signal of the prior, and the noise
  const expected = noise !== null && Math.abs(matrix.mean) < 0.05 ? cols * matrix.meanSquare * size + noise : null;
  const none = hasCostlyField(channelBrick) || priorBrick.scalar !== channelBrick.scalar;
  const nmse = (m: number, from: "uninformed" | "informed" = "uninformed") => {
    const end = none ? null : evolvePrediction(priorBrick, channelBrick, at(m), SWEEPS, from);
    return end ? end.mse / size : null;
  };
  const here = nmse(rows);
  const near = here !== null && here > RECOVERED && !channelBrick.even ? nmse(rows, "informed") : null;
  return {
    signalToNoise: noise === null || !(noise > 0) ? null : (observations.meanSquare - noise) / noise,
    largerThanExpected: expected && expected > 0 ? observations.meanSquare / expected : null,
    mse: here === null ? null : here * size,
    nmse: here,
    hidden: near !== null && here !== null && near < 0.1 * here ? near * size : null,
    enough: here !== null && here > RECOVERED ? enough(nmse, rows, MOST * cols) : null
  };
}

/** The least number of measurements, to 2 percent, that recovers the signal; null when none up to `most` does. */
function enough(nmse: (m: number) => number | null, from: number, most: number): number | null {
  const good = (m: number) => (nmse(m) ?? Number.POSITIVE_INFINITY) <= RECOVERED;
  let low = from;
  let high = from;
  do {
    low = high;
    high = Math.ceil(high * 1.5);
    if (low >= most) return null;
  } while (!good(high));
  while (high - low > Math.max(1, 0.02 * high)) {
    const middle = Math.round((low + high) / 2);
    if (good(middle)) high = middle;
    else low = middle;
  }
  return high;
}

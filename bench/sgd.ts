/** Online SGD against what it cannot avoid, drawing its Gaussian inputs and reading the weights once; and its equations. */
import { onlineSgd, sampleOverlaps, weightsWithOverlaps } from "../src/algorithms/sgd/index.ts";
import { denseMatrix } from "../src/linalg/index.ts";
import { makeRng } from "../src/numerics/random/index.ts";
import { sgdOde } from "../src/theory/sgd/index.ts";
import { compare, type Line, line, time } from "./timing.ts";

export function benchSgd(): Line[] {
  const lines: Line[] = [];
  for (const [N, units] of [
    [1000, 2],
    [1000, 4],
    [10_000, 2],
    [10_000, 4]
  ] as const) {
    const steps = 2_000_000 / N;
    const start = sampleOverlaps({ K: units, M: units, N, studentScale: 0.5 }, makeRng(1));
    const weights = weightsWithOverlaps(start, N, makeRng(2));
    // The start is a frame of its own and copies the weights: its time is taken off by starting the clock after it.
    const learn = () => {
      const frames = onlineSgd(
        { activation: "erf", N, ...weights, v: start.v, vTeacher: start.vTeacher, learningRate: 0.5 },
        [0, steps / N],
        makeRng(3)
      );
      frames.next();
      return frames;
    };
    let running = learn();
    const rows = denseMatrix(2 * units, N);
    const rng = makeRng(4);
    const x = new Float64Array(N);
    const z = new Float64Array(2 * units);
    const drawing = () => {
      for (let k = 0; k < steps; k++) rng.fillNormal(x);
    };
    const limit = () => {
      for (let k = 0; k < steps; k++) {
        rng.fillNormal(x);
        rows.apply(x, z);
      }
    };
    const { a, ratio } = compare(() => {
      running.next();
      running = learn();
    }, limit);
    const share = time(drawing) / a;
    const each = (a / steps) * 1000;
    lines.push(
      line(
        `SGD step over drawing its inputs and reading the weights, N = ${N}, K = M = ${units} (${each.toFixed(1)} us, ${Math.round(share * 100)}% drawing)`,
        ratio.toFixed(2),
        "<= 1.3",
        ratio <= 1.3
      )
    );
  }
  const start = sampleOverlaps({ K: 4, M: 4, N: 1000, studentScale: 0.5 }, makeRng(5));
  const ms = time(() => {
    const states = sgdOde({ activation: "erf", learningRate: 0.5 }, start, [0, 1000]);
    while (!states.next().done);
  });
  lines.push(line("equations of K = M = 4 erf units to t = 1000, error control 1e-8", `${ms.toFixed(1)} ms`, "< 50 ms", ms < 50));
  return lines;
}

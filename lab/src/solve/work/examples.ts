/** Data drawn for a visitor who has none: a matrix, a signal and its measurements, the same for the same seed. */
import { channelOf, type Given, priorOf } from "../../../../src/experiments/solveInputs.ts";
import { complexGaussianIid, gaussianIid } from "../../../../src/ensembles/index.ts";
import { make } from "../../../../src/core/parameters.ts";
import { denseMatrix } from "../../../../src/linalg/dense.ts";
import { makeRng } from "../../../../src/numerics/random/index.ts";
import type { ExampleId } from "../exampleIds.ts";
import { exampleModels } from "../exampleModels.ts";

export function drawExample(id: ExampleId, seed: number): { readonly matrix: Given; readonly observations: Given; readonly truth: Given } {
  const { rows, cols, prior, channel, complex } = exampleModels[id];
  const rng = makeRng(seed, `example ${id}`);
  const scalar = complex ? "complex" : "real";
  const width = complex ? 2 : 1;
  const law = complex ? make(complexGaussianIid) : make(gaussianIid);
  const drawn = law.sample(rng.fork("A"), rows, cols);
  const entries = new Float64Array(width * rows * cols);
  // the entries, read off column by column: an operator promises products only
  const unit = new Float64Array(width * cols);
  const column = new Float64Array(width * rows);
  for (let j = 0; j < cols; j++) {
    unit[width * j] = 1;
    drawn.apply(unit, column);
    unit[width * j] = 0;
    for (let i = 0; i < rows; i++) for (let c = 0; c < width; c++) entries[width * (i * cols + j) + c] = column[width * i + c];
  }
  const A = denseMatrix(rows, cols, { scalar });
  A.data.set(entries);
  A.changed();
  const priorBrick = priorOf(prior);
  const channelBrick = channelOf(channel);
  const x = new Float64Array(width * cols);
  make(priorBrick.family, priorBrick.values).sample(rng.fork("x0"), x);
  const z = new Float64Array(width * rows);
  A.apply(x, z);
  const law2 = make(channelBrick.family, channelBrick.values);
  const y = new Float64Array((law2.labelScalar === "complex" ? 2 : 1) * rows);
  law2.sample(rng.fork("y"), z, y);
  const given = (place: string, shape: readonly number[], data: Float64Array, field: "real" | "complex"): Given => ({
    place,
    array: { scalar: field, shape, data }
  });
  return {
    matrix: given("example.npz:A", [rows, cols], entries, scalar),
    observations: given("example.npz:y", [rows], y, law2.labelScalar),
    truth: given("example.npz:truth", [cols], x, scalar)
  };
}

import { describe, expect, test } from "vitest";
import { makeOperator, materialise, operators } from "../../../src/linalg/operators/index.ts";
import { checkLaws, distance, gaussian } from "./laws.ts";

describe("operators by name", () => {
  test.each(Object.values(operators).map((family) => family.id))("%s builds from its declared defaults", (id) => {
    const op = makeOperator(id);
    expect(op.rows).toBeGreaterThan(0);
    expect(op.frobenius2).toBeGreaterThan(0);
  });

  test.each([
    "subsampled-dct:rows=10,cols=32,seed=4,signs=random",
    "subsampled-dct:rows=10,cols=32,basis=haar1d,levels=2",
    "subsampled-fourier:rows=9,cols=36,basis=haar2d",
    "subsampled-fourier:rows=9,cols=36,signal=real,basis=haar2d,image-width=18",
    "subsampled-hadamard:rows=20,cols=32,basis=dct",
    "subsample:rows=5,cols=16,basis=haar2d,image-width=8",
    "convolution:height=4,width=6,kernel=1/2/3/4/5/6,kernel-width=3,boundary=periodic,basis=haar2d",
    "hadamard:size=16"
  ])("%s keeps the laws of operators", (spec) => checkLaws(makeOperator(spec)));

  test("a basis is kept as the synthesis: measuring the signal is applying the operator to its coefficients", () => {
    const op = makeOperator("subsampled-hadamard:rows=20,cols=64,seed=2,basis=haar2d");
    const measure = makeOperator("subsampled-hadamard:rows=20,cols=64,seed=2");
    const c = gaussian(64, 1);
    const x = new Float64Array(64);
    const [z, want] = [new Float64Array(20), new Float64Array(20)];
    op.synthesis?.apply(c, x);
    op.apply(c, z);
    measure.apply(x, want);
    expect(distance(z, want)).toBeLessThan(1e-14);
    expect(measure.synthesis).toBeUndefined();
  });

  test("the spec fixes the operator", () => {
    const spec = "subsampled-dct:rows=8,cols=20,seed=7,signs=random";
    expect(materialise(makeOperator(spec))).toEqual(materialise(makeOperator(spec)));
  });

  test.each([
    ["subsampled-dft:rows=4", /unknown operator "subsampled-dft"; did you mean subsampled-dct/],
    ["subsampled-dct:row=4", /unknown parameter row; did you mean rows/],
    ["subsampled-dct:rows=64,cols=32", /rows must be an integer in \[1, 32\] for 32 columns, got 64/],
    ["subsampled-hadamard:rows=4,cols=12", /power of two such as 16, got 12/],
    ["subsampled-dct:rows=4,cols=12,basis=haar2d", /image-width must divide the number of pixels 12/],
    ["convolution:kernel=1/2/3,kernel-width=2", /kernel-width must divide/]
  ])("%s is refused in one sentence", (spec, message) => expect(() => makeOperator(spec)).toThrow(message));
});

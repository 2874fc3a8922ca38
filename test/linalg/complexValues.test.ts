import { expect, test } from "vitest";
import { svd } from "../../src/linalg/decompositions/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

test("complex singular values without vectors, 500 x 1000: the native library does not crash and both backends agree", () => {
  const data = new Float64Array(2 * 500 * 1000);
  makeRng(1, "svd").fillNormal(data);
  const A = { rows: 500, cols: 1000, data, scalar: "complex" as const };
  const fast = svd(A, { vectors: false });
  const own = svd(A, { vectors: false, backend: "wasm" });
  for (let k = 0; k < 500; k++) expect(Math.abs(fast.s[k] - own.s[k])).toBeLessThan(1e-10 * own.s[0]);
});

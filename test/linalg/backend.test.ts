import { afterEach, describe, expect, test } from "vitest";
import { describeBackend, native, useBackend } from "../../src/linalg/backend.ts";
import { denseMatrix } from "../../src/linalg/dense.ts";
import { gemm, multiply } from "../../src/linalg/gemm.ts";
import { coreTypeOf } from "../../src/linalg/native/coreType.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

const present = describeBackend().name === "openblas";
afterEach(() => useBackend("auto"));

function draw(n: number, label: string): Float64Array {
  const x = new Float64Array(n);
  makeRng(9, label).fillNormal(x);
  return x;
}
/** C = op(A) B by the definition. */
function textbook(m: number, n: number, k: number, A: Float64Array, B: Float64Array, adjoint: boolean, complex: boolean): Float64Array {
  const parts = complex ? 2 : 1;
  const C = new Float64Array(m * n * parts);
  for (let i = 0; i < m; i++)
    for (let p = 0; p < k; p++) {
      const a = (adjoint ? p * m + i : i * k + p) * parts;
      const [ar, ai] = [A[a], complex ? (adjoint ? -A[a + 1] : A[a + 1]) : 0];
      for (let j = 0; j < n; j++) {
        const b = (p * n + j) * parts;
        const c = (i * n + j) * parts;
        if (!complex) C[c] += ar * B[b];
        else {
          C[c] += ar * B[b] - ai * B[b + 1];
          C[c + 1] += ar * B[b + 1] + ai * B[b];
        }
      }
    }
  return C;
}

const sizes = [
  [1, 1, 1],
  [3, 5, 2],
  [4, 4, 300],
  [129, 7, 257],
  [30, 1030, 11],
  [520, 33, 40]
] as const;
describe.each(present ? (["wasm", "openblas"] as const) : (["wasm"] as const))("products by %s", (backend) => {
  test.each([false, true].flatMap((complex) => [false, true].map((adjoint) => [complex, adjoint] as const)))(
    "complex %s, adjoint %s: the textbook sums to 1e-13 across every block edge; f32 to 1e-4",
    (complex, adjoint) => {
      const parts = complex ? 2 : 1;
      for (const [m, n, k] of sizes) {
        const A = draw(m * k * parts, "A");
        const B = draw(k * n * parts, "B");
        const wanted = textbook(m, n, k, A, B, adjoint, complex);
        const C = new Float64Array(m * n * parts).fill(Number.NaN);
        const options = { adjoint, scalar: complex ? ("complex" as const) : ("real" as const), backend };
        multiply(m, n, k, A, B, C, options);
        const C32 = new Float32Array(C.length);
        multiply(m, n, k, Float32Array.from(A), Float32Array.from(B), C32, options);
        let worst = 0;
        let worst32 = 0;
        for (let i = 0; i < C.length; i++) {
          worst = Math.max(worst, Math.abs(C[i] - wanted[i]));
          worst32 = Math.max(worst32, Math.abs(C32[i] - wanted[i]));
        }
        expect(worst).toBeLessThan(1e-13 * Math.sqrt(k) * 10);
        expect(worst32).toBeLessThan(1e-4 * Math.max(1, Math.sqrt(k)));
      }
    }
  );
});

describe("gemm of dense matrices", () => {
  test("A^* A of a complex matrix is Hermitian with the column norms on its diagonal", () => {
    const A = denseMatrix(20, 6, { scalar: "complex" });
    A.fillNormal(makeRng(1));
    const G = gemm(A, A, { adjoint: true, backend: "wasm" });
    const norms = A.columnNorms2();
    for (let i = 0; i < 6; i++) {
      expect(G.data[2 * (i * 6 + i)]).toBeCloseTo(norms[i], 12);
      for (let j = 0; j < 6; j++) expect(G.data[2 * (i * 6 + j) + 1]).toBeCloseTo(-G.data[2 * (j * 6 + i) + 1], 12);
    }
  });
  test("shapes that do not fit are refused", () => {
    expect(() => gemm(denseMatrix(2, 3), denseMatrix(2, 3))).toThrow("gemm: the inner sizes must agree, got 2 x 3 times 2 x 3");
    expect(() => gemm(denseMatrix(2, 2), denseMatrix(2, 2, { scalar: "complex" }))).toThrow("both matrices must be real or both complex");
  });
});

describe("the choice of the backend", () => {
  test("wasm is always there and says how to get the faster one", () => {
    useBackend("wasm");
    expect(describeBackend()).toMatchObject({ name: "wasm", core: "simd128", threads: 1, library: null });
    expect(native()).toBeNull();
  });
  test("a name that is none, and threads that are none, are refused", () => {
    expect(() => useBackend("mkl" as "auto")).toThrow("backend must be one of auto, wasm, openblas, got mkl");
    expect(() => useBackend("auto", { threads: 0 })).toThrow("threads must be an integer >= 1, got 0");
  });
  test.runIf(present)("openblas, where it is found, has a version, kernels for this processor and the threads asked for", () => {
    useBackend("openblas", { threads: 1 });
    const report = describeBackend();
    expect(report).toMatchObject({ name: "openblas", threads: 1, advice: null });
    expect(report.version).toMatch(/^\d+\.\d+/);
    expect(report.core).not.toMatch(/Prescott|Generic/i);
  });
  test.runIf(present)("matrix-vector products agree with ours to 1e-10, and to 1e-4 in f32", () => {
    for (const scalar of ["real", "complex"] as const)
      for (const precision of ["f64", "f32"] as const) {
        const parts = scalar === "complex" ? 2 : 1;
        const A = denseMatrix(37, 53, { scalar, precision });
        A.fillNormal(makeRng(3), 0.2);
        for (const adjoint of [false, true]) {
          const x = draw((adjoint ? 37 : 53) * parts, "x");
          const ours = new Float64Array((adjoint ? 53 : 37) * parts);
          if (adjoint) A.adjoint(x, ours);
          else A.apply(x, ours);
          const kind = precision === "f32" ? Float32Array : Float64Array;
          const theirs = new kind(ours.length);
          native("openblas")?.gemv(37, 53, A.data, adjoint, kind.from(x), theirs, scalar);
          for (let i = 0; i < ours.length; i++) expect(Math.abs(ours[i] - theirs[i])).toBeLessThan(precision === "f32" ? 1e-4 : 1e-10);
        }
      }
  });
  test("kernels are chosen from the processor's flags", () => {
    const cpu = (vendor: string, flags: string) => `vendor_id\t: ${vendor}\nflags\t\t: fpu ${flags} sse\n`;
    expect(coreTypeOf(cpu("GenuineIntel", "avx2 fma avx512f avx512dq avx512bw avx512vl avx512cd"))).toBe("SkylakeX");
    expect(coreTypeOf(cpu("GenuineIntel", "avx2 fma avx512f"))).toBe("Haswell");
    expect(coreTypeOf(cpu("AuthenticAMD", "avx2 fma"))).toBe("Zen");
    expect(coreTypeOf(cpu("GenuineIntel", "avx"))).toBeNull();
    expect(coreTypeOf("")).toBeNull();
  });
});

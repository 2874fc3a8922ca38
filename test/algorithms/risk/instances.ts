/** Instances of risk minimisation for the tests: rows of N(0, 1/p), a Gaussian or sparse teacher, labels of its sign or its value. */
import type { Vec } from "../../../src/core/types.ts";
import { type DenseMatrix, denseMatrix } from "../../../src/linalg/index.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";

export interface Instance {
  readonly operator: DenseMatrix;
  readonly y: Vec;
  readonly teacher: Vec;
}

export function instance(n: number, p: number, kind: "signs" | "reals" | "sparse", noise = 0, seed = 1): Instance {
  const rng = makeRng(seed, "risk");
  const operator = denseMatrix(n, p);
  operator.fillNormal(rng.fork("A"), 1 / Math.sqrt(p));
  const teacher = new Float64Array(p);
  rng.fork("w").fillNormal(teacher);
  if (kind === "sparse") for (let i = 0; i < p; i++) if (i % 5) teacher[i] = 0;
  const y = new Float64Array(n);
  operator.apply(teacher, y);
  const xi = new Float64Array(n);
  rng.fork("xi").fillNormal(xi, Math.sqrt(noise));
  for (let i = 0; i < n; i++) y[i] = kind === "signs" ? Math.sign(y[i] + xi[i]) : y[i] + xi[i];
  return { operator, y, teacher };
}

/** |a - b|/|b|. */
export function distance(a: Vec, b: Vec): number {
  let d = 0;
  let size = 0;
  for (let i = 0; i < a.length; i++) {
    d += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return Math.sqrt(d / size);
}

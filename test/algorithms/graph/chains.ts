/** Graphs of the tests of this folder, wired by hand. */
import type { Graph, LinearOperator, Module, Variable } from "../../../src/core/types.ts";
import { likelihoodModule, linearModule, priorModule } from "../../../src/modules/index.ts";
import type { Instance } from "../instance.ts";

/** modules in a line, each with one input and one output but the ends: variables x0, x1, ... between them, or `names`. */
export function chain(modules: readonly Module[], names: readonly string[] = []): Graph {
  const variables = modules.slice(0, -1).map((m, k): Variable => {
    const port = m.outputs[0];
    return {
      name: names[k] ?? `x${k}`,
      scalar: port.scalar,
      size: port.size,
      producer: { module: k, port: m.inputs.length },
      consumer: { module: k + 1, port: 0 }
    };
  });
  return { modules, variables };
}

/** Hermitian positive solve and log-determinant of a complex matrix given by re, im parts, by elimination: x = K^-1 y. */
export function solveHermitian(
  re: number[][],
  im: number[][],
  y: ArrayLike<number>
): { readonly x: Float64Array; readonly logDet: number } {
  const n = re.length;
  const x = Float64Array.from(y);
  let logDet = 0;
  for (let i = 0; i < n; i++) {
    logDet += Math.log(re[i][i]);
    for (let k = i + 1; k < n; k++) {
      const fr = re[k][i] / re[i][i];
      const fi = im[k][i] / re[i][i];
      for (let j = i; j < n; j++) {
        re[k][j] -= fr * re[i][j] - fi * im[i][j];
        im[k][j] -= fr * im[i][j] + fi * re[i][j];
      }
      x[2 * k] -= fr * x[2 * i] - fi * x[2 * i + 1];
      x[2 * k + 1] -= fr * x[2 * i + 1] + fi * x[2 * i];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) {
      x[2 * i] -= re[i][j] * x[2 * j] - im[i][j] * x[2 * j + 1];
      x[2 * i + 1] -= re[i][j] * x[2 * j + 1] + im[i][j] * x[2 * j];
    }
    x[2 * i] /= re[i][i];
    x[2 * i + 1] /= re[i][i];
  }
  return { x, logDet };
}

/** Entries of an operator as [re][im] rows, by its action on unit vectors. */
export function entries(op: LinearOperator): { readonly re: number[][]; readonly im: number[][] } {
  const w = op.scalar === "complex" ? 2 : 1;
  const re = Array.from({ length: op.rows }, () => new Array<number>(op.cols).fill(0));
  const im = Array.from({ length: op.rows }, () => new Array<number>(op.cols).fill(0));
  const e = new Float64Array(w * op.cols);
  const z = new Float64Array(w * op.rows);
  for (let i = 0; i < op.cols; i++) {
    e.fill(0);
    e[w * i] = 1;
    op.apply(e, z);
    for (let k = 0; k < op.rows; k++) {
      re[k][i] = z[w * k];
      if (w === 2) im[k][i] = z[2 * k + 1];
    }
  }
  return { re, im };
}

/** Mean of x and ln P(y) for x ~ N(0, 1) (circular if complex), y = A x + noise of covariance `noise` + `extra` (real): exact. */
export function exactGaussian(
  op: LinearOperator,
  y: Float64Array,
  noise: number,
  extra: (k: number, j: number) => number = () => 0
): { readonly mean: Float64Array; readonly logEvidence: number } {
  const w = op.scalar === "complex" ? 2 : 1;
  const { re, im } = entries(op);
  const n = op.rows;
  const labels = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) for (let c = 0; c < w; c++) labels[2 * k + c] = y[w * k + c];
  const Kr = re.map((_, k) =>
    re.map((__, j) => (k === j ? noise : 0) + extra(k, j) + re[k].reduce((s, r, i) => s + r * re[j][i] + im[k][i] * im[j][i], 0))
  );
  const Ki = re.map((_, k) => re.map((__, j) => re[k].reduce((s, r, i) => s + im[k][i] * re[j][i] - r * im[j][i], 0)));
  const { x, logDet } = solveHermitian(Kr, Ki, labels);
  let quadratic = 0;
  for (let k = 0; k < 2 * n; k++) quadratic += labels[k] * x[k];
  const dual = new Float64Array(w * n);
  for (let k = 0; k < n; k++) for (let c = 0; c < w; c++) dual[w * k + c] = x[2 * k + c];
  const mean = new Float64Array(w * op.cols);
  op.adjoint(dual, mean);
  const logEvidence = w === 2 ? -n * Math.log(Math.PI) - logDet - quadratic : -0.5 * (n * Math.log(2 * Math.PI) + logDet + quadratic);
  return { mean, logEvidence };
}

/** |a - b| / |b|. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let s = 0;
  let t = 0;
  for (let i = 0; i < b.length; i++) {
    s += (a[i] - b[i]) ** 2;
    t += b[i] ** 2;
  }
  return Math.sqrt(s / t);
}

/** prior - linear - likelihood: variables x and z. */
export function glmGraph({ prior, operator, channel, y }: Pick<Instance, "prior" | "operator" | "channel" | "y">): Graph {
  return chain([priorModule(prior, operator.cols), linearModule(operator), likelihoodModule(channel, operator.rows, y)], ["x", "z"]);
}

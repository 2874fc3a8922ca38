// Four ways to recover a digit x (64 pixels in [0, 1]) from y = A x + noise, A with orthonormal rows: a mask or a random projection.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cholesky, errorBars, models, multiply, solveGraph } from "spinodal";
import { readArrayFile } from "spinodal/node";

const { activations, layers, likelihoods, model, observe, priors } = models;
const pixels = 64;
const read = (name) => readArrayFile(fileURLToPath(new URL(`decoder/${name}.csv`, import.meta.url)));
const [W1, b1, W2, b2] = ["W1", "b1", "W2", "b2"].map(read);
const [hidden, latent] = W1.shape;
/** Variance of what the decoder leaves unexplained, measured on the validation digits by train.mjs. */
export const MODEL_NOISE = Number(readFileSync(new URL("decoder/noise.txt", import.meta.url), "utf8"));

const product = (m, n, k, A, B, adjoint = false) => {
  const C = new Float64Array(m * n);
  multiply(m, n, k, A, B, C, { adjoint, backend: "wasm" });
  return C;
};

/** Expectation propagation, damped by a half and, where that does not settle, by more. */
const settle = (graph) => {
  let found = null;
  for (const damping of [0.5, 0.8, 0.95]) {
    found = solveGraph(graph, { damping, iterations: Math.round(250 / (1 - damping)), tolerance: 1e-6 });
    if (found.outcome.kind === "converged") break;
  }
  return found;
};
const transposed = (A, rows, cols) => Float64Array.from({ length: rows * cols }, (_, i) => A[(i % rows) * cols + Math.floor(i / rows)]);

export const LATENT = latent;
/** The decoder's picture of a code z of length LATENT. */
export const decode = (z) => {
  const h = product(hidden, 1, latent, W1.data, z).map((v, j) => Math.max(0, v + b1.data[j]));
  return product(pixels, 1, hidden, W2.data, h).map((v, i) => v + b2.data[i]);
};

/** Neighbouring pixels, and the sum over them of (x_i - x_j)^2 as a matrix. */
const EDGES = Array.from({ length: pixels }, (_, p) => [...(p % 8 < 7 ? [[p, p + 1]] : []), ...(p < 56 ? [[p, p + 8]] : [])]).flat();
const LAPLACIAN = new Float64Array(pixels * pixels);
for (const [i, j] of EDGES) {
  LAPLACIAN[i * pixels + i]++;
  LAPLACIAN[j * pixels + j]++;
  LAPLACIAN[i * pixels + j]--;
  LAPLACIAN[j * pixels + i]--;
}

/**
 * x = decoder(z) + N(0, MODEL_NOISE), z ~ N(0, 1), seen as y = A x + N(0, noise): expectation propagation on
 * z -> W1 z + b1 -> relu -> A W2 h + A b2 -> y. `A` is `rows` x 64 with A A^T = 1. Returns mean and standard deviation of every pixel.
 */
export function withDecoder(A, rows, y, noise) {
  const total = MODEL_NOISE + noise; // the rows are orthonormal: the model's noise stays white
  const AW = product(rows, hidden, pixels, A, W2.data);
  const Ab = product(rows, 1, pixels, A, b2.data);

  const z = priors.gaussian().variable("z", latent);
  const h = activations.relu()(layers.bias(b1.data)(layers.linear(W1)(z)), { name: "h" });
  const s = layers.bias(Ab)(layers.linear({ scalar: "real", shape: [rows, hidden], data: AW })(h));
  const { graph } = model(observe(likelihoods.gaussian({ noise: total }), s, y));
  const { state, outcome } = settle(graph);

  const belief = state.variables.find(({ name }) => name === "h");
  const decoded = product(pixels, 1, hidden, W2.data, belief.mean).map((v, i) => v + b2.data[i]);
  // what the data say about the part that the decoder does not explain
  const share = MODEL_NOISE / total;
  const left = product(rows, 1, pixels, A, decoded).map((v, i) => share * (y[i] - v));
  const mean = product(pixels, 1, rows, A, left, true).map((v, i) => v + decoded[i]);

  // Error bars by the slope of the decoder at the mean code, J = W2 1(u > 0) W1: covariance (1 + (A J)^T A J / total)^-1 of z, carried
  // to the pixels. (The message on h has one precision for all of its components and leaves out that they move together.)
  const code = state.variables.find(({ name }) => name === "z").mean;
  const on = product(hidden, 1, latent, W1.data, code).map((v, j) => (v + b1.data[j] > 0 ? 1 : 0));
  const J = product(pixels, latent, hidden, W2.data.map((w, i) => w * on[i % hidden]), W1.data);
  const AJ = product(rows, latent, pixels, A, J);
  const K = product(latent, latent, rows, AJ, AJ, true).map((v, i) => v / total + (i % (latent + 1) === 0 ? 1 : 0));
  const factor = cholesky({ rows: latent, cols: latent, data: K });
  const B = product(pixels, pixels, rows, A, A, true).map((v, i) => (i % (pixels + 1) === 0 ? 1 : 0) - share * v);
  const carried = product(pixels, latent, pixels, B, J);
  const solved = new Float64Array(latent);
  const deviation = Float64Array.from({ length: pixels }, (_, p) => {
    const row = carried.subarray(p * latent, (p + 1) * latent);
    factor.solve(row, solved);
    return Math.sqrt(MODEL_NOISE * B[p * pixels + p] + row.reduce((sum, v, k) => sum + v * solved[k], 0));
  });
  return { mean, deviation, outcome };
}

/**
 * Pixels independent and sparse: Gauss-Bernoulli with the share of zeros, mean and variance of the training digits. `seen` lists
 * the pixels of a mask (null for projections): those are known one by one, and of the others only the prior is.
 */
export function withSparsePixels(A, rows, y, noise, { rho, mean: level, variance }, seen) {
  const x = priors.gaussBernoulli({ rho, mean: level, variance }).variable("x", seen ? rows : pixels);
  const s = seen ? x : layers.linear({ scalar: "real", shape: [rows, pixels], data: A })(x);
  const { graph } = model(observe(likelihoods.gaussian({ noise }), s, y));
  const { state, outcome } = settle(graph);
  const [belief] = state.variables.filter(({ name }) => name === "x");
  const bars = errorBars(graph, state, "x").map(Math.sqrt);
  if (!seen) return { mean: belief.mean.slice(), deviation: bars, outcome };
  const mean = new Float64Array(pixels).fill(rho * level);
  const deviation = new Float64Array(pixels).fill(Math.sqrt(rho * (variance + level ** 2) - (rho * level) ** 2));
  seen.forEach((p, i) => {
    mean[p] = belief.mean[i];
    deviation[p] = bars[i];
  });
  return { mean, deviation, outcome };
}

/** Pixels jointly Gaussian with the mean and covariance of the training digits: the best linear estimate. */
export function withGaussianPixels(A, rows, y, noise, { centre, covariance }) {
  const AC = product(rows, pixels, pixels, A, covariance);
  const S = product(rows, rows, pixels, AC, transposed(A, rows, pixels)).map((v, i) => v + (i % (rows + 1) === 0 ? noise : 0));
  const factor = cholesky({ rows, cols: rows, data: S });
  const solved = new Float64Array(rows);
  factor.solve(product(rows, 1, pixels, A, centre).map((v, i) => y[i] - v), solved);
  const mean = product(pixels, 1, rows, AC, solved, true).map((v, i) => v + centre[i]);
  const column = new Float64Array(rows);
  const deviation = Float64Array.from({ length: pixels }, (_, p) => {
    for (let i = 0; i < rows; i++) column[i] = AC[i * pixels + p];
    factor.solve(column, solved);
    return Math.sqrt(Math.max(0, covariance[p * pixels + p] - column.reduce((sum, v, i) => sum + v * solved[i], 0)));
  });
  return { mean, deviation, outcome: { kind: "converged", residual: 0, iterations: 1 } };
}

/**
 * The minimum over x of |y - A x|^2/(2 noise) + rate * sum |differences of neighbours|, by alternating directions (Boyd et al.
 * 2011, section 6.4); an estimate without error bars.
 */
export function withTotalVariation(A, rows, y, noise, rate, { sweeps = 3000, weight = 20 * rate } = {}) {
  const K = product(pixels, pixels, rows, A, A, true).map((v, i) => v / noise + weight * LAPLACIAN[i] + (i % (pixels + 1) === 0 ? 1e-6 : 0));
  const factor = cholesky({ rows: pixels, cols: pixels, data: K });
  const data = product(pixels, 1, rows, A, y, true).map((v) => v / noise);
  const [x, right] = [new Float64Array(pixels), new Float64Array(pixels)];
  const [g, u] = [new Float64Array(EDGES.length), new Float64Array(EDGES.length)];
  let residual = Infinity;
  let sweep = 0;
  for (; sweep < sweeps && residual > 1e-4; sweep++) {
    right.set(data);
    for (let e = 0; e < EDGES.length; e++) {
      right[EDGES[e][1]] += weight * (g[e] - u[e]);
      right[EDGES[e][0]] -= weight * (g[e] - u[e]);
    }
    factor.solve(right, x);
    residual = 0;
    for (let e = 0; e < EDGES.length; e++) {
      const d = x[EDGES[e][1]] - x[EDGES[e][0]];
      const next = Math.sign(d + u[e]) * Math.max(Math.abs(d + u[e]) - rate / weight, 0);
      residual = Math.max(residual, Math.abs(next - g[e]), Math.abs(d - next));
      g[e] = next;
      u[e] += d - next;
    }
  }
  return { mean: x, deviation: null, outcome: { kind: residual > 1e-4 ? "horizon" : "converged", residual, iterations: sweep } };
}

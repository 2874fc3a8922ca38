/**
 * Products with A alone, for operators too large to decompose: solutions by conjugate gradients (Hestenes, Stiefel 1952), traces
 * by Lanczos quadrature from random probes (Bai, Fahey, Golub 1996), error bars by Hutchinson's estimate of a diagonal.
 */
import type { LinearOperator, Rng, Vec } from "../../core/types.ts";
import { lanczos, symmetricEigen } from "../../linalg/index.ts";
import { makeRng } from "../../numerics/random/index.ts";
import type { Diagonalisation, LinearMessages } from "./diagonalisation.ts";

/** Probes of the quadrature: traces have a relative error of order (2/(PROBES min(rows, cols)))^(1/2), estimated by their spread. */
const PROBES = 8;
/** Lanczos steps: Gauss quadrature with as many nodes for each probe. */
const STEPS = 80;
/** Probes for diagonals. */
const DIAGONAL_PROBES = 32;
/** Relative residual asked for, and the iterations after which the best found is returned and its residual reported. */
const TOLERANCE = 1e-13;
const ITERATIONS = 2000;

export function conjugateGradientDiagonalisation(op: LinearOperator): Diagonalisation {
  const { rows, cols } = op;
  const w = op.scalar === "complex" ? 2 : 1;
  const wide = rows < cols;
  const n = Math.min(rows, cols);
  const through = new Float64Array(w * Math.max(rows, cols));
  /** out = K y on the smaller side. */
  const gram = (y: Vec, out: Vec): void => {
    if (wide) {
      op.adjoint(y, through);
      op.apply(through, out);
    } else {
      op.apply(y, through);
      op.adjoint(through, out);
    }
  };
  const solver = conjugateGradients(gram, w * n);
  const rhs = new Float64Array(w * n);
  const solution = new Float64Array(w * n);
  const long = new Float64Array(w * cols);
  let worst = 0;
  const solve = (a: number, t: number): void => {
    worst = Math.max(worst, solver(a, t, rhs, solution));
  };
  const rule = quadrature(gram, n, w);

  const meanX = ({ ax, az, bx, bz }: LinearMessages, x: Vec): void => {
    if (!wide) {
      op.adjoint(bz, rhs);
      for (let j = 0; j < rhs.length; j++) rhs[j] += bx[j];
      solve(ax, az);
      x.set(solution);
      return;
    }
    // g = b_z - a_z z on the smaller side: what A does not see never enters the system
    op.apply(bx, rhs);
    for (let i = 0; i < rhs.length; i++) rhs[i] = bz[i] - az * (rhs[i] / ax);
    solve(ax, az);
    op.adjoint(solution, x);
    for (let j = 0; j < x.length; j++) x[j] += bx[j] / ax;
  };
  /** Mean of u o (M u) over random signs u; complex signs are real ones, diagonals of Hermitian matrices being real. */
  const diagonalOf = (size: number, label: string, apply: (u: Vec, out: Vec) => void, out: Vec): void => {
    const rng = makeRng(0, label);
    const u = new Float64Array(w * size);
    const image = new Float64Array(w * size);
    out.fill(0);
    for (let k = 0; k < DIAGONAL_PROBES; k++) {
      signs(rng, u, w);
      apply(u, image);
      for (let i = 0; i < size; i++) out[i] += (u[w * i] * image[w * i]) / DIAGONAL_PROBES;
    }
  };
  const none = { x: new Float64Array(w * cols), z: new Float64Array(w * rows) };
  return {
    method: "conjugate-gradient",
    lambda: rule.lambda,
    counts: rule.counts,
    meanX,
    meanZ(given, z) {
      meanX(given, long);
      op.apply(long, z);
    },
    /** A diagonal lies between 0 and 1/a_x (lambda_max/(a_x + a_z lambda_max) for z): estimates beyond are brought back. */
    variancesX(ax, az, out) {
      diagonalOf(cols, "diagonal of x", (u, image) => meanX({ ax, az, bx: u, bz: none.z }, image), out);
      for (let j = 0; j < out.length; j++) out[j] = Math.min(Math.max(out[j], 0), 1 / ax);
    },
    variancesZ(ax, az, out) {
      const image = (u: Vec, out: Vec): void => {
        meanX({ ax, az, bx: none.x, bz: u }, long);
        op.apply(long, out);
      };
      diagonalOf(rows, "diagonal of z", image, out);
      const most = rule.top / (ax + az * rule.top);
      for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(out[i], 0), most);
    },
    traceError: rule.error,
    residual: () => worst
  };
}

/** Rademacher signs on the real parts; imaginary parts are zero. */
function signs(rng: Rng, u: Vec, w: number): void {
  for (let i = 0; i < u.length; i += w) u[i] = rng.uniform() < 0.5 ? -1 : 1;
}

/** Solves (a + t K) y = r from y = 0; returns the relative residual |r - (a + t K) y|/|r| of the recurrence. */
function conjugateGradients(gram: (y: Vec, out: Vec) => void, length: number): (a: number, t: number, r: Vec, y: Vec) => number {
  const p = new Float64Array(length);
  const q = new Float64Array(length);
  return (a, t, r, y) => {
    y.fill(0);
    let rr = 0;
    for (let i = 0; i < length; i++) rr += r[i] * r[i];
    if (rr === 0) return 0;
    const goal = TOLERANCE * TOLERANCE * rr;
    const start = rr;
    p.set(r);
    for (let k = 0; k < ITERATIONS && rr > goal; k++) {
      gram(p, q);
      let pq = 0;
      for (let i = 0; i < length; i++) {
        q[i] = a * p[i] + t * q[i];
        pq += p[i] * q[i];
      }
      if (!(pq > 0)) break;
      const step = rr / pq;
      let next = 0;
      for (let i = 0; i < length; i++) {
        y[i] += step * p[i];
        r[i] -= step * q[i];
        next += r[i] * r[i];
      }
      const turn = next / rr;
      rr = next;
      for (let i = 0; i < length; i++) p[i] = r[i] + turn * p[i];
    }
    return Math.sqrt(rr / start);
  };
}

interface Rule {
  readonly lambda: Vec;
  readonly counts: Vec;
  readonly top: number;
  error(ax: number, az: number): number;
}

/** (1/n) tr f(K) = mean over probes of sum_k tau_k^2 f(theta_k), theta and tau from the tridiagonal matrix of Lanczos. */
function quadrature(gram: (y: Vec, out: Vec) => void, n: number, w: 1 | 2): Rule {
  const lambda: number[] = [];
  const counts: number[] = [];
  const ends: number[] = [];
  const start = new Float64Array(w * n);
  let top = 0;
  for (let probe = 0; probe < PROBES; probe++) {
    signs(makeRng(probe, "trace probe"), start, w);
    if (w === 2) for (let i = 1; i < start.length; i += 2) start[i] = 0;
    const { diagonal, off } = lanczos(gram, start, Math.min(STEPS, n));
    const m = diagonal.length;
    const T = new Float64Array(m * m);
    for (let k = 0; k < m; k++) {
      T[k * m + k] = diagonal[k];
      if (k + 1 < m) T[k * m + k + 1] = T[(k + 1) * m + k] = off[k];
    }
    const { values, vectors } = symmetricEigen({ rows: m, cols: m, data: T });
    for (let k = 0; k < m; k++) {
      const first = (vectors as Vec)[k * m];
      lambda.push(Math.max(values[k], 0));
      counts.push((n * first * first) / PROBES);
      top = Math.max(top, values[k]);
    }
    ends.push(lambda.length);
  }
  // Ritz values below rounding stand for zeros.
  const keep = lambda.map((x) => x > n * 2 ** -52 * top);
  const error = (ax: number, az: number): number => {
    let sum = 0;
    let square = 0;
    for (let probe = 0, k = 0; probe < PROBES; probe++) {
      let v = 0;
      for (; k < ends[probe]; k++) v += (PROBES * counts[k]) / (ax + az * lambda[k]);
      sum += v;
      square += v * v;
    }
    const mean = sum / PROBES;
    return Math.sqrt(Math.max(square / PROBES - mean * mean, 0) / (PROBES - 1)) / mean;
  };
  return {
    lambda: Float64Array.from(lambda.filter((_, k) => keep[k])),
    counts: Float64Array.from(counts.filter((_, k) => keep[k])),
    top,
    error
  };
}

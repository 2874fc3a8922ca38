/**
 * What the preflight found, cured: columns normalised, the mean of the matrix taken out into two extra unknowns (Vila, Schniter,
 * Rangan, Krzakala and Zdeborova 2015, section II-C), damping. The cured problem is another GAMP problem; `restore` maps back.
 */
import type { LinearOperator, Vec } from "../core/types.ts";
import type { GampChannel, GampOptions, GampPrior, GampProblem, WarmStart } from "./gamp.ts";
import type { Finding } from "./preflight.ts";
import { norm2 } from "./workspace.ts";

export interface Cured {
  readonly problem: GampProblem;
  /** Options to run it with: the start, and damping where that is the cure. */
  readonly options: Pick<GampOptions, "init" | "damping" | "variances">;
  /** One sentence per cure applied. */
  readonly applied: readonly string[];
  /** The original unknowns in the coordinates of the cured problem (a truth, a warm start). */
  lift(x: Vec): Vec;
  /** Back to the original unknowns: mean and one variance per component. */
  restore(state: { readonly mean: Vec; readonly variance: Vec }): { readonly mean: Vec; readonly variance: Vec };
}

interface Step {
  readonly problem: GampProblem;
  lift(x: Vec): Vec;
  restore(mean: Vec, variance: Vec): { readonly mean: Vec; readonly variance: Vec };
}

/** Applies the cures the findings name; those that need what is not there (vamp) are left. */
export function cure(problem: GampProblem, findings: readonly Finding[]): Cured {
  const steps: Step[] = [];
  const applied: string[] = [];
  let now = problem;
  const asks = (name: string) => findings.some((f) => f.severity !== "note" && f.cures[0] === name);
  const apply = (step: Step, sentence: string) => {
    steps.push(step);
    applied.push(sentence);
    now = step.problem;
  };
  if (asks("normalise columns") && now.operator.adjointSquared) apply(normaliseColumns(now), "columns normalised, the prior rescaled with them");
  const centred = asks("centre");
  if (centred) apply(centre(now), "row and column means taken out into two extra unknowns");
  const vector = !centred && (asks("use vector variances") || (asks("normalise columns") && steps.length === 0)) && now.operator.applySquared !== undefined;
  if (vector) applied.push("one variance per component and per output");
  const damp = asks("damp") || (centred && asks("use vector variances"));
  if (damp) applied.push("adaptive damping");
  const lift = (x: Vec) => steps.reduce((v, step) => step.lift(v), x);
  return {
    problem: now,
    options: { ...(steps.length ? { init: priorStart(problem, lift, now) } : {}), ...(damp ? { damping: "adaptive" as const } : {}), ...(vector ? { variances: "vector" as const } : {}) },
    applied,
    lift,
    restore({ mean, variance }) {
      let out = { mean, variance: variance.length > 1 ? variance : new Float64Array(now.operator.cols).fill(variance[0]) };
      for (const step of [...steps].reverse()) out = step.restore(out.mean, out.variance);
      return out;
    }
  };
}

/** The uninformed start in the cured coordinates. */
function priorStart({ operator, prior }: GampProblem, lift: (x: Vec) => Vec, cured: GampProblem): WarmStart {
  const mean = new Float64Array(operator.cols * (operator.scalar === "complex" ? 2 : 1));
  if (operator.scalar === "real") mean.fill(prior.mean);
  const square = cured.prior.mean ** 2;
  return { mean: lift(mean), variance: cured.prior.secondMoment - square };
}

/**
 * A' = A D^-1, x' = D x with D the column norms over their root mean square. The prior of x' is that of x under the tilt
 * exp(-A' d^2 x^2/2 + b' d x): it is asked at a = A' d^2, b = b' d, and its moments scale by d and d^2. A zero column keeps d = 1.
 */
export function normaliseColumns(problem: GampProblem): Step {
  const { operator, prior } = problem;
  const { rows, cols, scalar, frobenius2 } = operator;
  const width = scalar === "complex" ? 2 : 1;
  const d = new Float64Array(cols);
  operator.adjointSquared?.(new Float64Array(rows).fill(1), d);
  for (let i = 0; i < cols; i++) d[i] = d[i] > 0 ? Math.sqrt((d[i] * cols) / frobenius2) : 1;
  const x = new Float64Array(width * cols);
  const v = new Float64Array(cols);
  const a = new Float64Array(cols);
  const scaleBy = (from: Vec, to: Vec, power: 1 | -1) => {
    for (let i = 0; i < from.length; i++) {
      const di = d[width === 1 ? i : i >> 1];
      to[i] = power === 1 ? from[i] * di : from[i] / di;
    }
  };
  const tilt = (A: Vec, b: Vec) => {
    for (let i = 0; i < cols; i++) a[i] = A[A.length === 1 ? 0 : i] * d[i] * d[i];
    scaleBy(b, x, 1);
  };
  const mean = new Float64Array(cols).fill(1);
  const meanScale = mean.reduce((s, _, i) => s + d[i] / cols, 0);
  const scaled: GampPrior = {
    scalar,
    rule: prior.rule,
    mean: prior.mean * meanScale,
    secondMoment: prior.secondMoment * (norm2(d) / cols) - prior.mean ** 2 * (norm2(d) / cols - meanScale ** 2),
    logPartition(A, b, out) {
      tilt(A, b);
      prior.logPartition(a, x, out);
    },
    posterior(A, b, m, variance) {
      tilt(A, b);
      prior.posterior(a, x, m, variance);
      scaleBy(m, m, 1);
      for (let i = 0; i < cols; i++) variance[i] *= d[i] * d[i];
    }
  };
  let total = 0;
  operator.adjointSquared?.(new Float64Array(rows).fill(1), v);
  for (let i = 0; i < cols; i++) total += v[i] / (d[i] * d[i]);
  const normalised: LinearOperator = {
    scalar, rows, cols, frobenius2: total,
    apply(u, z) {
      scaleBy(u, x, -1);
      operator.apply(x, z);
    },
    adjoint(z, u) {
      operator.adjoint(z, u);
      scaleBy(u, u, -1);
    },
    applySquared(u, V) {
      for (let i = 0; i < cols; i++) v[i] = u[i] / (d[i] * d[i]);
      operator.applySquared?.(v, V);
    },
    adjointSquared(s, out) {
      operator.adjointSquared?.(s, out);
      for (let i = 0; i < cols; i++) out[i] /= d[i] * d[i];
    }
  };
  return {
    problem: { ...problem, operator: normalised, prior: scaled },
    lift(u) {
      const out = u.slice();
      scaleBy(u, out, 1);
      return out;
    },
    restore(m, variance) {
      const out = m.slice();
      scaleBy(m, out, -1);
      return { mean: out, variance: variance.map((s, i) => s / (d[i] * d[i])) };
    }
  };
}

/** How much wider than its prior law an extra unknown is allowed to be. */
const BROAD = 10;

/**
 * A = B + gamma 1^H + 1 c^H with B the doubly centred matrix. Two unknowns carry the rest, s1 u1 = 1^H x and s2 u2 = c^H x, and
 * two noiseless outputs that must vanish tie them to x:
 *   z = B x + s1 gamma u1 + s2 1 u2,   0 = beta1 (1^H x - s1 u1),   0 = beta2 (c^H x - s2 u2),
 * with s and beta chosen so that the new columns and rows have the norms of B's. Scalar variances only.
 */
export function centre(problem: GampProblem): Step {
  const { operator, prior, channel, y } = problem;
  const { rows, cols, scalar } = operator;
  const width = scalar === "complex" ? 2 : 1;
  const ones = new Float64Array(width * cols);
  for (let i = 0; i < ones.length; i += width) ones[i] = 1;
  const gamma = new Float64Array(width * rows);
  operator.apply(ones, gamma);
  for (let k = 0; k < gamma.length; k++) gamma[k] /= cols;
  const c = new Float64Array(width * cols); // the column means, conjugated, less the overall mean: A^H 1/rows - conj(mu)
  const onesOut = new Float64Array(width * rows);
  for (let k = 0; k < onesOut.length; k += width) onesOut[k] = 1;
  operator.adjoint(onesOut, c);
  for (let part = 0; part < width; part++) {
    let mu = 0;
    for (let k = part; k < c.length; k += width) mu += c[k] / rows / cols;
    for (let k = part; k < c.length; k += width) c[k] = c[k] / rows - mu;
  }
  const gamma2 = norm2(gamma);
  const c2 = norm2(c);
  const rest = Math.max(operator.frobenius2 - cols * gamma2 - rows * c2, 1e-14 * operator.frobenius2);
  const columnNorm = Math.sqrt(rest / cols);
  const rowNorm = Math.sqrt(rest / rows);
  const s1 = columnNorm / Math.max(Math.sqrt(gamma2), 1e-10 * columnNorm);
  const s2 = columnNorm / Math.sqrt(rows);
  const beta1 = rowNorm / Math.sqrt(cols + s1 * s1);
  const beta2 = rowNorm / Math.sqrt(c2 + s2 * s2);
  const N = width * cols;
  const M = width * rows;

  // Views into the caller's arrays, remembered by identity: GAMP passes the same few arrays every sweep.
  const views = new WeakMap<Vec, Vec>();
  const head = (x: Vec, length: number): Vec => {
    let view = views.get(x);
    if (view?.length !== length) {
      view = x.subarray(0, length);
      views.set(x, view);
    }
    return view;
  };
  const sums = new Float64Array(4); // 1^H x and c^H x
  const project = (x: Vec) => {
    sums.fill(0);
    if (width === 1)
      for (let i = 0; i < N; i++) {
        sums[0] += x[i];
        sums[2] += c[i] * x[i];
      }
    else
      for (let i = 0; i < N; i += 2) {
        sums[0] += x[i];
        sums[1] += x[i + 1];
        sums[2] += c[i] * x[i] + c[i + 1] * x[i + 1];
        sums[3] += c[i] * x[i + 1] - c[i + 1] * x[i];
      }
  };
  const augmented: LinearOperator = {
    scalar,
    rows: rows + 2,
    cols: cols + 2,
    frobenius2: rest + s1 * s1 * gamma2 + s2 * s2 * rows + beta1 * beta1 * (cols + s1 * s1) + beta2 * beta2 * (c2 + s2 * s2),
    apply(x, z) {
      operator.apply(head(x, N), head(z, M));
      project(x);
      for (let part = 0; part < width; part++) {
        const u1 = x[N + part];
        const u2 = x[N + width + part];
        z[M + part] = beta1 * (sums[part] - s1 * u1);
        z[M + width + part] = beta2 * (sums[2 + part] - s2 * u2);
      }
      if (width === 1) {
        const t1 = s1 * x[N] - sums[0];
        const t2 = s2 * x[N + 1] - sums[2];
        for (let k = 0; k < M; k++) z[k] += gamma[k] * t1 + t2;
        return;
      }
      const [r1, i1, r2, i2] = [s1 * x[N] - sums[0], s1 * x[N + 1] - sums[1], s2 * x[N + 2] - sums[2], s2 * x[N + 3] - sums[3]];
      for (let k = 0; k < M; k += 2) {
        z[k] += gamma[k] * r1 - gamma[k + 1] * i1 + r2;
        z[k + 1] += gamma[k] * i1 + gamma[k + 1] * r1 + i2;
      }
    },
    adjoint(z, x) {
      operator.adjoint(head(z, M), head(x, N));
      for (let part = 0; part < width; part++) {
        let g = 0; // gamma^H z
        let o = 0; // 1^H z
        if (width === 1) for (let k = 0; k < M; k++) g += gamma[k] * z[k];
        else for (let k = 0; k < M; k += 2) g += part === 0 ? gamma[k] * z[k] + gamma[k + 1] * z[k + 1] : gamma[k] * z[k + 1] - gamma[k + 1] * z[k];
        for (let k = part; k < M; k += width) o += z[k];
        const e1 = beta1 * z[M + part];
        const e2 = beta2 * z[M + width + part];
        x[N + part] = s1 * (g - e1);
        x[N + width + part] = s2 * (o - e2);
        // B^H z = A^H z - 1 (gamma^H z) - c (1^H z), plus the two constraint rows
        const shift = e1 - g;
        for (let k = part; k < N; k += width) x[k] += shift;
        const along = e2 - o;
        if (width === 1) for (let k = 0; k < N; k++) x[k] += c[k] * along;
        else
          for (let k = 0; k < N; k += 2) {
            x[k] += part === 0 ? c[k] * along : -c[k + 1] * along;
            x[k + 1] += part === 0 ? c[k + 1] * along : c[k] * along;
          }
      }
    }
  };

  const second = cols * (prior.secondMoment - prior.mean ** 2) + (cols * prior.mean) ** 2;
  const broad = [(BROAD * second) / (s1 * s1), (BROAD * (c2 * prior.secondMoment || columnNorm ** 2)) / (s2 * s2)];
  const half = width === 2 ? 1 : 0.5;
  const widened: GampPrior = {
    scalar,
    rule: prior.rule,
    mean: prior.mean,
    secondMoment: prior.secondMoment,
    logPartition(A, b, out) {
      prior.logPartition(A.length === 1 ? A : head(A, cols), head(b, N), head(out, cols));
      for (let e = 0; e < 2; e++) {
        const a = A.length === 1 ? A[0] : A[cols + e];
        let b2 = 0;
        for (let part = 0; part < width; part++) b2 += b[N + e * width + part] ** 2;
        out[cols + e] = half * (b2 / (a + 1 / broad[e]) - Math.log1p(a * broad[e]));
      }
    },
    posterior(A, b, mean, variance) {
      prior.posterior(A.length === 1 ? A : head(A, cols), head(b, N), head(mean, N), head(variance, cols));
      for (let e = 0; e < 2; e++) {
        const v = 1 / ((A.length === 1 ? A[0] : A[cols + e]) + 1 / broad[e]);
        variance[cols + e] = v;
        for (let part = 0; part < width; part++) mean[N + e * width + part] = v * b[N + e * width + part];
      }
    }
  };

  const labels = y.length;
  const yLong = new Float64Array(labels + 2 * (channel.labelScalar === "complex" ? 2 : 1));
  yLong.set(y);
  const tied: GampChannel = {
    scalar,
    labelScalar: channel.labelScalar,
    even: channel.even,
    logPartition(V, omega, labelsIn, out) {
      channel.logPartition(V.length === 1 ? V : head(V, rows), head(omega, M), head(labelsIn, labels), head(out, rows));
      for (let e = 0; e < 2; e++) {
        const v = V.length === 1 ? V[0] : V[rows + e];
        let w2 = 0;
        for (let part = 0; part < width; part++) w2 += omega[M + e * width + part] ** 2;
        out[rows + e] = -half * (w2 / v + Math.log((Math.PI * v) / half));
      }
    },
    score(V, omega, labelsIn, g, curvature) {
      channel.score(V.length === 1 ? V : head(V, rows), head(omega, M), head(labelsIn, labels), head(g, M), head(curvature, rows));
      for (let e = 0; e < 2; e++) {
        const v = V.length === 1 ? V[0] : V[rows + e];
        curvature[rows + e] = 1 / v;
        for (let part = 0; part < width; part++) g[M + e * width + part] = -omega[M + e * width + part] / v;
      }
    }
  };
  return {
    problem: { operator: augmented, y: yLong, prior: widened, channel: tied },
    lift(x) {
      const out = new Float64Array(N + 2 * width);
      out.set(x);
      project(x);
      for (let part = 0; part < width; part++) {
        out[N + part] = sums[part] / s1;
        out[N + width + part] = sums[2 + part] / s2;
      }
      return out;
    },
    restore: (mean, variance) => ({ mean: mean.slice(0, N), variance: variance.slice(0, cols) })
  };
}

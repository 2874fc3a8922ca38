/**
 * What the preflight found, cured: columns normalised, the mean of the matrix taken out (after Vila, Schniter,
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

/** Applies the cures the findings name. */
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
  if (asks("normalise columns") && now.operator.adjointSquared)
    apply(normaliseColumns(now), "columns normalised, the prior rescaled with them");
  const centred = asks("centre");
  if (centred) apply(centre(now), "row and column means taken out, their effect on z estimated as an offset each sweep");
  const vector =
    !centred &&
    (asks("use vector variances") || (asks("normalise columns") && steps.length === 0)) &&
    now.operator.applySquared !== undefined;
  if (vector) applied.push("one variance per component and per output");
  // an even channel leaves the Nishimori line before it has broken its symmetry: undamped AMP oscillates there with period two
  const damp = asks("damp") || (centred && asks("use vector variances")) || now.channel.even;
  if (damp) applied.push("adaptive damping");
  const lift = (x: Vec) => steps.reduce((v, step) => step.lift(v), x);
  return {
    problem: now,
    options: {
      ...(steps.length ? { init: priorStart(problem, lift, now) } : {}),
      ...(damp ? { damping: "adaptive" as const } : {}),
      ...(vector ? { variances: "vector" as const } : {})
    },
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
    scalar,
    rows,
    cols,
    frobenius2: total,
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

/** Row means are taken out when their singular value reaches this share of the i.i.d. edge; below it they are ordinary noise. */
const OUTSTANDING = 0.5;
const PASSES = 20;

/**
 * A = B + 1 c^H + gamma 1^H: c the column means, gamma what is left of the row means. The coefficients t2 = c^H x and t1 = 1^H x
 * become offsets of the channel, z = B x + t2 + gamma t1, chosen each sweep where the likelihood of omega is largest:
 * sum g = 0 and sum conj(gamma) g = 0. For Gaussian noise that is the exact elimination of two equations. That t and x are tied
 * is forgotten, which costs two rows of information and nothing in stability: as unknowns of the iteration (the paper's way)
 * they are its slowest modes, because the memory term is tuned to typical components. Scalar variances only.
 */
export function centre(problem: GampProblem): Step {
  const { operator, channel } = problem;
  const { rows, cols, scalar } = operator;
  const width = scalar === "complex" ? 2 : 1;
  const N = width * cols;
  const M = width * rows;
  const c = constantImage(operator, "rows");
  const gamma = constantImage(operator, "cols");
  for (let part = 0; part < width; part++) {
    let mu = 0;
    for (let k = part; k < M; k += width) mu += gamma[k] / rows;
    for (let k = part; k < M; k += width) gamma[k] -= mu;
  }
  let gamma2 = norm2(gamma);
  const centred = Math.max(operator.frobenius2 - rows * norm2(c), 1e-14 * operator.frobenius2);
  const edge2 = (centred / rows / cols) * (Math.sqrt(rows) + Math.sqrt(cols)) ** 2;
  const tilted = cols * gamma2 > OUTSTANDING ** 2 * edge2;
  if (!tilted) {
    gamma.fill(0);
    gamma2 = 0;
  }
  const B: LinearOperator = {
    scalar,
    rows,
    cols,
    frobenius2: Math.max(centred - cols * gamma2, 1e-14 * operator.frobenius2),
    apply(x, z) {
      operator.apply(x, z);
      let re2 = 0;
      let im2 = 0;
      let re1 = 0;
      let im1 = 0;
      for (let i = 0; i < N; i += width) {
        re2 += c[i] * x[i];
        re1 += x[i];
        if (width === 2) {
          re2 += c[i + 1] * x[i + 1];
          im2 += c[i] * x[i + 1] - c[i + 1] * x[i];
          im1 += x[i + 1];
        }
      }
      shift(z, -re2, -im2, -re1, -im1);
    },
    adjoint(z, x) {
      operator.adjoint(z, x);
      let oneRe = 0;
      let oneIm = 0;
      let gRe = 0;
      let gIm = 0;
      for (let k = 0; k < M; k += width) {
        oneRe += z[k];
        gRe += gamma[k] * z[k];
        if (width === 2) {
          oneIm += z[k + 1];
          gRe += gamma[k + 1] * z[k + 1];
          gIm += gamma[k] * z[k + 1] - gamma[k + 1] * z[k];
        }
      }
      for (let i = 0; i < N; i += width) {
        x[i] -= c[i] * oneRe - (width === 2 ? c[i + 1] * oneIm : 0) + gRe;
        if (width === 2) x[i + 1] -= c[i] * oneIm + c[i + 1] * oneRe + gIm;
      }
    }
  };
  /** z += t2 + gamma t1. */
  function shift(z: Vec, re2: number, im2: number, re1: number, im1: number): void {
    if (width === 1) for (let k = 0; k < M; k++) z[k] += re2 + gamma[k] * re1;
    else
      for (let k = 0; k < M; k += 2) {
        z[k] += re2 + gamma[k] * re1 - gamma[k + 1] * im1;
        z[k + 1] += im2 + gamma[k] * im1 + gamma[k + 1] * re1;
      }
  }

  const t = new Float64Array(4); // t2, t1: re, im
  const moved = new Float64Array(M);
  const place = (omega: Vec) => {
    moved.set(omega);
    shift(moved, t[0], t[1], t[2], t[3]);
  };
  /** One Newton step on t2 (at = 0) or t1 (at = 2); returns its square in units of the error bar. Where the likelihood is not concave its Fisher information takes the place of the curvature. */
  const newton = (g: Vec, curvature: Vec, at: 0 | 2): number => {
    let re = 0;
    let im = 0;
    let h = 0;
    let fisher = 0;
    for (let mu = 0; mu < rows; mu++) {
      const k = width * mu;
      const a = at === 0 ? 1 : gamma[k];
      const b = at === 0 || width === 1 ? 0 : gamma[k + 1];
      const gi = width === 2 ? g[k + 1] : 0;
      re += a * g[k] + b * gi;
      im += a * gi - b * g[k];
      h += (a * a + b * b) * curvature[mu];
      fisher += (a * a + b * b) * (g[k] * g[k] + gi * gi);
    }
    const scale = h > 0 ? h : fisher;
    if (!(scale > 0)) return 0;
    t[at] += re / scale;
    t[at + 1] += im / scale;
    return (re * re + im * im) / scale;
  };
  const shifted: GampChannel = {
    scalar,
    labelScalar: channel.labelScalar,
    even: channel.even,
    logPartition(V, omega, labels, out) {
      place(omega);
      channel.logPartition(V, moved, labels, out);
    },
    score(V, omega, labels, g, curvature) {
      for (let pass = 0; pass < PASSES; pass++) {
        place(omega);
        channel.score(V, moved, labels, g, curvature);
        let step = newton(g, curvature, 0);
        if (tilted) {
          place(omega);
          channel.score(V, moved, labels, g, curvature);
          step += newton(g, curvature, 2);
        }
        if (!(step > 1e-18 * rows)) break; // the last correction is below the rounding of the score; NaN leaves too
      }
      place(omega);
      channel.score(V, moved, labels, g, curvature);
    }
  };
  return {
    problem: { ...problem, operator: B, channel: shifted },
    lift: (x) => x.slice(),
    restore: (mean, variance) => ({ mean: mean.slice(), variance: variance.slice() })
  };
}

/** A 1/cols (row means) or A^H 1/rows (column means, conjugated: the c of 1 c^H). */
function constantImage(operator: LinearOperator, over: "rows" | "cols"): Vec {
  const width = operator.scalar === "complex" ? 2 : 1;
  const from = new Float64Array(width * operator[over]);
  for (let i = 0; i < from.length; i += width) from[i] = 1;
  const to = new Float64Array(width * operator[over === "rows" ? "cols" : "rows"]);
  if (over === "cols") operator.apply(from, to);
  else operator.adjoint(from, to);
  for (let i = 0; i < to.length; i++) to[i] /= operator[over];
  return to;
}

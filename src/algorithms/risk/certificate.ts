/**
 * The certificate of a minimiser: Fenchel's duality gap and the distance from stationarity, from w, z = A w and u = -l'(z).
 * With v = A^T u and S the soft threshold at l1, ridge > 0:
 * gap = sum_i (ridge/2)(w_i - S(v_i)/ridge)^2 + l1 |w_i| - w_i clip(v_i, l1) + sum_mu [l(z) + l*(-u) + z u]: no term is negative
 * and none is a difference of large ones. For ridge = 0 the dual point is s u, s = min(1, l1/max |v|), and l*(-s u) <= s l*(-u).
 */
import { outcome } from "../../core/outcome.ts";
import type { Outcome, Vec } from "../../core/types.ts";
import type { RiskMethod, RiskResult, Setting } from "./riskProblem.ts";

export interface Certificate {
  readonly objective: number;
  readonly totalLoss: number;
  readonly gap: number | null;
  readonly stationarity: number;
  /** As `Outcome.residual` of a risk result. */
  readonly residual: number;
  /** Stationarity that rounding alone explains. */
  readonly rounding: number;
}

export interface Auditor {
  /** u = -l'(y, z) for z = A w; at kinks a subgradient of no merit: dual solvers bring their own. */
  dualOf(z: Vec, u: Vec): void;
  total(z: Vec): number;
  penalty(w: Vec): number;
  /** `v` is A^T u where it is at hand. */
  certify(w: Vec, z: Vec, u: Vec, v?: Vec): Certificate;
  /** w and u are copied. */
  result(method: RiskMethod, w: Vec, u: Vec, c: Certificate, how: Outcome): RiskResult;
}

export function makeAuditor(setting: Setting): Auditor {
  const { operator, y, loss, rows, cols, ridge, l1 } = setting;
  const values = new Float64Array(rows);
  const second = new Float64Array(rows);
  const adjoint = new Float64Array(cols);
  const size = Math.sqrt(operator.frobenius2);
  const kinks = loss.smooth ? null : kinksOf(setting);
  loss.derivatives(y, values, second, new Float64Array(rows)); // values are still zero: l' at w = 0
  const pull0 = Math.sqrt(dot(second, second));

  function total(z: Vec): number {
    loss.value(y, z, values);
    return sum(values);
  }
  function penalty(w: Vec): number {
    let squares = 0;
    let sizes = 0;
    for (let i = 0; i < cols; i++) {
      squares += w[i] * w[i];
      sizes += Math.abs(w[i]);
    }
    return 0.5 * ridge * squares + l1 * sizes;
  }
  /** sum_mu l(z) + l*(-s u) + s z u, or an upper bound that closes as s -> 1. */
  function lossGap(z: Vec, u: Vec, s: number, totalLoss: number): number {
    if (!kinks) return (1 - s) * totalLoss;
    let gap = 0;
    for (let i = 0; i < rows; i++) gap += Math.max(0, values[i] - kinks.value[i] - s * u[i] * (kinks.at[i] - z[i]));
    return gap;
  }

  return {
    total,
    penalty,
    dualOf(z, u) {
      loss.derivatives(y, z, u, second);
      for (let i = 0; i < rows; i++) u[i] = -u[i];
    },
    certify(w, z, u, given) {
      const v = given ?? adjoint;
      if (!given) operator.adjoint(u, adjoint);
      const totalLoss = total(z);
      let squares = 0;
      let away = 0;
      let largest = 0;
      let net = 0;
      let lasso = 0;
      for (let i = 0; i < cols; i++) {
        const over = Math.max(Math.abs(v[i]) - l1, 0);
        const d = w[i] === 0 ? over : v[i] - ridge * w[i] - l1 * Math.sign(w[i]);
        away += d * d;
        squares += w[i] * w[i];
        largest = Math.max(largest, Math.abs(v[i]));
        if (ridge > 0) {
          const off = w[i] - (Math.sign(v[i]) * over) / ridge;
          net += 0.5 * ridge * off * off;
        }
        lasso += l1 * Math.abs(w[i]);
      }
      const objective = totalLoss + 0.5 * ridge * squares + lasso;
      const stationarity = Math.sqrt(away);
      const u1 = Math.sqrt(dot(u, u));
      const w1 = Math.sqrt(squares);
      // at a kink stationarity says nothing unless u is a subgradient at z: only the gap tells
      const rounding = kinks ? -1 : 4 * Number.EPSILON * (size * (u1 + (size * w1) / Math.sqrt(Math.max(rows, cols))) + ridge * w1 + l1);
      let gap: number | null = null;
      if (ridge > 0) {
        let cross = 0;
        for (let i = 0; i < cols; i++) cross += l1 * Math.abs(w[i]) - w[i] * Math.max(-l1, Math.min(l1, v[i]));
        gap = net + Math.max(0, cross) + lossGap(z, u, 1, totalLoss);
      } else if (l1 > 0) {
        const s = largest > l1 ? l1 / largest : 1;
        let cross = 0;
        for (let i = 0; i < cols; i++) cross += l1 * Math.abs(w[i]) - s * w[i] * v[i];
        gap = Math.max(0, cross) + lossGap(z, u, s, totalLoss);
      }
      let residual: number;
      if (gap === null) residual = pull0 > 0 ? stationarity / (size * pull0) : 0;
      else if (ridge > 0 && !kinks) residual = gap === 0 ? 0 : Math.sqrt((2 * gap) / ridge) / Math.max(w1, Number.MIN_VALUE);
      else residual = objective > 0 ? gap / objective : 0;
      return { objective, totalLoss, gap, stationarity, residual: Math.min(residual, Number.MAX_VALUE), rounding };
    },
    result: (method, w, u, c, how) => ({
      method,
      w: w.slice(),
      dual: u.slice(),
      objective: c.objective,
      trainingLoss: c.totalLoss / rows,
      gap: c.gap,
      stationarity: c.stationarity,
      outcome: how
    })
  };
}

/** Good enough: the tolerance is met, or what is left is rounding. */
export function closed(c: Certificate, tolerance: number): boolean {
  return c.residual <= tolerance || c.stationarity <= c.rounding;
}

/** The outcome of a solver that ran out of iterations or of progress. */
export function unfinished(c: Certificate, iterations: number, cure: string): Outcome {
  return outcome("horizon", c.residual, iterations, {
    advice: `stopped with residual ${c.residual.toExponential(1)} (${c.gap === null ? "stationarity" : "duality gap"} ${(c.gap ?? c.stationarity).toExponential(1)}): ${cure}`
  });
}

export interface Kinks {
  /** l(y, z) = value + max over u in [low, high] of u (at - z): where the one kink is, and minus the slopes on its two sides. */
  readonly at: Vec;
  readonly value: Vec;
  readonly low: Vec;
  readonly high: Vec;
}

/** A loss with a kink is linear on both sides of it (hinge, absolute): everything about it follows from its breaks and slopes. */
export function kinksOf({ loss, y, rows }: Pick<Setting, "loss" | "y" | "rows">): Kinks {
  const at = Float64Array.from(y, (label) => loss.breaks(0, label)[0]);
  const value = new Float64Array(rows);
  const low = new Float64Array(rows);
  const high = new Float64Array(rows);
  const second = new Float64Array(rows);
  loss.value(y, at, value);
  loss.derivatives(
    y,
    at.map((z) => z - 1 - Math.abs(z)),
    high,
    second
  );
  loss.derivatives(
    y,
    at.map((z) => z + 1 + Math.abs(z)),
    low,
    second
  );
  for (let i = 0; i < rows; i++) {
    low[i] = 0 - low[i];
    high[i] = 0 - high[i];
  }
  return { at, value, low, high };
}

export function dot(a: Vec, b: Vec): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * b[i];
  return s;
}
function sum(x: Vec): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i];
  return s;
}

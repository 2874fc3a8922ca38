/**
 * Quadrature for the estimated preactivations of two hidden units, omega ~ N(0, Q), in the eigenbasis omega_+- = (omega_1 +- omega_2)/sqrt 2
 * of a committee-symmetric Q with eigenvalues lambda_+ and lambda_-: independent N(0, lambda_+) and N(0, lambda_-).
 */
import type { Vec } from "../../core/types.ts";
import { composite } from "../../numerics/quadrature.ts";
import { normalPdf } from "../../numerics/special/index.ts";
import type { CommitteeOrder } from "./order.ts";

/** Nodes of the quadrant omega_+, omega_- >= 0; the weights count all four quadrants and sum to 1. */
export interface Plane {
  readonly plus: Vec;
  readonly minus: Vec;
  readonly weight: Vec;
}

/** Standard deviations covered. */
const REACH = 8.5;
/** Below it both variances are small, and features lie along the lines omega_1 = 0 and omega_2 = 0. */
const SHARP = 0.05;
/** Below it an axis needs panels graded toward 0. */
const GRADED = 0.02;
/** With variances this unequal the apex is elongated, and the axes of Q resolve it better, unless both are tiny. */
const UNEQUAL = 0.15;
const TINY = 2e-3;
/** Steps in units of the width of what varies; measured: J_+-, Psi_out change by less than 2e-10 of themselves at a third of them. */
const TRAPEZOID_STEP = 0.55;
const COARSEST = 0.4;
const PANEL = 3;
const DIFFERENCE_STEP = 0.18;
const NEAR_ZERO = 0.75;
const SINH_STEP = 0.08;

/**
 * Half an axis of standard deviation sqrt(lambda). What varies has the width sqrt(own) of that axis' variance around 0, where the wedge has
 * its apex, and the larger of the two everywhere else: the trapezoid, or panels graded toward 0 when `own` is small.
 */
export function halfAxis(lambda: number, own: number, most: number, reach = REACH): { x: number[]; w: number[] } {
  const sd = Math.sqrt(Math.max(lambda, 0));
  if (sd < 1e-150) return { x: [0], w: [1] };
  const x: number[] = [];
  const w: number[] = [];
  if (own >= GRADED || sd <= 2 * Math.sqrt(own)) {
    const h = Math.min(COARSEST, (TRAPEZOID_STEP * Math.sqrt(own)) / sd);
    for (let t = 0.5 * h; t < reach; t += h) {
      x.push(sd * t);
      w.push(2 * h * normalPdf(t));
    }
    return { x, w };
  }
  const near = Math.sqrt(own) / sd;
  const far = Math.min(1.5, (PANEL * Math.sqrt(most)) / sd);
  const breaks = [0];
  for (let c = 0; c < reach; ) {
    c = Math.min(reach, c + Math.min(far, Math.max(PANEL * near, c)));
    breaks.push(c);
  }
  const { nodes, weights } = composite(breaks, 12);
  for (let k = 0; k < nodes.length; k++) {
    x.push(sd * nodes[k]);
    w.push(2 * weights[k] * normalPdf(nodes[k]));
  }
  return { x, w };
}

/**
 * Half of the axis of the difference, omega_- = b sinh(tau), the trapezoid in tau. For omega_+ far out the label 0 has the mass
 * Q(x_1) + Q(x_2), x_1 - x_2 = sqrt 2 omega_-/s: its complex zeros close in on omega_- = 0 like pi/x_1, which asks for steps much shorter
 * than s around 0 and nowhere else.
 */
export function differenceAxis(lambda: number, own: number, most: number): { x: number[]; w: number[] } {
  const sd = Math.sqrt(Math.max(lambda, 0));
  if (sd < 1e-150) return { x: [0], w: [1] };
  const b = Math.min(sd, NEAR_ZERO * Math.sqrt(own));
  const h = DIFFERENCE_STEP * Math.min(1, Math.sqrt(2 * most));
  const x: number[] = [];
  const w: number[] = [];
  for (let tau = 0.5 * h; ; tau += h) {
    const t = (b * Math.sinh(tau)) / sd;
    if (t > REACH) break;
    x.push(sd * t);
    w.push((2 * h * b * Math.cosh(tau) * normalPdf(t)) / sd);
  }
  return { x, w };
}

function tensor(o: CommitteeOrder): Plane {
  const most = Math.max(o.vPlus, o.vMinus);
  const a = halfAxis(o.lambdaPlus, o.vPlus, most);
  const b = differenceAxis(o.lambdaMinus, o.vMinus, most);
  const n = a.x.length * b.x.length;
  const plus = new Float64Array(n);
  const minus = new Float64Array(n);
  const weight = new Float64Array(n);
  let k = 0;
  for (let i = 0; i < a.x.length; i++)
    for (let j = 0; j < b.x.length; j++, k++) {
      plus[k] = a.x[i];
      minus[k] = b.x[j];
      weight[k] = a.w[i] * b.w[j];
    }
  return { plus, minus, weight };
}

/**
 * Both variances small: omega_1 = s b sinh(tau_1), omega_2 likewise, s^2 = (v_+ + v_-)/2. The trapezoid in (tau_1, tau_2) follows the
 * lines omega_1 = 0 and omega_2 = 0 on the length s, however small, and the Gaussian beyond. Nodes with |omega_2| <= omega_1.
 */
function sharp(o: CommitteeOrder): Plane {
  const s = Math.sqrt((o.vPlus + o.vMinus) / 2);
  const ratio = Math.sqrt(Math.min(o.vPlus, o.vMinus) / Math.max(o.vPlus, o.vMinus));
  const b = 1.6;
  const h = SINH_STEP * Math.min(1, 3 * Math.max(ratio, 0.1));
  const top = Math.asinh((REACH * Math.sqrt(Math.max(o.lambdaPlus, o.lambdaMinus))) / (s * b)) + 0.5;
  const m = Math.ceil(top / h);
  const root = 1 / Math.sqrt(2);
  const density = (h * h) / (2 * Math.PI * Math.sqrt(o.lambdaPlus * o.lambdaMinus));
  const plus: number[] = [];
  const minus: number[] = [];
  const weight: number[] = [];
  const x = Float64Array.from({ length: m }, (_, i) => s * b * Math.sinh((i + 0.5) * h));
  const dx = Float64Array.from({ length: m }, (_, i) => s * b * Math.cosh((i + 0.5) * h));
  for (let i = 0; i < m; i++)
    for (let j = 0; j <= i; j++)
      for (let sign = -1; sign <= 1; sign += 2) {
        const up = root * (x[i] + sign * x[j]);
        const um = root * (x[i] - sign * x[j]);
        const e = 0.5 * ((up * up) / o.lambdaPlus + (um * um) / o.lambdaMinus);
        if (e > 45) continue;
        plus.push(up);
        minus.push(um);
        weight.push((i === j ? 2 : 4) * density * dx[i] * dx[j] * Math.exp(-e));
      }
  return { plus: Float64Array.from(plus), minus: Float64Array.from(minus), weight: Float64Array.from(weight) };
}

/** The rule fit for an order parameter with 0 <= lambda <= 1, 0 < v <= 1. */
export function overlapPlane(o: CommitteeOrder): Plane {
  const most = Math.max(o.vPlus, o.vMinus);
  const ratio = Math.sqrt(Math.min(o.vPlus, o.vMinus) / most);
  return most < SHARP && (ratio > UNEQUAL || most < TINY) ? sharp(o) : tensor(o);
}

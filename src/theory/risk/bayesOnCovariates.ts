/**
 * The least error that any learner can reach from n labels on correlated Gaussian inputs, when the teacher's direction has a Gaussian prior
 * (of independent components in the inputs' eigenbasis): z0 is a linear function of the inputs plus what they cannot tell, which is noise;
 * the rest is the Bayes-optimal state evolution of a generalised linear model whose weights have unequal variances A = p b^2/Omega:
 * r = (n/p) J(q), q = <A^2 r/(1 + A r)>.
 */
import { outcome } from "../../core/outcome.ts";
import type { Loss, Outcome } from "../../core/types.ts";
import { hazardInformation } from "../../channels/closedForms.ts";
import { composite, gaussianMeasure, gradedBreaks } from "../../numerics/quadrature.ts";
import { brentRoot } from "../../numerics/roots.ts";
import { mills, normalCdf, normalPdf } from "../../numerics/special/normal.ts";
import type { LabelLaw } from "./outputSide.ts";
import { type Covariates, explainedVariance } from "./spectralSide.ts";

export interface BayesRisk {
  readonly q: number;
  /** Label error (sign labels) or mean squared error (linear labels), the labels' noise included. */
  readonly error: number;
  /** (1/n) sum l(y, z) at the posterior mean z of what the inputs explain of the training samples' z0. */
  readonly trainingLoss: number;
  readonly outcome: Outcome;
}

const FARTHEST = Math.log(1e14);

/** `samples` = n/p; the loss is used for the training loss alone. */
export function bayesRisk(inputs: Covariates, labels: LabelLaw, samples: number, loss: Loss): BayesRisk {
  const { omega, weight, target, rho } = inputs;
  const explained = explainedVariance(inputs);
  const total = rho + labels.noise;
  /** V = <A/(1 + A r)>, the part of the explained variance that is not known yet. */
  const left = (r: number): number => {
    let V = 0;
    for (let k = 0; k < omega.length; k++) if (target[k] > 0) V += target[k] / (omega[k] + (target[k] / weight[k]) * r);
    return V;
  };
  const unknown = Math.max(0, rho - explained) + labels.noise;
  const information = (q: number, v: number): number => (labels.kind === "sign" ? (2 * hazardInformation(q / v)) / v : 1 / v);
  const excess = (logR: number): number => {
    const V = left(Math.exp(logR));
    return Math.log(samples * information(Math.max(0, explained - V), V + unknown)) - logR;
  };
  const lowest = Math.log(samples * information(0, total));
  let [r, iterations, residual] = [Number.POSITIVE_INFINITY, 0, 0];
  if (explained > 0 && !(excess(FARTHEST) > 0)) {
    const root = brentRoot(excess, lowest - 1e-6, FARTHEST);
    r = Math.exp(root.x);
    iterations = root.outcome.iterations;
    residual = root.outcome.residual;
  } else if (!(explained > 0)) r = 0;
  const V = r === Number.POSITIVE_INFINITY ? 0 : left(r);
  const q = Math.max(0, explained - V);
  const error = labels.kind === "sign" ? Math.atan2(Math.sqrt(V + unknown), Math.sqrt(q)) / Math.PI : V + unknown;
  return {
    q,
    error,
    trainingLoss: labels.kind === "sign" ? signLoss(loss, q, V, unknown) : linearLoss(loss, V, unknown),
    outcome: outcome(r === Number.POSITIVE_INFINITY ? "exact-recovery" : "converged", residual, iterations)
  };
}

/** y - z = (y - omega) unknown/(V + unknown) is Gaussian. */
function linearLoss(loss: Loss, V: number, unknown: number): number {
  const scale = unknown > 0 ? unknown / Math.sqrt(V + unknown) : 0;
  const { nodes, weights } = gaussianMeasure([{ centre: 0, width: 0.1 }]);
  const z = nodes.map((t) => scale * t);
  const kept = new Float64Array(z.length);
  loss.value(new Float64Array(z.length), z, kept);
  return kept.reduce((sum, l, k) => sum + weights[k] * l, 0);
}

/** E 2 Phi(omega/sqrt v) l(1, omega + V phi/(Phi sqrt v)), v = V + unknown. */
function signLoss(loss: Loss, q: number, V: number, unknown: number): number {
  const v = V + unknown;
  const [scale, root] = [Math.sqrt(q), Math.sqrt(v)];
  const turn = root > 0 && scale > 0 ? Math.min(1.5, root / scale) : 1.5;
  const { nodes, weights } = composite(
    gradedBreaks(-9, 9, [
      { centre: 0, width: 1.5 },
      { centre: 0, width: Math.max(1e-9, turn) }
    ]),
    16
  );
  const n = nodes.length;
  const [z, odds, kept] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n; k++) {
    const omega = scale * nodes[k];
    const u = root > 0 ? omega / root : nodes[k] > 0 ? 40 : -40;
    odds[k] = weights[k] * normalPdf(nodes[k]) * 2 * normalCdf(u);
    z[k] = omega + (root > 0 ? (V / root) * (u < 0 ? 1 / mills(-u) : normalPdf(u) / normalCdf(u)) : 0);
  }
  loss.value(new Float64Array(n).fill(1), z, kept);
  return kept.reduce((sum, l, k) => sum + odds[k] * l, 0);
}

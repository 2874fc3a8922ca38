/** The Bayes-optimal student beside risk minimisation: its learning curve, and the loss its posterior means keep on the training patterns. */
import type { Loss, Outcome } from "../../core/types.ts";
import { composite, gradedBreaks } from "../../numerics/quadrature.ts";
import { hazard, normalCdf, normalPdf } from "../../numerics/special/index.ts";
import { equilibrium } from "../../theory/index.ts";
import { branchOf } from "../family/generalizedLinear.ts";
import { modelsOf, theoryOf } from "../family/models.ts";

export interface BayesStudent {
  readonly q: number;
  readonly error: number;
  readonly trainingLoss: number;
  readonly outcome: Outcome;
}

/** Unit Gaussian teacher, labels sign(z0 + sqrt(noise) xi), alpha patterns per weight. */
export function bayesStudent(id: string, loss: Loss, noise: number, alpha: number): BayesStudent {
  const { curve, thresholds } = theoryOf(modelsOf(id, { prior: "gaussian", channel: `sign:noise=${noise}` }));
  const point = equilibrium(curve, alpha, thresholds).optimal;
  const read = branchOf(point, alpha, curve, thresholds.weakRecovery, ({ q, V }) => ({ q, V }));
  const { q, V } = read.observables;
  return {
    q,
    error: Math.atan2(Math.sqrt(Math.max(0, V + noise)), Math.sqrt(q)) / Math.PI,
    trainingLoss: keptLoss(loss, q, V, noise),
    outcome: read.outcome
  };
}

/** E l(y, <z>), <z> = omega + V y h(y omega/s)/s the posterior mean on a training pattern, s^2 = V + noise, h = phi/Phi; omega ~ N(0, q). */
function keptLoss(loss: Loss, q: number, V: number, noise: number): number {
  const s = Math.sqrt(V + noise);
  const scale = Math.sqrt(q);
  const turn = scale > 0 ? [{ centre: 0, width: Math.min(1.5, Math.max(1e-12, s / scale)) }] : [];
  const { nodes: t, weights } = composite(gradedBreaks(-9, 9, [{ centre: 0, width: 1.5 }, ...turn]));
  const z = t.map((x) => scale * x + (s > 0 ? (V / s) * hazard((scale * x) / s) : Math.max(0, -scale * x)));
  const values = new Float64Array(t.length);
  loss.value(new Float64Array(t.length).fill(1), z, values);
  let sum = 0;
  for (let k = 0; k < t.length; k++) {
    const odds = s > 0 ? normalCdf((scale * t[k]) / s) : t[k] > 0 ? 1 : 0;
    sum += weights[k] * normalPdf(t[k]) * 2 * odds * values[k];
  }
  return sum;
}

/** Risk minimisation: curves of theory, the two kinds of solvers against each other, and one instance of a thousand weights. */
import { gampRisk, lbfgsRisk, minimiseRisk } from "../src/algorithms/risk/index.ts";
import { make, parse } from "../src/core/parameters.ts";
import type { LinearOperator, Loss, Scenario, Vec } from "../src/core/types.ts";
import { gaussianIid } from "../src/ensembles/index.ts";
import { huber, logistic, square } from "../src/losses/index.ts";
import { makeRng } from "../src/numerics/random/index.ts";
import * as registry from "../src/scenarios/index.ts";
import { type Line, line, median, once, time } from "./timing.ts";

const features = registry.randomFeatures as unknown as Scenario;
const perceptron = registry.perceptronErm as unknown as Scenario;

/** Rounds never meet a penalty that an earlier one has tuned: the noise differs in its last digits. */
function curve(scenario: Scenario, along: string, values: readonly number[], given: Record<string, unknown>): number {
  return median(
    [1, 2, 3].map((round) =>
      once(() => {
        for (const value of values) scenario.predict(parse(scenario, { ...given, noise: 0.01 * (1 + 1e-9 * round), [along]: value }));
      })
    )
  );
}

function instance(rows: number, cols: number): { readonly operator: LinearOperator; readonly y: Vec } {
  const rng = makeRng(1, "learning");
  const operator = make(gaussianIid).sample(rng.fork("X"), rows, cols);
  const teacher = new Float64Array(cols);
  rng.fork("w0").fillNormal(teacher);
  const y = new Float64Array(rows);
  const noise = new Float64Array(rows);
  operator.apply(teacher, y);
  rng.fork("noise").fillNormal(noise, 0.5);
  for (let i = 0; i < rows; i++) y[i] = y[i] + noise[i] < 0 ? -1 : 1;
  return { operator, y };
}

export function benchLearning(): Line[] {
  const lines: Line[] = [];
  const widths = Array.from({ length: 50 }, (_, k) => 0.1 * 200 ** (k / 49));
  for (const loss of ["square", "logistic"])
    for (const tune of ["none", "generalization"]) {
      const ms = curve(features, "width", widths, { loss, tune });
      const name = `random features along width, 50 points, ${loss}${tune === "none" ? "" : ", tuned"}`;
      lines.push(line(name, `${(ms / 1000).toFixed(2)} s`, "< 2 s", ms < 2000));
    }
  const alphas = Array.from({ length: 50 }, (_, k) => 0.1 * 1e4 ** (k / 49));
  for (const tune of ["none", "generalization"]) {
    const ms = curve(perceptron, "alpha", alphas, { loss: "logistic", tune });
    const name = `perceptron-erm along alpha to 1e3, 50 points, logistic${tune === "none" ? "" : ", tuned"}`;
    lines.push(line(name, `${(ms / 1000).toFixed(2)} s`, "", true));
  }

  const { operator, y } = instance(1200, 400);
  let largest = 0;
  for (const loss of [make(square), make(logistic), make(huber)] as Loss[])
    for (const ridge of [1e-2, 1]) {
      const problem = { operator, y, loss, penalty: { ridge } };
      const [a, b] = [gampRisk(problem).w, lbfgsRisk(problem).w];
      for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
  const what = "GAMP and L-BFGS minimisers, 1200 x 400, three losses, ridge 0.01 and 1: largest difference of a weight";
  lines.push(line(what, largest.toExponential(1), "<= 1e-8", largest <= 1e-8));

  const large = { ...instance(3000, 1000), loss: make(logistic) as Loss, penalty: { ridge: 0.1 } };
  for (const method of ["gamp", "lbfgs", "newton"] as const) {
    const ms = time(() => void minimiseRisk(large, { method, tolerance: 1e-8 }), 3);
    lines.push(line(`logistic regression, 3000 x 1000, ridge 0.1, tolerance 1e-8: ${method}`, `${ms.toFixed(0)} ms`, "", true));
  }
  return lines;
}

/** What a student makes of one component of a teacher's signal seen through Gaussian noise, when the two need not agree on prior or noise. */
import type { Prior } from "../core/types.ts";
import type { Order } from "./stateEvolution.ts";

/** b = mHat x0 + sqrt(qHat) xi, to which the student ascribes the precision a. The student who knows better has a = mHat = qHat. */
export interface ObservedMessage {
  readonly a: number;
  readonly mHat: number;
  readonly qHat: number;
}

/** m = E x0 xhat, q = E |xhat|^2, the V it believes in and the true mse; `order`: quadrature nodes a panel. */
export function scalarEstimate(teacher: Prior, student: Prior, { a, mHat, qHat }: ObservedMessage, order?: number): Omit<Order, "t"> {
  const complex = student.scalar === "complex" ? 2 : 1;
  const into = teacher.field(mHat, qHat, order, student.breaks?.(a));
  const N = into.weight.length;
  const mean = new Float64Array(complex * N);
  const variance = new Float64Array(N);
  const truth = new Float64Array(complex * N);
  const spread = new Float64Array(N);
  student.posterior(Float64Array.of(a), into.input, mean, variance);
  const snr = qHat > 0 ? mHat / qHat : 0;
  teacher.posterior(
    Float64Array.of(mHat * snr),
    into.input.map((b) => snr * b),
    truth,
    spread
  );
  const out = { m: 0, q: 0, V: 0, mse: 0 };
  for (let k = 0; k < N; k++) {
    const w = into.weight[k];
    out.V += w * variance[k];
    out.mse += w * spread[k];
    for (let c = complex * k; c < complex * (k + 1); c++) {
      out.m += w * truth[c] * mean[c];
      out.q += w * mean[c] * mean[c];
      out.mse += w * (truth[c] - mean[c]) ** 2;
    }
  }
  return out;
}

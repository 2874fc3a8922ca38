/** The natural form of a channel from its (V, omega) form: mean = omega + V g, variance = V (1 - V curvature). */
import type { Channel, Vec } from "../core/types.ts";

/** `posterior` for any channel with a `score`; a = 1/V, b = omega/V. Work space grows to the longest call and is kept. */
export function posteriorFromScore(score: Channel["score"], components = 1): Channel["posterior"] {
  let V: Vec = new Float64Array(0);
  let omega: Vec = new Float64Array(0);
  return (a, b, y, mean, variance) => {
    const n = b.length / components;
    if (V.length < n) {
      V = new Float64Array(n);
      omega = new Float64Array(n * components);
    }
    const v = V.subarray(0, a.length === 1 ? 1 : n);
    const w = omega.subarray(0, n * components);
    for (let i = 0; i < v.length; i++) v[i] = 1 / a[i];
    for (let i = 0; i < w.length; i++) w[i] = b[i] / a[a.length === 1 ? 0 : Math.floor(i / components)];
    score(v, w, y, mean, variance);
    for (let i = 0; i < n; i++) {
      const Vi = v[v.length === 1 ? 0 : i];
      variance[i] = Vi * Math.max(0, 1 - Vi * variance[i]);
      for (let c = i * components; c < (i + 1) * components; c++) mean[c] = w[c] + Vi * mean[c];
    }
  };
}

/** Predictions and thresholds of every scenario with independent entries, cold: nothing remembered from before. */
import { parse } from "../src/core/parameters.ts";
import type { Scenario } from "../src/core/types.ts";
import { forget } from "../src/scenarios/family/models.ts";
import * as registry from "../src/scenarios/index.ts";
import { type Line, line, median, once } from "./timing.ts";

// biome-ignore lint/suspicious/noExplicitAny: scenarios of every parameter set
const scenarios = (Object.values(registry) as unknown as Scenario<any, any>[]).filter(
  (s) => s.family === "generalized linear models" && s.id !== "rotational-glm"
);

export function benchTheory(): Line[] {
  const lines: Line[] = [];
  for (const s of scenarios)
    for (const extra of variants(s)) {
      const name = `${s.id} ${Object.entries(extra)
        .map(([k, v]) => `${k}=${v}`)
        .join(" ")}`.trim();
      const run = (work: () => void) =>
        median(
          [0, 1, 2].map(() => {
            forget();
            return once(work);
          })
        );
      const thresholds = run(() => void s.thresholds?.(parse(s, extra)));
      const curve = run(() => {
        for (let k = 1; k <= 100; k++) s.predict(parse(s, { ...extra, alpha: 0.03 * k }));
      });
      lines.push(line(`predict, 100 alphas, cold: ${name}`, `${curve.toFixed(0)} ms`, "< 1000 ms", curve < 1000));
      lines.push(line(`thresholds, cold: ${name}`, `${thresholds.toFixed(0)} ms`, "< 200 ms", thresholds < 200));
    }
  return lines;
}

/** The defaults, and every choice and a noisy version of each scenario. */
function variants(s: Scenario): Record<string, unknown>[] {
  const out: Record<string, unknown>[] = [{}];
  for (const [key, p] of Object.entries(s.params)) {
    if (p.kind === "choice" && key !== "init") for (const option of p.options) if (option !== p.default) out.push({ [key]: option });
    if (key === "noise") out.push({ noise: 0.01 });
    if (key === "rho") out.push({ rho: 0.3 });
  }
  return out;
}

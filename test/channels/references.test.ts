/** ln Z, score and curvature against 80-digit references (references.py), from V = 1e-12 to 1e6. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as registry from "../../src/channels/index.ts";
import { makeFromSpec } from "../../src/core/specs.ts";
import type { Channel } from "../../src/core/types.ts";
import { kebab } from "../../src/core/specs.ts";

interface Reference {
  readonly channel: string;
  readonly params: Readonly<Record<string, number>>;
  readonly rows: readonly (readonly number[])[];
}
const references = JSON.parse(readFileSync(new URL("./references.json", import.meta.url), "utf8")) as Reference[];

describe.each(references)("channel $channel $params", ({ channel, params, rows }) => {
  const spec = Object.entries(params)
    .map(([k, v]) => `${kebab(k)}=${v}`)
    .join(",");
  const c = makeFromSpec<Channel>(registry, spec ? `${channel}:${spec}` : channel);
  const d = c.scalar === "complex" ? 2 : 1;

  test("agrees with 80 digits", () => {
    const out = [new Float64Array(1), new Float64Array(d), new Float64Array(1)] as const;
    for (const [V, omega, y, logZ, g, curvature] of rows) {
      const w = new Float64Array(d);
      w[0] = omega;
      c.logPartition(Float64Array.of(V), w, Float64Array.of(y), out[0]);
      c.score(Float64Array.of(V), w, Float64Array.of(y), out[1], out[2]);
      const at = `V ${V} omega ${omega} y ${y}`;
      // A double label or omega fixes (y - omega)/sqrt V to 1e-16/sqrt V and its square to twice that times itself.
      const distance = (Math.abs(omega) + Math.abs(y)) / Math.sqrt(V);
      const slack = 1 + 1e-4 * distance;
      expect(Math.abs(out[0][0] - logZ), `ln Z, ${at}: ${out[0][0]} for ${logZ}`).toBeLessThan(1e-12 * (1 + Math.abs(logZ)));
      // Where the score passes through 0 its error is measured by its slope.
      const unit = Math.sqrt(g * g + Math.abs(curvature));
      expect(Math.abs(out[1][0] - g), `g, ${at}: ${out[1][0]} for ${g}`).toBeLessThan(1e-11 * slack * Math.abs(g) + 1e-14 * unit + 1e-300);
      expect(Math.abs(out[2][0] - curvature), `curvature, ${at}: ${out[2][0]} for ${curvature}`).toBeLessThan(
        1e-10 * slack * Math.abs(curvature) + 1e-300
      );
    }
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { make } from "../../../src/core/parameters.ts";
import type { Loss } from "../../../src/core/types.ts";
import { absolute, hinge, huber, logistic, square } from "../../../src/losses/index.ts";
import { makeOutputSide, trainingLossAt } from "../../../src/theory/risk/index.ts";

type Row = readonly [kind: "sign" | "linear", loss: string, a: number, m: number, q: number, gap: number, V: number, ...hats: string[]];
const rows = JSON.parse(readFileSync(new URL("./outputSide.json", import.meta.url), "utf8")) as readonly Row[];
const losses: Readonly<Record<string, Loss>> = {
  hinge: make(hinge),
  absolute: make(absolute),
  huber: make(huber, { delta: 1 }),
  logistic: make(logistic)
};

/** What is below 1e-280 of everything else has no digits to compare. */
const agree = (found: number, wanted: number): number => Math.abs(found - wanted) / Math.max(Math.abs(wanted), 1e-280);

describe("hats of the output side", () => {
  for (const name of Object.keys(losses))
    test(`${name}: 1e-12 of high-precision integrals, from V = 1e-12 to 1e12 and overlaps to 1 - 1e-10`, () => {
      for (const [kind, loss, a, m, q, gap, V, ...hats] of rows) {
        if (loss !== name) continue;
        const found =
          kind === "sign"
            ? makeOutputSide(losses[name], { kind, noise: a }, 1)({ m, q, V, gap })
            : makeOutputSide(losses[name], { kind, noise: 0 }, 1)({ m: 0, q: 0, V, mse: a });
        const worst = [found.mHat, found.qHat, found.VHat].map((x, i) => agree(x, Number(hats[i])));
        expect([kind, a, m, q, V, Math.max(...worst) < 2e-12 ? "agrees" : worst]).toEqual([kind, a, m, q, V, "agrees"]);
      }
    });

  test("square loss: quadrature over a quadratic in disguise gives the closed form", () => {
    const plain = make(square);
    const derivatives: Loss["derivatives"] = (y, z, first, second) => {
      plain.derivatives(y, z, first, second);
      second[0] *= 1 + 1e-9;
    };
    // a loss whose probes do not look quadratic: l'' is not constant where the test points are
    const disguised: Loss = { ...plain, derivatives };
    for (const noise of [0, 0.7])
      for (const V of [1e-6, 1, 1e6])
        for (const order of [
          { m: 0.4, q: 0.3, V },
          { m: 5, q: 30, V }
        ]) {
          const [a, b] = [plain, disguised].map((loss) => makeOutputSide(loss, { kind: "sign", noise }, 1)(order));
          for (const key of ["mHat", "qHat", "VHat"] as const) expect(b[key] / a[key]).toBeCloseTo(1, 12);
          expect(trainingLossAt(plain, { kind: "sign", noise }, 1, order)).toBeCloseTo(a.qHat / 2, 12);
        }
  });

  test("refuses a loss of signs on linear labels, and noise below zero", () => {
    expect(() => makeOutputSide(make(logistic), { kind: "linear", noise: 0 }, 1)).toThrow(/loss of signs/);
    expect(() => makeOutputSide(make(square), { kind: "sign", noise: -1 }, 1)).toThrow(/noise must be/);
  });
});

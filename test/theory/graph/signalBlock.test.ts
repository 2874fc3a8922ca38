import { describe, expect, test } from "vitest";
import { brentMinimum } from "../../../src/numerics/roots.ts";
import { equilibrium, fixedPointCurve, information, signalBlockOf, thresholdsOf } from "../../../src/theory/index.ts";
import { channel, hidden, layer, source } from "./bricks.ts";
import { chain, marchenkoPastur } from "./chains.ts";

const linear = (ratio: number) => signalBlockOf(chain([source("gaussian", ratio), layer(1, ratio)]), { dimension: Math.min(ratio, 1) });

describe("a linear generative signal", () => {
  test.each([0.2, 0.5, 1, 2])(
    "latent ratio %d: mmse and psi are those of the Gaussian W z with W of Marchenko-Pastur spectrum",
    (ratio) => {
      const signal = linear(ratio);
      const mp = marchenkoPastur(1 / ratio);
      expect(signal.mean).toBe(0);
      expect(Math.abs(signal.susceptibility / (1 + 1 / ratio) - 1)).toBeLessThan(1e-9); // tr (W W^T)^2
      for (const r of [1e-3, 0.3, 10, 1e4, 1e8]) {
        const exact = (ratio / r) * (1 - mp.resolvent(1, r));
        expect(Math.abs(signal.mmse(r) / exact - 1)).toBeLessThan(r < 1 ? 1e-12 : 1e-13 * 40);
      }
      for (const r of [0.3, 10, 1e3]) expect(Math.abs(signal.psi(r) - (r / 2 - (ratio / 2) * mp.log(1, r)))).toBeLessThan(1e-12 * (1 + r));
    }
  );
  test("phase retrieval: weak recovery (1/2) c/(1 + c), information theory min(c, 1), AMP 0.21932 and 0.5281502", () => {
    // the maxima of r/J(1 - V(r)), V the closed form above; the second prints as 0.52814 where it was bisected
    for (const [ratio, amp] of [
      [0.2, 0.2193264068],
      [0.5, 0.5281502021]
    ]) {
      const t = thresholdsOf(fixedPointCurve(linear(ratio), channel("abs")));
      expect(Math.abs((t.weakRecovery as number) - (0.5 * ratio) / (1 + ratio))).toBeLessThan(1e-9);
      expect(Math.abs((t.algorithmic as number) - amp)).toBeLessThan(1e-9);
      expect(t.informationTheoretic).toBe(ratio);
    }
  });
  test("at latent ratio 1 the hard phase is closed: alpha(r) rises to 1 and no further", () => {
    const signal = linear(1);
    const alpha = (r: number) => r / information(channel("abs"), 1 - signal.mmse(r), signal.mmse(r));
    let last = 0.25;
    for (const r of [0.1, 1, 10, 100, 1e4, 1e6, 1e8]) {
      expect(alpha(r)).toBeGreaterThan(last);
      expect(alpha(r)).toBeLessThan(1);
      last = alpha(r);
    }
    expect(last).toBeGreaterThan(0.9999);
  });
  test("compressed sensing: the fixed point at one alpha is that of y = X W z, by the product's own free entropy", () => {
    const curve = fixedPointCurve(linear(0.5), channel("gaussian:noise=0.1"));
    const { algorithmic } = equilibrium(curve, 0.4, thresholdsOf(curve));
    const { r, V } = algorithmic.point;
    expect(Math.abs((r * (0.1 + V)) / 0.4 - 1)).toBeLessThan(1e-10);
  });
});

describe("a relu generative signal", () => {
  test("latent ratio 0.1, phase retrieval: no weak-recovery threshold, AMP 0.114547", () => {
    const signal = signalBlockOf(chain([source("gaussian", 0.1), layer(1, 0.1), hidden("relu", 1)]), { dimension: 0.1 });
    expect(signal.secondMoment).toBeCloseTo(0.5, 12);
    expect(signal.mean).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 9);
    const alpha = (u: number) => {
      const V = signal.mmse(Math.exp(u));
      return Math.exp(u) / information(channel("abs"), 0.5 - V, V);
    };
    // references/reluSignal.py (GAMP for the layer, its own quadrature, good to 1e-9); the maximum prints as "about 0.1143" where it was bisected
    for (const [u, exact] of [
      [0, 0.11329675112],
      [0.35, 0.11442798275],
      [0.5, 0.11454489765],
      [0.6, 0.11452583443]
    ])
      expect(Math.abs(alpha(u) - exact)).toBeLessThan(1e-9);
    const top = brentMinimum((u) => -alpha(u), 0.35, 0.7, { tolerance: 1e-3 });
    expect(-top.value).toBeCloseTo(0.114547, 6);
    expect(alpha(-10)).toBeLessThan(1e-3); // an uninformed estimate already has an overlap
  });
});

test("a graph with no open end is refused", () => {
  expect(() => signalBlockOf({ modules: [], variables: [] })).toThrow("exactly one variable must be used by no module");
});

import { describe, expect, test } from "vitest";
import { makeFromSpec } from "../../src/core/specs.ts";
import type { Channel, Prior } from "../../src/core/types.ts";
import * as channels from "../../src/channels/index.ts";
import * as priors from "../../src/priors/index.ts";
import {
  equilibrium,
  fixedPointCurve,
  generalStep,
  information,
  l1Threshold,
  landscape,
  mmse,
  stateEvolution,
  thresholdsOf
} from "../../src/theory/index.ts";

const prior = (spec: string) => makeFromSpec<Prior>(priors, spec);
const channel = (spec: string) => makeFromSpec<Channel>(channels, spec);
const solve = (p: string, c: string) => {
  const curve = fixedPointCurve(prior(p), channel(c));
  return { curve, thresholds: thresholdsOf(curve) };
};
const PAIRS = [
  ["gaussian", "sign"],
  ["binary", "sign"],
  ["gauss-bernoulli:rho=0.2", "gaussian:noise=0.0001"],
  ["gauss-bernoulli:rho=0.3", "relu"],
  ["binary", "symmetric-door"],
  ["gaussian", "abs"]
] as const;

describe("values of the literature, to the digits of an independent solution", () => {
  test("binary perceptron: 1.2446839899 and 1.4926318182", () => {
    const { thresholds } = solve("binary", "sign");
    expect(Math.abs((thresholds.informationTheoretic as number) - 1.2446839899)).toBeLessThan(1e-10);
    expect(Math.abs((thresholds.algorithmic as number) - 1.4926318182)).toBeLessThan(1e-10);
  });
  test("alpha times the Bayes error of the Gaussian perceptron tends to 0.4417", () => {
    // the deviation falls as 1/alpha: one step of Richardson from 1e3 and 1e4
    const { curve, thresholds } = solve("gaussian", "sign");
    const scaled = (alpha: number) => {
      const { point } = equilibrium(curve, alpha, thresholds).algorithmic;
      return (alpha * Math.asin(Math.sqrt(point.V))) / Math.PI;
    };
    const limit = (10 * scaled(1e4) - scaled(1e3)) / 9;
    expect(Math.abs(limit - 0.4417)).toBeLessThan(5e-5);
  });
  test("symmetric door, binary: 1, 1.36046, 1.56643", () => {
    const { thresholds } = solve("binary", "symmetric-door:width=0.67449");
    expect(thresholds.informationTheoretic).toBeCloseTo(1, 5);
    expect(thresholds.weakRecovery).toBeCloseTo(1.36046, 5);
    expect(thresholds.algorithmic).toBeCloseTo(1.56643, 5);
  });
  test("sparse signals: AMP 0.3554108280 without noise; 0.30928, 0.33223, 0.35682 at noise 1e-4", () => {
    expect(Math.abs((solve("gauss-bernoulli:rho=0.2", "gaussian:noise=0").thresholds.algorithmic as number) - 0.355410828)).toBeLessThan(
      1e-9
    );
    const { thresholds } = solve("gauss-bernoulli:rho=0.2", "gaussian:noise=0.0001");
    expect(thresholds.spinodalLow).toBeCloseTo(0.30928, 5);
    expect(thresholds.informationTheoretic).toBeCloseTo(0.33223, 5);
    expect(thresholds.algorithmic).toBeCloseTo(0.35682, 5);
  });
  test("L1 line at rho = 0.2", () => expect(Math.abs(l1Threshold(0.2) - 0.5111296104)).toBeLessThan(1e-10));
});

describe("laws of the curve", () => {
  for (const [p, c] of PAIRS) {
    test(`${p} through ${c}: every point of the curve is a fixed point of state evolution`, () => {
      const { curve } = solve(p, c);
      for (const point of curve.points.filter((_, k) => k % 9 === 0)) {
        const r = point.alpha * information(curve.channel, Math.max(point.q, 0), point.V);
        expect(Math.abs(mmse(curve.prior, r) / point.V - 1)).toBeLessThan(1e-9);
      }
    });
    test(`${p} through ${c}: the landscape is stationary at the fixed points, a maximum where stable`, () => {
      const { curve, thresholds } = solve(p, c);
      const alpha = 0.9 * (thresholds.algorithmic ?? 1.2);
      const { all } = equilibrium(curve, alpha, thresholds);
      const phi = (q: number) => {
        // Phi(q) = Psi_w(r) + alpha Psi_out(q) - r q / 2 with r solving q = q(r): by bisection, independent of the curve
        let lo = 1e-12;
        let hi = 1e9;
        for (let k = 0; k < 200; k++) {
          const mid = Math.sqrt(lo * hi);
          if (curve.rho - mmse(curve.prior, mid) < q) lo = mid;
          else hi = mid;
        }
        return curve.freeEntropy(curve.at(Math.sqrt(lo * hi)), alpha);
      };
      for (const { point, stable } of all) {
        if (!(point.q > 0.02 * curve.rho && point.q < 0.98 * curve.rho)) continue;
        const h = 2e-3 * Math.min(point.q, point.V);
        const [below, at, above] = [phi(point.q - h), phi(point.q), phi(point.q + h)];
        const curvature = (above - 2 * at + below) / (h * h);
        expect(Math.abs((above - below) / (2 * h))).toBeLessThan(1e-3 * Math.abs(curvature) * point.q + 1e-6);
        expect(curvature < 0).toBe(stable);
      }
      expect(landscape(curve, alpha).freeEntropy.every(Number.isFinite)).toBe(true);
    });
  }

  test("a student equal to its teacher, treated as a stranger, keeps m = q and V = rho - q", () => {
    const make = () => ({ prior: prior("gauss-bernoulli:rho=0.2"), channel: channel("sign:noise=0.1") });
    const step = generalStep(2, make(), make());
    let o = { m: 0, q: 0, V: 0.2, mse: 0.2 };
    const matched = stateEvolution(2, make(), undefined, { iterations: 10 });
    matched.next();
    for (let t = 0; t < 8; t++) {
      o = step(o);
      const want = matched.next().value as { q: number; V: number };
      expect(Math.abs(o.m - o.q)).toBeLessThan(1e-11);
      expect(Math.abs(o.V - want.V)).toBeLessThan(1e-11);
      expect(Math.abs(o.mse - want.V)).toBeLessThan(1e-11);
    }
  });

  test("alpha from 1e-3 to 1e3 is legal for every pair, finite everywhere", () => {
    for (const [p, c] of PAIRS) {
      const { curve, thresholds } = solve(p, c);
      for (let e = -3; e <= 3; e += 0.25) {
        const { algorithmic, optimal } = equilibrium(curve, 10 ** e, thresholds);
        for (const b of [algorithmic, optimal]) {
          expect(Number.isFinite(b.point.V) && b.point.V >= 0, `${p} ${c} alpha=1e${e}`).toBe(true);
          expect(Number.isNaN(b.freeEntropy)).toBe(false);
        }
        expect(optimal.point.V).toBeLessThanOrEqual(algorithmic.point.V + 1e-12);
      }
    }
  });
});

describe("weak recovery", () => {
  for (const rho of [0.001, 0.2, 1])
    for (const noise of [0, 0.5])
      test(`through abs at rho = ${rho}, noise ${noise}: (rho + noise)^2 / (2 rho^2), however sparse the signal`, () => {
        const { thresholds } = solve(`gauss-bernoulli:rho=${rho}`, `abs:noise=${noise}`);
        const exact = (rho + noise) ** 2 / (2 * rho * rho);
        expect(Math.abs((thresholds.weakRecovery as number) / exact - 1)).toBeLessThan(1e-9);
      });
  test("at and just above it the algorithm sits at a small overlap, not at exact recovery", () => {
    const { curve, thresholds } = solve("gauss-bernoulli:rho=0.2", "abs");
    for (const alpha of [0.5, 0.5 + 1e-12, 0.5 + 1e-9, 0.5 + 1e-7])
      expect(equilibrium(curve, alpha, thresholds).algorithmic.point.V).toBeGreaterThan(0.19);
  });
});

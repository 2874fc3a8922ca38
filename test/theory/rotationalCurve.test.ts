import { describe, expect, test } from "vitest";
import { makeFromSpec } from "../../src/core/specs.ts";
import type { Channel, Ensemble, Prior } from "../../src/core/types.ts";
import * as channels from "../../src/channels/index.ts";
import * as ensembles from "../../src/ensembles/index.ts";
import * as priors from "../../src/priors/index.ts";
import {
  equilibrium,
  type FixedPointCurve,
  fixedPointCurve,
  landscape,
  replicaFreeEntropy,
  rotationalCurve,
  thresholdsOf
} from "../../src/theory/index.ts";
import { comparison, graphOf, settled } from "./rotationalComparison.ts";

const prior = (spec: string) => makeFromSpec<Prior>(priors, spec);
const channel = (spec: string) => makeFromSpec<Channel>(channels, spec);
const ensemble = (spec: string) => makeFromSpec<Ensemble>(ensembles, spec);
const curveOf = (p: string, c: string, e: string) => rotationalCurve(prior(p), channel(c), ensemble(e)) as FixedPointCurve<Prior>;
const thresholds = (p: string, c: string, e: string) => thresholdsOf(curveOf(p, c, e));
const near = (x: number | null, y: number | null, tolerance: number) =>
  x === null || y === null ? expect(x).toBe(y) : expect(Math.abs(x - y), `${x} against ${y}`).toBeLessThan(tolerance);

describe("independent entries: the curve alpha = r/J again", () => {
  for (const [p, c, tolerance] of [
    ["binary", "sign", 1e-9],
    ["binary", "symmetric-door:width=0.67449", 1e-8],
    ["gauss-bernoulli:rho=0.2", "gaussian:noise=0", 1e-9],
    ["gauss-bernoulli:rho=0.2", "gaussian:noise=0.0001", 1e-9],
    ["gaussian", "abs", 1e-8],
    ["gaussian", "relu", 1e-8]
  ] as const)
    test(`${p} through ${c}: thresholds, free entropy, landscape`, () => {
      const iid = fixedPointCurve(prior(p), channel(c));
      const curve = curveOf(p, c, "gaussian-iid");
      const [a, b] = [thresholdsOf(iid), thresholdsOf(curve)];
      for (const name of ["weakRecovery", "algorithmic", "informationTheoretic", "spinodalLow"] as const) near(b[name], a[name], tolerance);
      const r = 0.7;
      near(curve.at(r).alpha, iid.at(r).alpha, 1e-12);
      near(curve.freeEntropy(curve.at(r)), iid.freeEntropy(iid.at(r)), 1e-11);
      const alpha = 0.3; // below one: the signal's variance can be held anywhere
      const [f, g] = [landscape(iid, alpha), landscape(curve, alpha)];
      const at = new Map(f.x.map((x, k) => [x.toFixed(4), [x, f.freeEntropy[k]]]));
      let compared = 0;
      g.x.forEach((x, k) => {
        const same = at.get(x.toFixed(4));
        if (same && Math.abs(same[0] - x) < 1e-12) {
          near(g.freeEntropy[k], same[1], 1e-9);
          compared++;
        }
      });
      expect(g.x.length).toBeGreaterThan(50);
      expect(compared).toBeGreaterThan(0);
    });
});

describe("matrices of any spectrum", () => {
  // orthonormal columns need one more than independent entries (Maillard, Loureiro, Krzakala, Zdeborova 2020: real 3/2, complex 2)
  test("phase retrieval: zero overlap is stable up to 3/2 with real orthonormal columns, 2 with complex ones, 1/2 and 1 with independent entries", () => {
    near(thresholds("gaussian", "abs", "row-orthogonal").weakRecovery, 1.5, 1e-8);
    near(thresholds("gaussian", "abs", "gaussian-iid").weakRecovery, 0.5, 1e-8);
    near(thresholds("complex-gauss-bernoulli:rho=1", "modulus", "unitary").weakRecovery, 2, 1e-8);
    near(thresholds("complex-gauss-bernoulli:rho=1", "modulus", "complex-gaussian-iid").weakRecovery, 1, 1e-8);
  }, 60_000);
  test("without noise only the row space counts: every full-rank matrix has the threshold of independent entries, 0.3554108280", () => {
    for (const e of ["row-orthogonal", "geometric-spectrum:condition-number=100", "gaussian-product"]) {
      const t = thresholds("gauss-bernoulli:rho=0.2", "gaussian:noise=0", e);
      near(t.algorithmic, 0.355410828, 1e-9);
      near(t.informationTheoretic, 0.2, 1e-12);
    }
  });
  test("an ill-conditioned matrix before a sign: first-order transition to exact recovery, where iteration puts it", () => {
    const [p, c, e] = ["binary", "sign", "geometric-spectrum:condition-number=30"] as const;
    const { algorithmic, informationTheoretic } = thresholds(p, c, e);
    // state evolution itself, on both sides
    expect(settled(p, c, e, 0.995 * (algorithmic as number)).v).toBeGreaterThan(0.1);
    expect(settled(p, c, e, 1.005 * (algorithmic as number)).v).toBeLessThan(1e-9);
    const { state } = settled(p, c, e, informationTheoretic as number);
    near(replicaFreeEntropy(graphOf(p, c, e, informationTheoretic as number), state), -Math.LN2, 1e-8);
  }, 60_000);
  test("a matrix of deficient rank, and columns of norm one, have no curve", () => {
    expect(curveOf("gauss-bernoulli:rho=0.2", "gaussian:noise=0", "geometric-spectrum:rank=0.5")).toBeNull();
    expect(curveOf("binary", "sign", "gaussian-iid:normalization=columns")).toBeNull();
  });
  test("the landscape is stationary at the fixed points", () => {
    const curve = curveOf("gauss-bernoulli:rho=0.1", "gaussian:noise=0.0001", "geometric-spectrum:condition-number=3");
    const t = thresholdsOf(curve);
    const alpha = 0.5 * ((t.algorithmic as number) + (t.spinodalLow as number));
    const phi = (r: number) => {
      const v = curve.signal.mmse(r);
      return curve.signal.psi(r) - 0.5 * r * (curve.rho - v) + (curve.output?.(v, alpha) as number);
    };
    const { all } = equilibrium(curve, alpha, t);
    expect(all.length).toBe(3);
    for (const { point, freeEntropy } of all) {
      near(phi(point.r), freeEntropy, 1e-10);
      const h = 1e-3;
      const [below, above] = [phi(point.r * (1 - h)), phi(point.r * (1 + h))];
      const curvature = Math.abs(below + above - 2 * phi(point.r));
      expect(Math.abs(above - below)).toBeLessThan(0.02 * curvature + 1e-12);
    }
  });
  test("predictions and their free entropy are those of state evolution iterated, at six random models", () => {
    expect(comparison(6, 1)).toEqual([]);
  }, 60_000);
});

import { describe, expect, test } from "vitest";
import { bothBranches, branchesAt, fixedPointCurve, graphBranches, thresholdsOf, transitionsOf } from "../../../src/theory/index.ts";
import { channel, layer, observed, prior, source } from "./bricks.ts";
import { chain } from "./chains.ts";

const family = (p: string, c: string) => (alpha: number) => chain([source(p, 1), layer(alpha, 1), observed(c, alpha)]);

describe("branches along alpha with a Marchenko-Pastur layer reproduce the thresholds of GAMP", () => {
  test("noiseless compressed sensing, rho = 0.2: AMP 0.3554108280, information theory 0.2", () => {
    const set = graphBranches(family("gauss-bernoulli:rho=0.2", "gaussian:noise=0"), { range: [0.15, 0.5], exact: Math.log(1e9) });
    const { algorithmic, informationTheoretic } = transitionsOf(set);
    expect(Math.abs((algorithmic as number) - 0.355410828)).toBeLessThan(1e-9);
    expect(Math.abs((informationTheoretic as number) - 0.2)).toBeLessThan(1e-5); // extrapolated to infinite precision
  });
  test("relu: perfect recovery at 2", () => {
    const { algorithmic } = transitionsOf(graphBranches(family("gaussian", "relu"), { range: [0.5, 2.5] }));
    expect(Math.abs((algorithmic as number) - 2)).toBeLessThan(1e-7);
  });
  test("phase retrieval: weak recovery 1/2, AMP 1.12847141", () => {
    const set = graphBranches(family("gaussian", "abs"), { range: [0.3, 1.4], exact: Math.log(1e3) });
    const { weakRecovery, algorithmic } = transitionsOf(set);
    expect(Math.abs((weakRecovery as number) - 0.5)).toBeLessThan(1e-9);
    expect(Math.abs((algorithmic as number) - 1.1284714067)).toBeLessThan(1e-9);
  });
  test("symmetric door: 1, 1.36046, 1.56643 as the curve alpha(r) has them", () => {
    const thresholds = thresholdsOf(fixedPointCurve(prior("binary"), channel("symmetric-door:width=0.67449")));
    const found = transitionsOf(graphBranches(family("binary", "symmetric-door:width=0.67449"), { range: [0.8, 2] }));
    expect(Math.abs((found.weakRecovery as number) - (thresholds.weakRecovery as number))).toBeLessThan(1e-8);
    expect(Math.abs((found.algorithmic as number) - (thresholds.algorithmic as number))).toBeLessThan(1e-9);
    expect(Math.abs((found.informationTheoretic as number) - 1)).toBeLessThan(1e-9);
    expect(found.weakRecovery).toBeCloseTo(1.36046, 5);
    expect(found.algorithmic).toBeCloseTo(1.56643, 5);
  });
  test("binary perceptron: 1.2446839899 and 1.4926318182", () => {
    const found = transitionsOf(graphBranches(family("binary", "sign"), { range: [0.9, 2] }));
    expect(Math.abs((found.algorithmic as number) - 1.4926318182)).toBeLessThan(1e-10);
    expect(Math.abs((found.informationTheoretic as number) - 1.2446839899)).toBeLessThan(1e-9);
  });
});

describe("branches along any parameter", () => {
  test("sparse signals with noise: three fixed points between two spinodals, along alpha and along the noise", () => {
    const p = "gauss-bernoulli:rho=0.2";
    const set = graphBranches(family(p, "gaussian:noise=0.0001"), { range: [0.2, 0.5] });
    const t = transitionsOf(set);
    const curve = thresholdsOf(fixedPointCurve(prior(p), channel("gaussian:noise=0.0001")));
    for (const name of ["algorithmic", "informationTheoretic", "spinodalLow"] as const)
      expect(Math.abs((t[name] as number) - (curve[name] as number))).toBeLessThan(1e-10);
    const at = branchesAt(set, 0.33);
    expect(at.map((s) => s.stable)).toEqual([true, false, true]);
    const both = bothBranches(set, 0.33);
    expect(both?.uninformed.point.v[0]).toBe(at[0].point.v[0]);
    expect(both?.informed.point.v[0]).toBe(at[2].point.v[0]);

    // the same transition met along ln noise at alpha = its algorithmic threshold
    const alpha = t.algorithmic as number;
    const along = transitionsOf(
      graphBranches((lnNoise) => family(p, `gaussian:noise=${Math.exp(lnNoise)}`)(alpha), { range: [Math.log(2e-5), Math.log(1e-3)] })
    );
    expect(Math.abs((along.algorithmic as number) - Math.log(1e-4))).toBeLessThan(1e-8);
  });
  test("a range that is not one is refused", () => {
    expect(() => graphBranches(family("binary", "sign"), { range: [2, 1] })).toThrow("range must be two finite numbers low < high");
  });
});

/** The magnet against exact enumeration at small N, its own symmetries, and its spinodal against its states. */
import { describe, expect, test } from "vitest";
import { heatBath } from "../../src/algorithms/heatBath.ts";
import { parse } from "../../src/core/parameters.ts";
import { final, simulateRun } from "../../src/core/scenario.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { curieWeiss } from "../../src/scenarios/curieWeiss.ts";
import { magnetEnd, magnetFlow, magnetSpinodal, magnetStates } from "../../src/theory/index.ts";

const given = (p: Readonly<Record<string, unknown>>) => parse(curieWeiss, p);

describe("heat-bath dynamics of the magnet", () => {
  test("visits the states of 12 spins as often as Boltzmann's law says, for 10^5 sweeps", () => {
    const [N, J, h, beta] = [12, 1, 0.05, 1.1];
    const weight = Array.from({ length: N + 1 }, (_, k) => {
      const M = 2 * k - N;
      let choose = 1;
      for (let i = 0; i < k; i++) choose *= (N - i) / (i + 1);
      return choose * Math.exp(beta * ((J * (M * M - N)) / (2 * N) + h * M));
    });
    const Z = weight.reduce((a, b) => a + b);
    const sweeps = 100_000;
    const seen = new Float64Array(N + 1);
    for (const { t, up } of heatBath({ spins: N, coupling: J, field: h, beta }, { magnetization: 0 }, sweeps, makeRng(1, "enumeration")))
      if (t > 0) seen[up] += 1 / sweeps;
    // sweeps are correlated over some ten: 4 standard errors of 10^4 independent ones, a false alarm with probability below 1e-3 in 13 comparisons
    weight.forEach((w, k) => {
      const p = w / Z;
      expect(Math.abs(seen[k] - p), `${k} spins up: ${seen[k]}, Boltzmann ${p}`).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / (sweeps / 10)));
    });
  });

  test("energy is that of pairs of different spins", () => {
    const [first] = heatBath({ spins: 10, coupling: 2, field: 0.3, beta: 1 }, { magnetization: 0.4 }, 1, makeRng(1, "x"));
    // 7 up, 3 down: 21 + 3 pairs alike, 21 unlike; -(J/N) times the difference, per spin
    expect(first.energy).toBeCloseTo((-(2 / 10) * (24 - 21) - 0.3 * 4) / 10, 14);
  });

  test("a million spins take a sweep in a blink, and stay on the equation", () => {
    const p = { size: 1_000_000, iterations: 3, beta: 1.2, start: 0.2 };
    const evolved = [...curieWeiss.evolve(given(p))].at(-1);
    // at m of order 1/2 the standard deviation of m is below 3/sqrt N: 5e-3 is more than one and a half of that at N = 10^5 already
    expect(Math.abs(final(simulateRun(curieWeiss, p, 1, makeRng)).magnetization - (evolved?.magnetization ?? 0))).toBeLessThan(0.015);
  });
});

describe("theory of the magnet", () => {
  test("turning every spin around with the field changes signs alone", () => {
    for (const [beta, field, start] of [
      [1.3, 0.05, -0.4],
      [0.8, 0.2, 0.1],
      [2, -0.3, 1]
    ]) {
      const [a, b] = [curieWeiss.predict(given({ beta, field, start })), curieWeiss.predict(given({ beta, field: -field, start: -start }))];
      for (const branch of ["algorithmic", "optimal"] as const) {
        expect(b.branches[branch]?.observables.magnetization).toBeCloseTo(-(a.branches[branch]?.observables.magnetization ?? 0), 12);
        expect(b.branches[branch]?.freeEntropy).toBeCloseTo(a.branches[branch]?.freeEntropy ?? 0, 12);
      }
      expect(b.phase).toBe(a.phase);
    }
  });

  test("states are at rest, and the free entropy is stationary there", () => {
    for (const K of [0, 0.5, 0.999, 1, 1.001, 1.5, 4, 20])
      for (const H of [0, 1e-6, 0.1, -0.7, 3])
        for (const { m, stable } of magnetStates({ K, H })) {
          expect(Math.abs(magnetFlow({ K, H }, m))).toBeLessThan(1e-14);
          const h = 1e-6;
          if (K !== 1) expect(magnetFlow({ K, H }, m + h) * (stable ? 1 : -1), `${K} ${H} ${m}`).toBeLessThanOrEqual(1e-15);
        }
  });

  test("a second stable state appears exactly at the spinodal", () => {
    for (const ratio of [1e-4, 0.01, 0.1, 0.5, 0.9, 0.99]) {
      const K = magnetSpinodal(ratio) as number;
      const count = (k: number) => magnetStates({ K: k, H: ratio * k }).filter((x) => x.stable).length;
      expect([count(K * (1 - 1e-6)), count(K * (1 + 1e-6))], `h/J = ${ratio}`).toEqual([1, 2]);
    }
    expect([magnetSpinodal(1), magnetSpinodal(0)]).toEqual([null, 1]);
    // close to the critical point the spinodal field is (2/3) (1 - 1/K)^(3/2)
    const K = magnetSpinodal(1e-9) as number;
    expect((2 / 3) * (1 - 1 / K) ** 1.5 * 1e9).toBeCloseTo(1, 5);
  });

  test("the dynamics goes up its free entropy and stops at the first state it meets", () => {
    const at = { K: 1.6, H: 0.05 };
    const [low, middle, high] = magnetStates(at);
    expect(middle.stable).toBe(false);
    for (const [from, to] of [
      [-1, low],
      [middle.m - 1e-6, low],
      [middle.m + 1e-6, high],
      [1, high]
    ] as const)
      expect(magnetEnd(at, from).m).toBe(to.m);
  });

  test("phases: one state, stuck in the worse one, in the best one", () => {
    const phase = (p: Readonly<Record<string, unknown>>) => curieWeiss.predict(given(p)).phase;
    expect(phase({ beta: 0.9 })).toBe("paramagnet");
    expect(phase({ beta: 1.1 })).toBe("ferromagnet");
    expect(phase({ beta: 1.6, field: -0.05, start: 1 })).toBe("metastable");
    expect(phase({ beta: 1.6, field: 0.05, start: 1 })).toBe("ferromagnet");
    expect(phase({ beta: 1.2, field: -0.2, start: 1 })).toBe("paramagnet");
    expect(phase({ beta: 1.2, start: 0 })).toBe("ferromagnet");
  });

  test("zero magnetisation below the critical temperature is no rest for a run, and the scenario says so", () => {
    expect(curieWeiss.caveat?.(given({ beta: 1.2, start: 0 }))).toContain("unstable");
    expect(curieWeiss.caveat?.(given({ beta: 0.8, start: 0 }))).toBeNull();
    expect(curieWeiss.predict(given({ beta: 1.2, start: 0 })).branches.algorithmic.outcome.kind).toBe("trivial-fixed-point");
  });
});

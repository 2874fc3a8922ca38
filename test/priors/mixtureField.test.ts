/** Quadrature over the field of a mixture against 40-digit references, and its size and price. */
import { describe, expect, test } from "vitest";
import { make } from "../../src/core/parameters.ts";
import type { Prior } from "../../src/core/types.ts";
import { binary, gaussBernoulli } from "../../src/priors/index.ts";

// test/priors/references.py: rho/(1+r) + r/(1+r)^2 (1-rho) E pi(y) y^2 (theory.md, section 1); columns rho, r, mmse
const SPARSE: readonly (readonly [number, number, number])[] = [
  [0.001, 1e-6, 0.000999999999],
  [0.001, 0.01, 0.0009999899986028868],
  [0.001, 1, 0.000994674869666183],
  [0.001, 30, 0.00012757955254669295],
  [0.001, 1e4, 1.2962376461482465e-7],
  [0.001, 1e8, 1.0048905517371657e-11],
  [0.001, 1e12, 1.0000711652757464e-15],
  [0.2, 1e-6, 0.199999960000008],
  [0.2, 0.01, 0.19960076038598637],
  [0.2, 1, 0.1567313764281167],
  [0.2, 30, 0.011506555967698087],
  [0.2, 1e4, 2.2281537307785886e-5],
  [0.2, 1e8, 2.005247227338626e-9],
  [0.2, 1e12, 2.0000896515580346e-13],
  [0.7, 1e-6, 0.699999510000343],
  [0.7, 0.01, 0.6951339976910301],
  [0.7, 1, 0.4070925887527876],
  [0.7, 30, 0.02818499863042876],
  [0.7, 1e4, 7.418542290934057e-5],
  [0.7, 1e8, 7.012963155574188e-9],
  [0.7, 1e12, 7.000247727155918e-13],
  [0.999, 1e-6, 0.998999001999997],
  [0.999, 0.01, 0.989118704144161],
  [0.999, 1, 0.4997498075342191],
  [0.999, 30, 0.03225696109351623],
  [0.999, 1e4, 9.998663332629322e-5],
  [0.999, 1e8, 9.993283886088318e-9],
  [0.999, 1e12, 9.99014007579314e-13]
];
// test/priors/references.py: E sech^2(r + sqrt(r) z); columns r, mmse
const ISING: readonly (readonly [number, number])[] = [
  [1e-3, 0.9990009983376515],
  [0.5, 0.6498865953248691],
  [2, 0.2310182219292956],
  [10, 0.0024113147354122],
  [50, 2.404252518816518e-12],
  [200, 3.2768009917473286e-45],
  [600, 2.6287567599947413e-132]
];

function mmse(prior: Prior, r: number): number {
  const f = prior.field(r, r);
  const variance = new Float64Array(f.input.length);
  prior.posterior(Float64Array.of(r), f.input, new Float64Array(f.input.length), variance);
  return f.weight.reduce((s, w, k) => s + w * variance[k], 0);
}

describe("mixture field", () => {
  test.each(SPARSE)("gauss-bernoulli rho=%d at r=%d has the mmse of the closed form to 1e-11", (rho, r, exact) => {
    expect(Math.abs(mmse(make(gaussBernoulli, { rho }), r) / exact - 1)).toBeLessThan(1e-11);
  });
  test.each(ISING)("binary at r=%d has its exponentially small mmse to 1e-10", (r, exact) => {
    expect(Math.abs(mmse(make(binary), r) / exact - 1)).toBeLessThan(1e-10);
  });
  test("one and two components take at most 400 nodes at every precision", () => {
    for (let e = -12; e <= 12; e += 0.25)
      for (const prior of [
        make(binary),
        make(binary, { p: 1e-3 }),
        ...[1e-6, 0.01, 0.5, 0.999].map((rho) => make(gaussBernoulli, { rho }))
      ])
        expect(prior.field(10 ** e, 10 ** e).weight.length).toBeLessThanOrEqual(400);
  });
});

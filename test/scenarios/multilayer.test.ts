import { describe, expect, test } from "vitest";
import { parse } from "../../src/core/parameters.ts";
import { multilayer } from "../../src/scenarios/index.ts";

const at = (raw: Record<string, string | number>) => multilayer.predict(parse(multilayer, raw)).branches;

describe("multilayer: what is known without error keeps its entropy", () => {
  test("a hidden layer of signs that its own signs determine: H(Y) is the entropy of that layer, not -0.06", () => {
    // 4 n0 signs of 2 n0 signs: h is known, so H(Y) = H(h) = H(Y) of the first layer alone; 1.0310382 was also found through a linear last layer
    const alone = at({ layers: "sign:ratio=2,noise=0" }).algorithmic.observables;
    const two = at({ layers: "sign:ratio=2,noise=0;sign:ratio=2,noise=0" }).algorithmic.observables;
    expect(two.mseHidden).toBe(0);
    expect(two.entropy).toBeCloseTo(alone.entropy, 9);
    expect(two.mutualInformation).toBeCloseTo(alone.entropy, 9);
    expect(two.mse).toBeCloseTo(alone.mse, 9);
  });
  test.each(["sign:ratio=2,noise=0", "sign:ratio=2,noise=0;sign:ratio=2,noise=0", "linear:ratio=2,noise=0;sign:ratio=3,noise=0"])(
    "exact recovery of binary inputs through %s: H(Y) = I = ln 2, not 1e5 or -1e27",
    (layers) => {
      const { algorithmic, optimal } = at({ layers, prior: "binary" });
      for (const { outcome, observables, freeEntropy } of [algorithmic, optimal as typeof algorithmic]) {
        expect(outcome.kind).toBe("exact-recovery");
        expect(observables.entropy).toBeCloseTo(Math.LN2, 9);
        expect(observables.mutualInformation).toBeCloseTo(Math.LN2, 9);
        expect(freeEntropy).toBeCloseTo(-Math.LN2, 9);
      }
    }
  );
});

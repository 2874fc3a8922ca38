/** Rotationally invariant matrices: twenty random models, the curve alpha(r) against state evolution iterated to rest, to 1e-8. */
import { expect, test } from "vitest";
import { comparison } from "../theory/rotationalComparison.ts";

test("the fixed points of twenty random priors, channels, matrices and alphas are those of state evolution", () => {
  expect(comparison(20, 2)).toEqual([]);
}, 600_000);

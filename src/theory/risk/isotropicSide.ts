/** Input side of the replica equations for i.i.d. inputs N(0, 1/p): ridge on teacher weights of second moment rho. */
import type { InputSide } from "./riskFixedPoint.ts";

/**
 * w = (mHat w0 + sqrt(qHat) xi)/(lambda + VHat), lambda >= 0. The gap rho q - m^2 = rho qHat V^2 and the error
 * rho (1 - mHat V)^2 + qHat V^2 keep their digits near perfect learning.
 */
export function ridgeSide(rho: number, lambda: number): InputSide {
  return ({ mHat, qHat, VHat }) => {
    const V = 1 / (lambda + VHat);
    const missing = (lambda + VHat - mHat) * V;
    return {
      m: rho * mHat * V,
      q: (rho * mHat * mHat + qHat) * V * V,
      V,
      gap: rho * qHat * V * V,
      mse: rho * missing * missing + qHat * V * V
    };
  };
}

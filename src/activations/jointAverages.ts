/**
 * Matched averages of a hidden activation over what its two sides see: omega with its law, and u = b_x/sqrt(a_x) whose density
 * p(u|omega) = E_{z|omega} N(u; sqrt(a_x) phi(z), 1) is the activation's own partition function. With the mean posterior variances come
 *   J_z = E|g|^2, g = (E z - omega)/V:  1/v_z - 1/V = J_z/(1 - V J_z)     and     J_x = E (a_x E x - b_x)^2:  1/v_x - a_x = J_x/(1 - J_x/a_x),
 * each used where the posterior is not much narrower than the message, so that no digits cancel; and E ln p(u|omega).
 */
import type { ActivationErrors, Vec } from "../core/types.ts";
import { vectorIntegrator } from "../numerics/vectorIntegrator.ts";

/** Components of an average: mass, v_z, v_x, J_z, J_x, E ln p(u|omega). */
export const AVERAGES = 6;

/** p, p v_z, p v_x, p |g|^2, p (a_x E x - b_x)^2, p ln p at (omega, u), written to `out`. */
export type JointPoint = (omega: number, u: number, out: Vec) => void;

export interface JointLaw {
  /** Break points of omega and its density there. */
  readonly breaks: readonly number[];
  density(omega: number): number;
  /** The single value of omega when its law is a point. */
  readonly single?: number;
  /** Break points of u given omega, ascending. */
  uBreaks(omega: number): readonly number[];
  readonly point: JointPoint;
  /** What each average is of the order of: errors are kept below `accuracy` of it. */
  readonly scale: Vec;
}

const outer = vectorIntegrator(AVERAGES);
const inner = vectorIntegrator(AVERAGES);
/** Error of one panel, in units of the scale. */
const ACCURACY = 3e-8;

/** The averages of a law, written to `out`. */
export function jointAverages(law: JointLaw, out: Vec): void {
  const tolerance = law.scale.map((s) => ACCURACY * s);
  const given = (omega: number, at: Vec): void => {
    inner((u, point) => law.point(omega, u, point), law.uBreaks(omega), tolerance, at);
  };
  if (law.single !== undefined) {
    given(law.single, out);
    return;
  }
  outer(
    (omega, at) => {
      given(omega, at);
      const weight = law.density(omega);
      for (let d = 0; d < AVERAGES; d++) at[d] *= weight;
    },
    law.breaks,
    tolerance,
    out
  );
}

/** What the averages say, J or variance whichever has the digits. `logMass`: ln of what the free entropy adds to E ln p(u|omega). */
export function errorsOf(out: Vec, V: number, ax: number, logMass: number): ActivationErrors {
  const mass = out[0];
  const jz = (V * out[3]) / mass;
  const jx = ax > 0 ? out[4] / (ax * mass) : 0;
  const vz = jz < 0.5 ? V * (1 - jz) : out[1] / mass;
  const vx = jx < 0.5 && ax > 0 ? (1 - jx) / ax : out[2] / mass;
  return {
    vz,
    vx,
    extrinsicZ: jz < 0.5 ? jz / (V * (1 - jz)) : vz > 0 ? 1 / vz - 1 / V : Infinity,
    extrinsicX: jx < 0.5 && ax > 0 ? (ax * jx) / (1 - jx) : vx > 0 ? 1 / vx - ax : Infinity,
    freeEntropy: logMass + out[5] / mass
  };
}

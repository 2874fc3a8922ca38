/**
 * The least chance of a wrong label, 1 - E max_y Z_y(omega), for the sign-sign committee of two units: the student guesses the most probable
 * of -1, 0, 1. For omega_+ >= 0 it is 1 past a curve omega_*(omega_-), where Z_1 = Z_0, and 0 before it; panels end on that curve.
 */
import { composite } from "../../numerics/quadrature.ts";
import { brentRoot } from "../../numerics/roots.ts";
import { normalPdf } from "../../numerics/special/index.ts";
import type { CommitteeOrder } from "./order.ts";
import { Wedges } from "./outputBlock.ts";
import { differenceAxis } from "./overlapPlane.ts";

const REACH = 8.5;
const ORDER = 12;
/** Length of a panel in units of the width of what varies there. */
const PANEL = 2.5;

/** Breaks from one end to the other, panels growing with the distance from the nearer end, where what varies has the width given; at most `most`. */
export function panels(from: number, to: number, near: number, far: number, most: number): number[] {
  const [left, right] = [[from], [to]];
  for (;;) {
    const a = left[left.length - 1];
    const b = right[right.length - 1];
    const up = Math.min(most, Math.max(PANEL * near, a - from));
    const down = Math.min(most, Math.max(PANEL * far, to - b));
    if (b - a <= 1.2 * Math.min(up, down)) return [...left, ...right.reverse()];
    if (up <= down) left.push(Math.min(a + up, 0.5 * (a + b)));
    else right.push(Math.max(b - down, 0.5 * (a + b)));
  }
}

export function labelError(o: CommitteeOrder): number {
  const w = new Wedges(o.vPlus, o.vMinus);
  const [sp, sm] = [Math.sqrt(o.lambdaPlus), Math.sqrt(o.lambdaMinus)];
  const width = Math.sqrt((o.vPlus + o.vMinus) / 2);
  const [np, nm] = [Math.sqrt(o.vPlus), Math.sqrt(o.vMinus)];
  /** Z_1 - Z_0. */
  const lead = (plus: number, minus: number) => {
    w.at(plus, minus);
    return w.pp - w.pm - w.mp;
  };
  /** Over omega_+ >= 0, both signs of it counted. */
  const along = (minus: number): number => {
    const far = REACH * sp;
    let flip = 0;
    if (lead(0, minus) < 0) {
      const end = minus + 9 * width; // there Z_1 is all but 1 or the Gaussian is gone
      flip = lead(end, minus) > 0 ? brentRoot((x) => lead(x, minus), 0, end, { tolerance: 1e-12 * width }).x : end;
    }
    if (sp < 1e-150) return lead(0, minus) < 0 ? 1 - w.pm - w.mp : 1 - w.pp;
    const longest = 1.5 * sp;
    const breaks =
      flip > 0 && flip < far
        ? [...panels(0, flip, np, width, longest), ...panels(flip, far, width, longest, longest).slice(1)]
        : panels(0, far, np, flip > 0 ? width : longest, longest);
    const { nodes, weights } = composite(breaks, ORDER);
    let sum = 0;
    for (let k = 0; k < nodes.length; k++) {
      w.at(nodes[k], minus);
      const wrong = nodes[k] > flip ? w.pm + w.mp + w.mm : w.pp + w.mm;
      sum += 2 * weights[k] * normalPdf(nodes[k] / sp) * wrong;
    }
    return sum / sp;
  };
  if (sm < 1e-150) return Math.min(1, along(0));
  // where the guess is 1 at omega_+ = 0 already, the curve has a corner: panels end there
  const far = REACH * sm;
  if (lead(0, 0) > 0 && lead(0, far) < 0) {
    const corner = brentRoot((x) => lead(0, x), 0, far, { tolerance: 1e-12 * width }).x;
    const near = Math.min(width, nm);
    const { nodes, weights } = composite(
      [...panels(0, corner, near, near, 1.5 * sm), ...panels(corner, far, near, sm, 1.5 * sm).slice(1)],
      ORDER
    );
    let sum = 0;
    for (let k = 0; k < nodes.length; k++) sum += 2 * weights[k] * normalPdf(nodes[k] / sm) * along(nodes[k]);
    return Math.min(1, sum / sm);
  }
  // summed over omega_+ what is left varies on the length sqrt(v_-) next to 0, and slowly beyond
  const axis = differenceAxis(o.lambdaMinus, o.vMinus, 1);
  let sum = 0;
  for (let k = 0; k < axis.x.length; k++) if (axis.w[k] > 1e-15) sum += axis.w[k] * along(axis.x[k]);
  return Math.min(1, sum);
}

/**
 * The least chance of a wrong label, 1 - E max_y Z_y(omega), for the sign-sign committee of two units: the student guesses the most probable
 * of -1, 0, 1. For omega_+ >= 0 it is 1 past a curve omega_*(omega_-), where Z_1 = Z_0, and 0 before it; panels end on that curve.
 */
import { composite, gradedBreaks } from "../../numerics/quadrature.ts";
import { brentRoot } from "../../numerics/roots.ts";
import { normalPdf } from "../../numerics/special/index.ts";
import type { CommitteeOrder } from "./order.ts";
import { Wedges } from "./outputBlock.ts";

const REACH = 8.5;
const ORDER = 10;

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
    const features = [
      { centre: flip, width: Math.min(1.5 * width, sp) },
      { centre: 0, width: Math.min(1.5 * np, sp) },
      { centre: 0, width: sp }
    ];
    const breaks = gradedBreaks(0, far, flip < far ? features : features.slice(1)).filter((_, i, all) => i === 0 || all[i] > all[i - 1]);
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
  const far = REACH * sm;
  const features = [
    { centre: 0, width: Math.min(1.5 * nm, sm) },
    { centre: 0, width: Math.min(1.5 * width, sm) },
    { centre: 0, width: sm }
  ];
  // 0 is never the guess for omega_- below this
  if (lead(0, 0) > 0 && lead(0, far) < 0)
    features.push({ centre: brentRoot((x) => lead(0, x), 0, far, { tolerance: 1e-12 * width }).x, width: Math.min(1.5 * width, sm) });
  const { nodes, weights } = composite(gradedBreaks(0, far, features), ORDER);
  let sum = 0;
  for (let k = 0; k < nodes.length; k++) {
    const density = normalPdf(nodes[k] / sm);
    if (density > 1e-14) sum += 2 * weights[k] * density * along(nodes[k]);
  }
  return Math.min(1, sum / sm);
}

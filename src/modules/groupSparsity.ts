/** The penalty gamma sum_g |x_g|_2 on groups of components (MAP): total variation when the groups are the d components of a gradient (Rudin, Osher, Fatemi 1992). */
import { ParameterError } from "../core/parameters.ts";
import type { Message, Module, Vec } from "../core/types.ts";
import { checkMessages, checkPort, LEAST, port } from "./ports.ts";
import { EXACT } from "./vanished.ts";

export interface GroupSparsityOptions {
  /** Weight of the norms, > 0. */
  readonly gamma: number;
  /** Components in a group. */
  readonly group: number;
  /** `stride` (the layout of a gradient): component c of group g is x[c n/d + g]; `consecutive`: x[g d + c]. */
  readonly layout?: "stride" | "consecutive";
}

/** A leaf on an input of `size` real components. Its posterior is the proximal point, its variances the derivatives of that. Throws ParameterError. */
export function groupSparsityModule(size: number, { gamma, group, layout = "stride" }: GroupSparsityOptions): Module {
  const kind = "group-sparsity";
  const one = port(kind, size);
  if (!(gamma > 0 && gamma < Number.POSITIVE_INFINITY))
    throw new ParameterError(`${kind}: gamma must be a finite number > 0 such as 1, got ${gamma}`);
  if (!Number.isInteger(group) || group < 1 || !Number.isInteger(size) || size % group !== 0)
    throw new ParameterError(`${kind}: group must be an integer >= 1 that divides the size ${size}, such as 2, got ${group}`);
  if (layout !== "stride" && layout !== "consecutive")
    throw new ParameterError(`${kind}: layout must be stride or consecutive, got ${String(layout)}`);
  const groups = size / group;
  const step = layout === "stride" ? groups : 1;
  const hop = layout === "stride" ? 1 : group;
  const norm = (b: Vec, first: number): number => {
    let s = 0;
    for (let c = 0, i = first; c < group; c++, i += step) s += b[i] * b[i];
    return Math.sqrt(s);
  };
  const refuse = (): never => {
    throw new ParameterError(`${kind}: a penalty is an estimator, not a law, and has no matched state evolution; use it in instances`);
  };
  return {
    kind,
    inputs: [one],
    outputs: [],
    map: true,
    sample() {},
    /** v = tr(d mean/d b)/n; each active group has the derivative (1/a)((1 - gamma/|b|) I + (gamma/|b|) b b^T/|b|^2). */
    project(p, messages, mean, b) {
      checkPort(kind, [one], p);
      checkMessages(kind, [one], messages);
      const [{ a: given, b: own }] = messages;
      const a = Math.max(given, LEAST);
      let free = 0; // n a v
      for (let g = 0, first = 0; g < groups; g++, first += hop) {
        const length = norm(own, first);
        const keep = length > gamma ? 1 - gamma / length : 0;
        if (keep > 0) free += group - ((group - 1) * gamma) / length;
        for (let c = 0, i = first; c < group; c++, i += step) mean[i] = keep > 0 ? (keep * own[i]) / a : 0;
      }
      const v = free / (size * a);
      if (free === 0) {
        for (let i = 0; i < b.length; i++) b[i] = -own[i];
        return { v: 0, extrinsic: 1 / EXACT };
      }
      for (let i = 0; i < b.length; i++) b[i] = mean[i] / v - own[i];
      return { v, extrinsic: (a * (size - free)) / free };
    },
    variances(p, messages, out) {
      checkPort(kind, [one], p);
      checkMessages(kind, [one], messages);
      const [{ a: given, b }] = messages;
      const a = Math.max(given, LEAST);
      for (let g = 0, first = 0; g < groups; g++, first += hop) {
        const length = norm(b, first);
        const shrink = length > gamma ? gamma / length : 1;
        for (let c = 0, i = first; c < group; c++, i += step)
          out[i] = length > gamma ? (1 - shrink + shrink * (b[i] / length) ** 2) / a : 0;
      }
    },
    /** max_x -a |x|^2/2 + b.x - gamma sum_g |x_g|. */
    logPartition(messages: readonly Message[]) {
      checkMessages(kind, [one], messages);
      const [{ a, b }] = messages;
      let s = 0;
      for (let g = 0, first = 0; g < groups; g++, first += hop) s += Math.max(norm(b, first) - gamma, 0) ** 2;
      return s / (2 * Math.max(a, LEAST));
    },
    secondMoments() {},
    error: refuse,
    freeEntropy: refuse
  };
}

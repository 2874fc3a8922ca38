/** A scenario against values of another derivation, read through its public contract only. */
import { parse } from "../../../src/core/parameters.ts";
import type { Prediction, Scenario } from "../../../src/core/types.ts";

export interface Entry {
  readonly scenario: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** branch.observable, branch.matrix[row][column], branch.freeEntropy, fixedPoint.name (of the stable one) or thresholds.name. */
  readonly quantity: string;
  /** null: there is no such transition. */
  readonly value: number | null;
  /** Relative; what the reference itself is good for. */
  readonly accuracy: number;
}

/** For values that vanish. */
const FLOOR = 1e-12;

/** One prediction (or set of thresholds) serves every entry at the same point. */
const predictions = new Map<string, Prediction>();
const thresholds = new Map<string, Readonly<Record<string, number | null>>>();

function read(s: Scenario, e: Entry): number | null | undefined {
  const [where, name] = e.quantity.split(".");
  const key = s.id + JSON.stringify(e.params);
  const p = parse(s, e.params);
  if (where === "thresholds") {
    if (!thresholds.has(key)) thresholds.set(key, s.thresholds?.(p) ?? {});
    return thresholds.get(key)?.[name];
  }
  if (!predictions.has(key)) predictions.set(key, s.predict(p));
  const told = predictions.get(key) as Prediction;
  if (where === "fixedPoint") return told.fixedPoints?.find((f) => f.stable)?.order[name === "V" ? "variance" : name];
  const branch = told.branches[where as "algorithmic" | "optimal"] ?? told.branches.algorithmic;
  const entry = /^(\w+)\[(\d+)\]\[(\d+)\]$/.exec(name);
  if (entry) return branch.matrices?.[entry[1]][Number(entry[2])][Number(entry[3])];
  return name === "freeEntropy" ? branch.freeEntropy : branch.observables[name];
}

/**
 * One sentence for each value off by more than `promised`, relative (or the reference's own accuracy where that is less). A free entropy is
 * a sum of terms of order one that may cancel: its unit is max(1, |value|) nats.
 */
export function misses(s: Scenario, entries: readonly Entry[], promised: number): string[] {
  const out: string[] = [];
  let worst = 0;
  for (const e of entries) {
    const got = read(s, e);
    const label = `${e.quantity} at ${JSON.stringify(e.params)}`;
    if (e.value === null || got === null || got === undefined) {
      if (got !== e.value) out.push(`${label}: ${got}, reference ${e.value}`);
      continue;
    }
    const off = Math.abs(got - e.value);
    const unit = e.quantity.endsWith("freeEntropy") ? Math.max(1, Math.abs(e.value)) : Math.abs(e.value);
    if (off > FLOOR) worst = Math.max(worst, off / unit);
    if (!(off <= unit * Math.max(promised, e.accuracy) + FLOOR))
      out.push(`${label}: ${got}, reference ${e.value}, relative ${(off / Math.abs(e.value)).toExponential(1)}`);
  }
  if (process.env.SPINODAL_WORST) console.log(`${s.id}: largest relative deviation ${worst.toExponential(2)} over ${entries.length}`);
  return out;
}

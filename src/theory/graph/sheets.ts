/** Sheets: the pieces of a solution curve between its folds, with one fixed point at every theta of each. */
import { type BranchFamily, type BranchPoint, solveAt } from "./branchFamily.ts";

/** A piece of the solution curve between two folds (or ends), theta strictly increasing along `points`. */
export interface Sheet {
  readonly points: readonly BranchPoint[];
  readonly from: number;
  readonly to: number;
  readonly stable: boolean;
  /** What the two ends are: a fold, the border of the range, zero information, or exact recovery. */
  readonly ends: readonly [SheetEnd, SheetEnd];
}
export type SheetEnd = "fold" | "border" | "trivial" | "exact";

export interface Fold {
  readonly theta: number;
  /** max: the branch exists below it. */
  readonly kind: "max" | "min";
  readonly v: readonly number[];
}

/** A solution curve in the order it was followed, folds among its points. */
export interface Trace {
  readonly points: readonly BranchPoint[];
  readonly ends: readonly [SheetEnd, SheetEnd];
  readonly folds: readonly Fold[];
  /** theta of zero information where the trace starts from it. */
  readonly origin?: number;
}

/** theta as the precisions go to infinity, where it differs from its limit by a power of them: Aitken on three points evenly spaced in ln v. */
export function limitOf(points: readonly BranchPoint[]): number {
  const last = points[points.length - 1];
  const depth = (p: BranchPoint) => Math.max(...p.u);
  const at = (u: number) => {
    let k = points.length - 1;
    while (k > 1 && depth(points[k - 1]) > u) k--;
    const [a, b] = [points[k - 1], points[k]];
    return a.theta + ((b.theta - a.theta) * (u - depth(a))) / (depth(b) - depth(a));
  };
  const top = depth(last);
  const [x, y, z] = [at(top - 4), at(top - 2), last.theta];
  const turn = z - y - (y - x);
  const limit = turn === 0 ? z : z - (z - y) ** 2 / turn;
  return Number.isFinite(limit) && Math.abs(limit - z) <= 2 * Math.abs(z - y) ? limit : z;
}

/** Cuts a trace where theta turns. */
export function sheetsOf(family: BranchFamily, { points, ends, origin }: Trace): Sheet[] {
  const sheets: Sheet[] = [];
  let from = 0;
  const close = (to: number) => {
    if (to <= from) return;
    const piece = points.slice(from, to + 1);
    const rising = piece[piece.length - 1].theta > piece[0].theta;
    const edge: [SheetEnd, SheetEnd] = [from === 0 ? ends[0] : "fold", to === points.length - 1 ? ends[1] : "fold"];
    const sorted = rising ? piece : [...piece].reverse();
    const middle = piece[piece.length >> 1];
    const rate = family.growthRate(middle);
    const first = from === 0 && origin !== undefined ? origin : piece[0].theta;
    const last = to === points.length - 1 && ends[1] === "exact" ? limitOf(points) : piece[piece.length - 1].theta;
    sheets.push({
      points: sorted,
      from: rising ? first : last,
      to: rising ? last : first,
      stable: rate < 1,
      ends: rising ? edge : [edge[1], edge[0]]
    });
    from = to;
  };
  for (let k = 1; k + 1 < points.length; k++)
    if ((points[k].theta - points[k - 1].theta) * (points[k + 1].theta - points[k].theta) < 0) close(k);
  close(points.length - 1);
  return sheets;
}

/** The point of a sheet at theta, or null outside it. */
export function pointOnSheet(family: BranchFamily, sheet: Sheet, theta: number): BranchPoint | null {
  if (!(theta >= sheet.from && theta <= sheet.to)) return null;
  const { points } = sheet;
  // past the last point: precisions are proportional to the distance from zero information, inversely from exact recovery
  const power = (end: SheetEnd) => (end === "exact" ? -1 : 1);
  if (theta < points[0].theta) return nearTip(family, points[0], sheet.from, theta, power(sheet.ends[0]));
  if (theta > points[points.length - 1].theta) return nearTip(family, points[points.length - 1], sheet.to, theta, power(sheet.ends[1]));
  let k = 0;
  while (k + 2 < points.length && points[k + 1].theta < theta) k++;
  const [a, b] = [points[k], points[k + 1]];
  const share = b.theta === a.theta ? 0 : (theta - a.theta) / (b.theta - a.theta);
  if (share === 0) return a;
  if (share === 1) return b;
  return solveAt(
    family,
    theta,
    a.u.map((x, i) => x + share * (b.u[i] - x))
  );
}

function nearTip(family: BranchFamily, first: BranchPoint, tip: number, theta: number, power: number): BranchPoint | null {
  if (theta === tip) return null;
  const shift = power * Math.log((theta - tip) / (first.theta - tip));
  return solveAt(
    family,
    theta,
    first.u.map((x) => x + shift)
  );
}

/** Where zero information loses its stability in a symmetric model, and the branch that leaves it there. */
import { brentRoot } from "../../numerics/roots.ts";
import { type BranchFamily, type BranchPoint, solveFor } from "./branchFamily.ts";
import { stability } from "./evolution.ts";
import { startOf } from "./section.ts";

/** Where zero information changes its stability: growth rate 1 of the linearised iteration, bracketed on a grid, then Brent. */
export function weakRecoveries(family: BranchFamily, low: number, high: number): number[] {
  const excess = (theta: number) => {
    const s = family.section(theta);
    const { backward } = startOf(s);
    return (
      stability(
        s,
        backward.map((b, i) => (s.inner.includes(i) && !family.unknowns.includes(i) ? Number.POSITIVE_INFINITY : b))
      ) - 1
    );
  };
  const cells = 24;
  const found: number[] = [];
  let [x, f] = [low, excess(low)];
  for (let k = 1; k <= cells; k++) {
    const y = low + ((high - low) * k) / cells;
    const g = excess(y);
    if (f * g < 0) found.push(brentRoot(excess, x, y, { tolerance: 1e-13 }).x);
    [x, f] = [y, g];
  }
  return found;
}

/** A point of the branch that leaves zero information at theta, and the way theta goes from it: the leading precision given, theta and the others by Newton. */
export function nearTrivial(
  family: BranchFamily,
  theta: number,
  low: number,
  high: number
): { point: BranchPoint; direction: 1 | -1 } | null {
  const n = family.unknowns.length;
  // leading eigenvector of the linearised iteration, by powers from a small start
  const u = new Float64Array(n).fill(-14);
  const f = new Float64Array(n);
  for (let k = 0; k < 100; k++) {
    family.residual(u, theta, f);
    for (let i = 0; i < n; i++) u[i] += f[i];
    const shift = -14 - Math.max(...u);
    for (let i = 0; i < n; i++) u[i] += shift;
  }
  const lead = u.indexOf(Math.max(...u));
  for (const size of [-6, -5, -4, -3]) {
    const here = solveFor(family, lead, size, theta, u, high - low);
    const ahead = here && solveFor(family, lead, size + 0.25, here.theta, here.u, high - low);
    if (here && ahead && here.theta >= low && here.theta <= high && here.theta !== ahead.theta)
      return { point: here, direction: ahead.theta > here.theta ? 1 : -1 };
  }
  return null;
}

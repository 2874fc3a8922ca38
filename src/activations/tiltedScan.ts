/**
 * The modes of a tilted density exp(L(z)), L = -a_z (z - omega)^2/2 + b_x phi(z) - a_x phi(z)^2/2, for a smooth phi: a scan outwards from
 * omega on the scale on which phi turns, as far as any mass can be, every sign change of L' bracketed. Peaks far narrower than
 * the scan step are found all the same, because L' is smooth on the scale of phi however large its coefficients are.
 */

/** A smooth function of one real variable, and what a quadrature must know of it. */
export interface SmoothFunction {
  phi(z: number): number;
  derivative(z: number): number;
  /** The distance of its nearest singularity from the origin, or the length on which it turns. */
  readonly length: number;
  /** It turns on that length everywhere (a sine), not only around the origin. */
  readonly wavy: boolean;
  /** Bounds of phi; infinite ends are legal. */
  readonly range: readonly [number, number];
}

/** ln of what is left out. */
export const LOST = 45;
/** Modes kept on both sides together, the nearest first. */
const MOST = 8192;
/** Of the scan, in units of the length on which phi turns. */
const STEP = 0.3;

export interface Scan {
  /** Number of modes found, ascending in `at`, with L relative to `top` in `height`; `gap[k]` separates modes k - 1 and k. */
  size: number;
  readonly at: Float64Array;
  readonly height: Float64Array;
  readonly gap: Float64Array;
  /** Index of the highest. */
  best: number;
}

export function tiltedScan({ phi, derivative, length, wavy, range }: SmoothFunction) {
  const scan: Scan = { size: 0, at: new Float64Array(MOST), height: new Float64Array(MOST), gap: new Float64Array(MOST + 1), best: 0 };
  // One scan: parameters of L. Heights are relative to E = 0 at phi = reference.
  let az = 1;
  let omega = 0;
  let ax = 0;
  let bx = 0;
  let reference = 0;
  let force = 0; // b_x - a_x reference
  let top = -Infinity;
  let ceiling = Infinity;

  const height = (z: number): number => {
    const d = phi(z) - reference;
    return d * (force - 0.5 * ax * d) - 0.5 * az * (z - omega) * (z - omega);
  };
  const slope = (z: number): number => (force - ax * (phi(z) - reference)) * derivative(z) - az * (z - omega);

  /** The zero of `slope` in a bracket, by the Illinois rule, until the height is known to 0.01. */
  function zero(a: number, fa: number, b: number, fb: number): number {
    let kept = 0;
    for (let k = 0; k < 200; k++) {
      let c = k % 4 === 3 ? 0.5 * (a + b) : (a * fb - b * fa) / (fb - fa);
      if (!(c > Math.min(a, b) && c < Math.max(a, b))) c = 0.5 * (a + b);
      const fc = slope(c);
      if (Math.abs(fc * (b - a)) < 0.01 || c === a || c === b || fc === 0) return c;
      if (fc > 0 === fa > 0) {
        a = c;
        fa = fc;
        if (kept === 1) fb *= 0.5;
        kept = 1;
      } else {
        b = c;
        fb = fc;
        if (kept === -1) fa *= 0.5;
        kept = -1;
      }
    }
    return 0.5 * (a + b);
  }

  /** Modes met going one way, and what separates them, in the order met. */
  const met = [new Float64Array(MOST), new Float64Array(MOST)];
  const between = [new Float64Array(MOST), new Float64Array(MOST)];
  const counts = [0, 0];
  let pending = 0;

  /** Between two points of one side (going outwards) with slopes da, db: notes a mode or a gap. */
  function crossing(side: number, a: number, da: number, b: number, db: number): void {
    if (da > 0 === db > 0) return;
    const index = side > 0 ? 1 : 0;
    const isMode = side > 0 ? da > 0 : db > 0;
    const z = zero(a, da, b, db);
    if (!isMode) {
      pending = z;
      return;
    }
    if (counts[index] === MOST / 2) return;
    between[index][counts[index]] = pending;
    met[index][counts[index]++] = z;
    top = Math.max(top, height(z));
  }

  /** As `crossing`, for a cell that may hold an extremum of phi. */
  function cell(side: number, a: number, da: number, pa: number, b: number, db: number, pb: number): void {
    if (pa > 0 === pb > 0 || pa === 0 || pb === 0) {
      crossing(side, a, da, b, db);
      return;
    }
    let lo = a;
    let hi = b;
    for (let k = 0; k < 60 && Math.abs(hi - lo) > 1e-9 * length; k++) {
      const mid = 0.5 * (lo + hi);
      if (derivative(mid) > 0 === pa > 0) lo = mid;
      else hi = mid;
    }
    const mid = 0.5 * (lo + hi);
    const dm = slope(mid);
    crossing(side, a, da, mid, dm);
    crossing(side, mid, dm, b, db);
  }

  const reach = (): number => Math.sqrt((2 * Math.max(0, ceiling - top + LOST)) / az);

  function outwards(side: number): void {
    pending = omega;
    let z = omega;
    let d = slope(z);
    let p = derivative(z);
    let before = z;
    let dBefore = d;
    let outside = 0;
    for (let k = 0; k < 20000; k++) {
      const limit = reach();
      const far = Math.abs(z - omega);
      if (far >= limit) break;
      const turn = wavy ? length : Math.max(length, 0.5 * Math.abs(z));
      let h = STEP * turn;
      if (!(limit < Infinity)) h = Math.min(h, Math.max(0.5 / Math.sqrt(az), 0.5 * far));
      const next = far + h >= limit ? omega + side * limit : z + side * h;
      if (next === z) break;
      const dNext = slope(next);
      const pNext = derivative(next);
      // |L'| dips without a change of sign on the grid: the dip may reach zero.
      if (dBefore > 0 === d > 0 && d > 0 === dNext > 0 && Math.abs(d) < Math.abs(dBefore) && Math.abs(d) < Math.abs(dNext)) {
        const dip = deepest(before, z, next, d > 0);
        const dd = slope(dip);
        if (dd > 0 !== d > 0) {
          const first = side > 0 === dip < z;
          if (first) {
            crossing(side, before, dBefore, dip, dd);
            crossing(side, dip, dd, z, d);
          } else {
            crossing(side, z, d, dip, dd);
            crossing(side, dip, dd, next, dNext);
          }
        }
      }
      cell(side, z, d, p, next, dNext, pNext);
      before = z;
      dBefore = d;
      z = next;
      d = dNext;
      p = pNext;
      if (!(limit < Infinity)) {
        // Without a bound on phi: until L falls for good, the Gaussian pulling harder than phi can.
        const high = height(z);
        top = Math.max(top, high);
        const inward = side * d < -0.5 * az * Math.abs(z - omega);
        outside = high < top - LOST && inward ? outside + 1 : 0;
        if (outside > 4) break;
      }
    }
  }

  /** Where |L'| is least around the middle of three points, its sign aside: golden section. */
  function deepest(a: number, m: number, b: number, positive: boolean): number {
    const f = (z: number): number => (positive ? slope(z) : -slope(z));
    let lo = Math.min(a, b);
    let hi = Math.max(a, b);
    let best = m;
    let least = f(m);
    for (let k = 0; k < 40 && least > 0; k++) {
      const c = best - lo > hi - best ? best - 0.381966 * (best - lo) : best + 0.381966 * (hi - best);
      const fc = f(c);
      if (fc < least) {
        if (c < best) hi = best;
        else lo = best;
        best = c;
        least = fc;
      } else if (c < best) lo = c;
      else hi = c;
      if (hi - lo < 1e-6 * length) break;
    }
    return best;
  }

  return (precision: number, centre: number, tilt: number, field: number): Scan => {
    az = precision;
    omega = centre;
    ax = tilt;
    bx = field;
    reference = phi(omega);
    force = bx - ax * reference;
    top = 0;
    // The largest that E can be: at the point of the range nearest to b_x/a_x.
    const [low, high] = range;
    const goal = ax > 0 ? bx / ax : bx > 0 ? Infinity : bx < 0 ? -Infinity : reference;
    const nearest = Math.min(high, Math.max(low, goal)) - reference;
    ceiling = Number.isFinite(nearest) ? Math.max(0, nearest * (force - 0.5 * ax * nearest)) : Infinity;
    counts[0] = counts[1] = 0;
    const d = slope(omega);
    // Uphill first: the height found there shortens the other side.
    const uphill = d >= 0 ? 1 : -1;
    if (d === 0) {
      met[1][0] = omega;
      between[1][0] = omega;
      counts[1] = 1;
    }
    outwards(uphill);
    outwards(-uphill);
    let n = 0;
    for (let k = counts[0] - 1; k >= 0; k--) scan.at[n++] = met[0][k];
    const left = n;
    for (let k = 0; k < counts[1]; k++) scan.at[n++] = met[1][k];
    if (n === 0) scan.at[n++] = omega;
    scan.size = n;
    // gap[k] lies between modes k - 1 and k: on the right it was met before mode k, on the left before mode k - 1.
    for (let k = 1; k < n; k++)
      scan.gap[k] = k < left ? between[0][left - k] : k === left ? (d > 0 ? between[0][0] : between[1][0]) : between[1][k - left];
    scan.best = 0;
    for (let k = 0; k < n; k++) {
      scan.height[k] = height(scan.at[k]);
      if (scan.height[k] > scan.height[scan.best]) scan.best = k;
    }
    return scan;
  };
}

/**
 * A step that satisfies the strong Wolfe conditions (Nocedal and Wright 2006, eqs. 3.7) on a convex function of one variable: the slope
 * is monotone, so bracketing its sign change by secants and bisection is enough.
 */

/** At a step s: phi(s) - phi(0) and phi'(s). */
export type Ray = (s: number, out: Float64Array) => void;

const DECREASE = 1e-4;
const FLATNESS = 0.1;

/**
 * `slope0` = phi'(0) < 0; `slack` is the rounding of a change of phi. Returns the step; 0 when none lowers phi by more than
 * rounding. The slope at the step is left in `out[1]`.
 */
export function wolfeStep(ray: Ray, slope0: number, first: number, slack: number, out: Float64Array): number {
  let low = 0;
  let lowSlope = slope0;
  let high = Number.POSITIVE_INFINITY;
  let highSlope = 0;
  let s = first;
  for (let k = 0; k < 80; k++) {
    ray(s, out);
    const [change, slope] = out;
    const enough = change <= DECREASE * s * slope0 + slack;
    if (enough && Math.abs(slope) <= -FLATNESS * slope0) return s;
    if (!(enough && slope < 0)) {
      high = s;
      highSlope = slope;
    } else {
      low = s;
      lowSlope = slope;
    }
    if (high === Number.POSITIVE_INFINITY) {
      // extrapolate the slope to zero, by a factor between 2 and 10
      const secant = lowSlope > slope0 ? (low * slope0) / (slope0 - lowSlope) : 10 * low;
      s = Math.min(10 * low, Math.max(2 * low, secant));
      if (!(s < 1e60)) return low;
    } else {
      const width = high - low;
      if (!(width > 4 * Number.EPSILON * high)) return low;
      const secant = highSlope > 0 ? low - (lowSlope * width) / (highSlope - lowSlope) : Number.NaN;
      const inside = k < 20 && secant > low + 0.05 * width && secant < high - 0.05 * width;
      s = inside ? secant : low + 0.5 * width;
    }
  }
  return low;
}

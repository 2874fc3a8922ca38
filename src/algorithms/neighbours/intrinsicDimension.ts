/**
 * The dimension of the set that points lie on, from distances alone: two nearest neighbours (Facco et al. 2017), the correlation
 * integral (Grassberger and Procaccia 1983), and the scaling of the nearest-neighbour distance with the number of points.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Vec } from "../../core/types.ts";

/** Estimates from the first `count` points. A value is null where the points do not determine it (all coincide, say). */
export interface DimensionEstimate {
  readonly count: number;
  /** (n - 1)/sum ln(r_2/r_1) over points with r_1 > 0: the maximum-likelihood form. */
  readonly twoNN: number | null;
  /** Slope of ln C(r) between C = 4/n and 32/n, about 2 n and 16 n pairs. */
  readonly correlation: number | null;
  /** ln 2 / ln(<r_1>(n/2)/<r_1>(n)): the nearest neighbour comes closer as n^(-1/d). */
  readonly nearestNeighbour: number | null;
  /** Points that coincide with another (r_1 = 0), left out of twoNN. */
  readonly duplicates: number;
}

/** The pair fractions between which the correlation integral is fitted, times n. */
export const CORRELATION_WINDOW = [4, 32] as const;
export const FEWEST_POINTS = 64;

// squared distances in bins of 1/256 octave: the slope is interpolated inside them, and is good to 1e-4
const PER_OCTAVE = 256;
const OCTAVES = 160; // from 2^-120 to 2^40 times the scale of the first pair
const LOWEST = -120;

/** A histogram of ln r^2 with linear interpolation inside its bins. */
class DistanceCounts {
  readonly bins = new Float64Array(OCTAVES * PER_OCTAVE);
  private zeros = 0;
  private total = 0;
  private scale = 0;

  add(r2: number): void {
    this.total++;
    if (r2 === 0) {
      this.zeros++;
      return;
    }
    if (this.scale === 0) this.scale = r2;
    const at = Math.floor((Math.log2(r2 / this.scale) - LOWEST) * PER_OCTAVE);
    this.bins[Math.min(this.bins.length - 1, Math.max(0, at))]++;
  }

  /** ln r (up to a constant) below which a fraction `share` of all pairs lies; null when that many coincide. */
  quantile(share: number): number | null {
    const wanted = share * this.total;
    let below = this.zeros;
    if (below >= wanted) return null;
    for (let k = 0; k < this.bins.length; k++) {
      const inside = this.bins[k];
      if (below + inside >= wanted) return (((k + (wanted - below) / inside) / PER_OCTAVE + LOWEST) * Math.LN2) / 2;
      below += inside;
    }
    return null;
  }
}

/**
 * `points` row-major, `rows` x `cols`; estimates at `counts` (increasing, each an even number of at least 64 and at most `rows`), each
 * from the first so many points. O(rows^2 cols). Throws ParameterError.
 */
export function intrinsicDimension(points: Vec, rows: number, cols: number, counts: readonly number[] = [rows & ~1]): DimensionEstimate[] {
  if (points.length !== rows * cols)
    throw new ParameterError(`intrinsic dimension: expected ${rows} x ${cols} numbers, got ${points.length}`);
  counts.forEach((n, k) => {
    if (!(Number.isInteger(n) && n % 2 === 0 && n >= FEWEST_POINTS && n <= rows && (k === 0 || n > counts[k - 1])))
      throw new ParameterError(
        `intrinsic dimension: numbers of points must be even, increasing, at least ${FEWEST_POINTS} and at most the ${rows} there are, got ${counts.join(", ")}`
      );
  });
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const second = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const pairs = new DistanceCounts();
  const halves = new Set(counts.map((n) => n / 2));
  const means = new Map<number, number>();
  const out: DimensionEstimate[] = [];
  const stops = new Set(counts);
  const last = counts[counts.length - 1];
  for (let j = 0; j < last; j++) {
    const row = j * cols;
    for (let i = 0; i < j; i++) {
      const other = i * cols;
      let r2 = 0;
      for (let c = 0; c < cols; c++) {
        const d = points[row + c] - points[other + c];
        r2 += d * d;
      }
      pairs.add(r2);
      if (r2 < second[i]) {
        if (r2 < nearest[i]) {
          second[i] = nearest[i];
          nearest[i] = r2;
        } else second[i] = r2;
      }
      if (r2 < second[j]) {
        if (r2 < nearest[j]) {
          second[j] = nearest[j];
          nearest[j] = r2;
        } else second[j] = r2;
      }
    }
    const n = j + 1;
    if (halves.has(n) || stops.has(n)) means.set(n, meanDistance(nearest, n));
    if (stops.has(n)) out.push(estimateAt(n, nearest, second, pairs, means));
  }
  return out;
}

function meanDistance(squares: Vec, n: number): number {
  let s = 0;
  for (let i = 0; i < n; i++) s += Math.sqrt(squares[i]);
  return s / n;
}

function estimateAt(n: number, nearest: Vec, second: Vec, pairs: DistanceCounts, means: ReadonlyMap<number, number>): DimensionEstimate {
  let logs = 0;
  let used = 0;
  for (let i = 0; i < n; i++)
    if (nearest[i] > 0) {
      logs += Math.log(second[i] / nearest[i]) / 2;
      used++;
    }
  const [low, high] = CORRELATION_WINDOW.map((c) => pairs.quantile(c / n));
  const rise = low !== null && high !== null ? high - low : 0;
  const shrink = Math.log((means.get(n / 2) ?? 0) / (means.get(n) ?? 0));
  return {
    count: n,
    twoNN: used > 1 && logs > 0 ? (used - 1) / logs : null,
    correlation: rise > 0 ? Math.log(CORRELATION_WINDOW[1] / CORRELATION_WINDOW[0]) / rise : null,
    nearestNeighbour: shrink > 0 && Number.isFinite(shrink) ? Math.LN2 / shrink : null,
    duplicates: n - used
  };
}

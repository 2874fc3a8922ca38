/**
 * Averages over t = r phi(z0) + xi, z0 ~ N(omega, V), at one omega: Z(t) = sum_k N(t; r f_k, S_k) times the mass of segment k.
 *
 * In units of u = (z - omega)/sqrt V and with sigma = s r sqrt V, S = 1 + sigma^2, rho = t - r f, segment k [a, b] is cut at
 * sqrt S a - sigma rho/sqrt S. Panels of Gauss-Legendre follow what varies: a Gaussian of width 1 at each flat value, of width sqrt S at
 * each slope, the turn of a slope's cut (width 1 to 1.4) and, at a fold, the choice between two branches.
 * Scores: direct, sqrt V g_k = sigma rho/S + tm/sqrt S, exact where phi is seen sharply; smooth, sum_k pi_k sigma_k e_k + jumps with
 * e = t - r <x>, exact as r -> 0.
 */
import { gaussLegendre } from "../numerics/quadrature.ts";
import { mills, normalCdf, truncatedNormal } from "../numerics/special/index.ts";
import { tail1, tail2 } from "../numerics/special/tails.ts";
import type { SegmentShape } from "./segmentShape.ts";

const REACH = 8.2;
const ROOT = 1 / Math.sqrt(2 * Math.PI);
const HALF_LOG_2PIE = 0.5 * (Math.log(2 * Math.PI) + 1);
/** A segment of smaller prior mass is left out. */
const NEGLIGIBLE = 1e-19;
/** Width of erf type that has the poles of sech(u v) as near as its own zeros, times u. */
const FOLD = 0.56;

const cut = new Float64Array(3);

export class ObservationAverages {
  /** Per omega: V J, vz/V (when not `smooth`), vx, 1 - ax vx, information. */
  gain = 0;
  vz = 0;
  vx = 0;
  left = 0;
  information = 0;
  /** The smooth form is in use: vz/V is 1 - gain. */
  smooth = false;

  readonly #shape: SegmentShape;
  #V = 1;
  #sd = 1;
  #r = 0;
  #order = 24;
  // Per segment: s r sqrt V, S, sqrt S; at omega: cut [a, b], prior mass, phi's line there less `base`, moments of a flat one.
  readonly #sigma: Float64Array;
  readonly #S: Float64Array;
  readonly #rootS: Float64Array;
  readonly #a: Float64Array;
  readonly #b: Float64Array;
  readonly #mass: Float64Array;
  readonly #value: Float64Array;
  readonly #flatMean: Float64Array;
  readonly #flatVariance: Float64Array;
  readonly #active: Int32Array;
  #count = 0;
  // Per segment at one t: weight, scaled score, e, x less base, var z/V.
  readonly #w: Float64Array;
  readonly #g: Float64Array;
  readonly #e: Float64Array;
  readonly #x: Float64Array;
  readonly #v: Float64Array;
  // Features of Z(t): place (x less base, then t), width; and the ends of their windows.
  readonly #featureX: Float64Array;
  readonly #featureT: Float64Array;
  readonly #featureWidth: Float64Array;
  #features = 0;
  readonly #breakX: Float64Array;
  readonly #breakT: Float64Array;
  readonly #breakAt: Float64Array;
  #breaks = 0;

  private static readonly known = new WeakMap<SegmentShape, ObservationAverages>();
  /** The workspace of a shape, made once. */
  static of(shape: SegmentShape): ObservationAverages {
    let found = ObservationAverages.known.get(shape);
    if (!found) {
      found = new ObservationAverages(shape);
      ObservationAverages.known.set(shape, found);
    }
    return found;
  }

  constructor(shape: SegmentShape) {
    this.#shape = shape;
    const K = shape.count;
    const room = () => new Float64Array(K);
    this.#sigma = room();
    this.#S = room();
    this.#rootS = room();
    this.#a = room();
    this.#b = room();
    this.#mass = room();
    this.#value = room();
    this.#flatMean = room();
    this.#flatVariance = room();
    this.#active = new Int32Array(K);
    this.#w = room();
    this.#g = room();
    this.#e = room();
    this.#x = room();
    this.#v = room();
    this.#featureX = new Float64Array(5 * K);
    this.#featureT = new Float64Array(5 * K);
    this.#featureWidth = new Float64Array(5 * K);
    this.#breakX = new Float64Array(12 * K + 2);
    this.#breakT = new Float64Array(12 * K + 2);
    this.#breakAt = new Float64Array(12 * K + 2);
  }

  prepare(V: number, ax: number, order: number): void {
    const { count, slope, steepest } = this.#shape;
    this.#V = V;
    this.#sd = Math.sqrt(V);
    this.#r = Math.sqrt(ax);
    this.#order = order;
    this.smooth = ax * V * steepest < 1;
    for (let k = 0; k < count; k++) {
      const sigma = slope[k] * this.#r * this.#sd;
      this.#sigma[k] = sigma;
      this.#S[k] = 1 + sigma * sigma;
      this.#rootS[k] = Math.sqrt(this.#S[k]);
    }
  }

  /** The largest step in omega that resolves a fold, whose branches turn like tanh(t omega): infinite where there is none. */
  omegaStep(sd: number): number {
    const { count, slope } = this.#shape;
    for (let k = 1; k < count; k++)
      if (slope[k - 1] * slope[k] < 0) {
        const sharp = Math.min(Math.abs(this.#sigma[k]), Math.abs(this.#sigma[k - 1]));
        return sharp > 0.3 ? (24 / this.#order) * 0.2 * sd * Math.max(1, 1 / sharp) : Number.POSITIVE_INFINITY;
      }
    return Number.POSITIVE_INFINITY;
  }

  /** Averages at omega, measured from the edge before segment `near`; `excess`: less those of the pure segments by their mass. */
  at(omega: number, near: number, excess: boolean): void {
    this.#place(omega, near);
    this.gain = this.vz = this.vx = this.left = this.information = 0;
    if (this.#r === 0) this.#node(0, 0, 1, true);
    else {
      this.#window();
      this.#overPanels();
      this.information -= HALF_LOG_2PIE;
    }
    if (!excess) return;
    const { slope } = this.#shape;
    for (let j = 0; j < this.#count; j++) {
      const k = this.#active[j];
      const p = this.#mass[k];
      const S = this.#S[k];
      this.gain -= p * ((this.#sigma[k] / S) * this.#sigma[k]);
      this.vz -= p / S;
      this.vx -= (p * slope[k] * slope[k] * this.#V) / S;
      this.left -= p / S;
      this.information -= 0.5 * p * Math.log(S);
    }
  }

  #place(omega: number, near: number): void {
    const { count, from, to, slope, offset, valueFrom, valueTo } = this.#shape;
    const edge = from[near];
    const base = valueFrom[near];
    const sd = this.#sd;
    const u = (omega - edge) / sd;
    this.#count = 0;
    for (let k = 0; k < count; k++) {
      const a = (from[k] - edge) / sd - u;
      const b = (to[k] - edge) / sd - u;
      const mass = a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a);
      this.#a[k] = a;
      this.#b[k] = b;
      this.#mass[k] = mass;
      const at = k === near ? valueFrom[k] : k === near - 1 ? valueTo[k] : slope[k] * edge + offset[k];
      this.#value[k] = at - base + slope[k] * sd * u;
      if (mass < NEGLIGIBLE) continue;
      this.#active[this.#count++] = k;
      if (slope[k] === 0) {
        truncatedNormal(a, b, cut);
        this.#flatMean[k] = cut[1];
        this.#flatVariance[k] = cut[2];
      }
    }
  }

  #feature(x: number, t: number, width: number): void {
    const i = this.#features++;
    this.#featureX[i] = x;
    this.#featureT[i] = t;
    this.#featureWidth[i] = width;
  }

  /** Features of Z(t) and the sorted ends of their windows, clipped to where there is mass. */
  #window(): void {
    const { slope } = this.#shape;
    const r = this.#r;
    this.#features = 0;
    let low = Number.POSITIVE_INFINITY;
    let lowX = 0;
    let lowT = 0;
    let high = Number.NEGATIVE_INFINITY;
    let highX = 0;
    let highT = 0;
    for (let j = 0; j < this.#count; j++) {
      const k = this.#active[j];
      const s = slope[k];
      const value = this.#value[k];
      const reach = REACH * this.#rootS[k];
      this.#feature(value, 0, this.#rootS[k]);
      let endLow = r * value - reach;
      let endLowX = value;
      let endLowT = -reach;
      let endHigh = r * value + reach;
      let endHighX = value;
      let endHighT = reach;
      if (s !== 0)
        for (let side = 0; side < 2; side++) {
          const end = side === 0 ? this.#a[k] : this.#b[k];
          if (Math.abs(end) > REACH) continue;
          // phi at the end of the segment, less base; the cut turns where rho = S end/sigma, that is 1/sigma past it.
          const x = value + s * this.#sd * end;
          if (this.#S[k] > 2) this.#feature(x, end / this.#sigma[k], this.#rootS[k] / Math.abs(this.#sigma[k]));
          if (side === 0 === s > 0) {
            if (r * x - REACH > endLow) [endLow, endLowX, endLowT] = [r * x - REACH, x, -REACH];
          } else if (r * x + REACH < endHigh) [endHigh, endHighX, endHighT] = [r * x + REACH, x, REACH];
        }
      if (endLow < low) [low, lowX, lowT] = [endLow, endLowX, endLowT];
      if (endHigh > high) [high, highX, highT] = [endHigh, endHighX, endHighT];
      if (j > 0 && this.#active[j - 1] === k - 1 && slope[k - 1] * s < 0) {
        const x = value + s * this.#sd * this.#a[k];
        const u = Math.abs(this.#a[k]);
        const least = Math.min(this.#rootS[k], this.#rootS[k - 1]);
        this.#feature(x, 0, least * Math.min(1, FOLD / Math.max(1, u)));
      }
    }
    this.#breaks = 0;
    this.#put(lowX, lowT, low);
    this.#put(highX, highT, high);
    for (let i = 0; i < this.#features; i++)
      for (let side = -1; side <= 1; side += 2) {
        const t = this.#featureT[i] + side * REACH * this.#featureWidth[i];
        const at = r * this.#featureX[i] + t;
        if (at > low && at < high) this.#put(this.#featureX[i], t, at);
      }
  }

  /** Keeps the breaks sorted. */
  #put(x: number, t: number, at: number): void {
    let i = this.#breaks++;
    for (; i > 0 && this.#breakAt[i - 1] > at; i--) {
      this.#breakX[i] = this.#breakX[i - 1];
      this.#breakT[i] = this.#breakT[i - 1];
      this.#breakAt[i] = this.#breakAt[i - 1];
    }
    this.#breakX[i] = x;
    this.#breakT[i] = t;
    this.#breakAt[i] = at;
  }

  #overPanels(): void {
    const r = this.#r;
    const scale = this.#order / 24;
    let p = 0;
    while (p + 1 < this.#breaks) {
      const x = this.#breakX[p];
      const from = this.#breakT[p];
      let next = p + 1;
      let length = 0;
      let least = 0;
      for (; next < this.#breaks; next++) {
        length = r * (this.#breakX[next] - x) + (this.#breakT[next] - from);
        least = this.#leastWidth(x, from, length);
        // Ends of windows are no kinks: near-duplicates are passed over, except the last.
        if (length > 0.5 * least || next === this.#breaks - 1) break;
      }
      p = next;
      if (least === 0 || !(length > 0)) continue;
      const widths = length / least;
      const pieces = Math.ceil(widths / 18);
      const half = length / (2 * pieces);
      const { nodes, weights } = gaussLegendre(Math.ceil(scale * (7 + (1.9 * widths) / pieces)));
      for (let j = 0; j < pieces; j++) {
        const mid = from + (2 * j + 1) * half;
        for (let i = 0; i < nodes.length; i++) this.#node(x, mid + half * nodes[i], half * weights[i], false);
      }
    }
  }

  /** The finest feature whose window overlaps the panel; 0 where there is nothing. */
  #leastWidth(x: number, from: number, length: number): number {
    let least = 0;
    for (let i = 0; i < this.#features; i++) {
      const width = this.#featureWidth[i];
      const centre = this.#r * (this.#featureX[i] - x) + this.#featureT[i] - from;
      const margin = 0.05 * width;
      if (centre + REACH * width > margin && centre - REACH * width < length - margin && (least === 0 || width < least)) least = width;
    }
    return least;
  }

  /** Adds the node t = r x + local (both less base), with this weight dt; `blind`: r = 0, the law of x is the prior. */
  #node(x: number, local: number, weight: number, blind: boolean): void {
    const { slope } = this.#shape;
    const r = this.#r;
    const sd = this.#sd;
    let Z = 0;
    for (let j = 0; j < this.#count; j++) {
      const k = this.#active[j];
      const rho = r * (x - this.#value[k]) + local;
      if (slope[k] === 0) {
        const w = this.#mass[k] * (blind ? 1 : ROOT * Math.exp(-0.5 * rho * rho));
        this.#w[k] = w;
        this.#g[k] = this.#flatMean[k];
        this.#v[k] = this.#flatVariance[k];
        this.#e[k] = rho;
        this.#x[k] = this.#value[k];
        Z += w;
        continue;
      }
      const S = this.#S[k];
      const rootS = this.#rootS[k];
      const sigma = this.#sigma[k];
      const drift = (sigma / S) * rho;
      const l = rootS * (this.#a[k] - drift);
      const h = rootS * (this.#b[k] - drift);
      const density = blind ? 1 : (ROOT / rootS) * Math.exp(((-0.5 * rho) / S) * rho);
      let w = 0;
      let m = 0;
      let v = 1;
      if (h === Number.POSITIVE_INFINITY || l === Number.NEGATIVE_INFINITY) {
        const flip = h !== Number.POSITIVE_INFINITY;
        const d = flip ? -h : l;
        if (d > 0) {
          const tail = mills(d);
          const pdf = d < 39 ? ROOT * Math.exp(-0.5 * d * d) : 0;
          w = density * tail * pdf;
          const shift = tail1(d) / tail;
          m = d + shift;
          v = tail2(d) / tail - shift * shift;
        } else if (d > -39) {
          const pdf = ROOT * Math.exp(-0.5 * d * d);
          const mass = 1 - pdf * mills(-d);
          const hazard = pdf / mass;
          w = density * mass;
          m = hazard;
          v = 1 - hazard * (hazard - d);
        } else w = density;
        if (flip) m = -m;
      } else {
        truncatedNormal(l, h, cut);
        w = density * Math.exp(cut[0]);
        m = cut[1];
        v = cut[2];
      }
      this.#w[k] = w;
      this.#g[k] = drift + m / rootS;
      this.#v[k] = v / S;
      this.#e[k] = rho / S - (sigma / rootS) * m;
      this.#x[k] = this.#value[k] + slope[k] * sd * this.#g[k];
      Z += w;
    }
    if (!(Z > 1e-280)) return;
    const inverse = 1 / Z;
    const first = this.#active[0];
    const byRest = !this.smooth;
    let g = 0;
    let g2 = 0;
    let vz = 0;
    let e = 0;
    let d1 = 0;
    let d2 = 0;
    let within = 0;
    let push = 0;
    for (let j = 0; j < this.#count; j++) {
      const k = this.#active[j];
      const pi = this.#w[k] * inverse;
      const s = slope[k];
      e += pi * this.#e[k];
      push += pi * this.#sigma[k] * this.#e[k];
      const d = byRest ? this.#e[first] - this.#e[k] : this.#x[k] - this.#x[first];
      d1 += pi * d;
      d2 += pi * d * d;
      within += pi * s * s * this.#v[k];
      if (byRest) {
        const dg = this.#g[k] - this.#g[first];
        g += pi * dg;
        g2 += pi * dg * dg;
        vz += pi * this.#v[k];
      }
    }
    const Zw = weight * Z;
    const between = Math.max(0, d2 - d1 * d1);
    this.vx += Zw * (within * this.#V + (byRest ? between / (r * r) : between));
    if (blind) {
      this.left += weight;
      return;
    }
    if (byRest) {
      this.vz += Zw * (vz + Math.max(0, g2 - g * g));
      g += this.#g[first];
    } else {
      g = push;
      if (!this.#shape.continuous) g += this.#jumps(x, local) * inverse;
    }
    this.gain += Zw * g * g;
    this.left += Zw * e * e;
    this.information -= Zw * Math.log(Z);
  }

  /** sum over edges of phi(u_edge) (N(t; after) - N(t; before)). */
  #jumps(x: number, local: number): number {
    const { count, valueFrom, valueTo, slope } = this.#shape;
    let sum = 0;
    for (let k = 1; k < count; k++) {
      if (valueTo[k - 1] === valueFrom[k]) continue;
      const a = this.#a[k];
      const after = this.#value[k] + slope[k] * this.#sd * a;
      const before = this.#value[k - 1] + slope[k - 1] * this.#sd * a;
      const p = this.#r * (x - after) + local;
      const q = this.#r * (x - before) + local;
      // exp(-p^2/2) - exp(-q^2/2), the exponents differing by (q - p)(q + p)/2 = r (after - before)(q + p)/2
      const difference = Math.exp(-0.5 * q * q) * Math.expm1(0.5 * this.#r * (after - before) * (q + p));
      if (Number.isFinite(difference)) sum += ROOT * ROOT * Math.exp(-0.5 * a * a) * difference;
    }
    return sum;
  }
}

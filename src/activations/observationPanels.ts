/**
 * Where to sample t = r phi(z0) + xi, z0 ~ N(omega, V), xi standard, for a piecewise-linear phi.
 *
 * In units of u = (z - omega)/sqrt V, with sigma = s r sqrt V and S = 1 + sigma^2, segment k gives t the density N(t; r f_k, S_k) times the
 * mass left by its cut. What varies: a Gaussian of width 1 at each flat value, one of width sqrt S at each slope, the turn of a slope's
 * cut (width 1 to 1.4), and the posterior's choice between segments, whose poles are found. Places in t are (x, local), t = r x + local with
 * x measured from phi at the edge nearest omega, so that no digit is lost when r is large.
 */
import { normalCdf } from "../numerics/special/index.ts";
import type { SegmentShape } from "./segmentShape.ts";

/** Widths of a feature beyond which it is flat: exp(-8.2^2/2) = 2.5e-15. */
const REACH = 8.2;
/** A segment of smaller prior mass is left out. */
const NEGLIGIBLE = 1e-19;
/** Width of an erf whose zeros are as near as a pole at distance 1: the nearest zero of Phi is 2.8 from the real axis. */
const POLE = 1 / 2.8;
/** Widths past which a pole is far enough, seen from the end of a panel. */
const NEAR = 4.5;
/** Widths past which its turn, like tanh(1.1 t/width/2), has left less than 1e-13. */
const FAR = 27;

export interface ObservationPanels {
  // Per segment: sigma, S, sqrt S; at omega: its cut [a, b] in u, prior mass, and phi's line at omega (x).
  readonly sigma: Float64Array;
  readonly S: Float64Array;
  readonly rootS: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly mass: Float64Array;
  readonly value: Float64Array;
  /** Segments that matter at omega: the first `active` entries. */
  readonly segments: Int32Array;
  active: number;
  // Panels [local, local + length] about x, with the number of Gauss-Legendre nodes each wants: the first `size` entries.
  readonly x: Float64Array;
  readonly local: Float64Array;
  readonly length: Float64Array;
  readonly nodes: Int32Array;
  size: number;
  /** Sets V and r; `order` scales the number of nodes (24: about 1e-9). */
  prepare(V: number, r: number, order: number): void;
  /** Sets omega: cuts, masses, values. Returns what x is measured from: phi at the nearest edge. */
  place(omega: number): number;
  /** Fills the panels of the last `place`. */
  fill(): void;
}

export function observationPanels(shape: SegmentShape): ObservationPanels {
  const { count: K, from, to, slope, offset, valueFrom, valueTo } = shape;
  const room = () => new Float64Array(K);
  const sigma = room();
  const S = room();
  const rootS = room();
  const a = room();
  const b = room();
  const mass = room();
  const value = room();
  const segments = new Int32Array(K);
  let sd = 1;
  let r = 0;
  let scale = 1;

  // Features: place, width, and how far they reach.
  const most = 3 * K + 18 * K * K;
  const featureX = new Float64Array(most);
  const featureT = new Float64Array(most);
  const featureWidth = new Float64Array(most);
  const featureReach = new Float64Array(most);
  let features = 0;
  // Parts of the density: segment, which cut end (0: none), place, precision, log weight.
  const partOf = new Int32Array(3 * K);
  const partEnd = new Int32Array(3 * K);
  const partX = new Float64Array(3 * K);
  const partPrecision = new Float64Array(3 * K);
  const partLog = new Float64Array(3 * K);
  let parts = 0;
  // Ends of the features' windows, sorted.
  const breakX = new Float64Array(2 * most + 2);
  const breakT = new Float64Array(2 * most + 2);
  const breakAt = new Float64Array(2 * most + 2);
  let breaks = 0;

  function feature(x: number, t: number, width: number, reach: number): void {
    featureX[features] = x;
    featureT[features] = t;
    featureWidth[features] = width;
    featureReach[features++] = reach * width;
  }

  function part(k: number, end: number, x: number, precision: number, log: number): void {
    partOf[parts] = k;
    partEnd[parts] = end;
    partX[parts] = x;
    partPrecision[parts] = precision;
    partLog[parts++] = log;
  }

  /** Keeps the breaks sorted. */
  function put(x: number, t: number, at: number): void {
    let i = breaks++;
    for (; i > 0 && breakAt[i - 1] > at; i--) {
      breakX[i] = breakX[i - 1];
      breakT[i] = breakT[i - 1];
      breakAt[i] = breakAt[i - 1];
    }
    breakX[i] = x;
    breakT[i] = t;
    breakAt[i] = at;
  }

  /** Whether part i stands for its segment at rho from its centre. */
  function present(i: number, rho: number): boolean {
    const k = partOf[i];
    if (sigma[k] === 0) return true;
    if (partEnd[i] === 0) {
      const drift = (sigma[k] / S[k]) * rho;
      return rootS[k] * (a[k] - drift) < 2 && rootS[k] * (b[k] - drift) > -2;
    }
    // of a cut end: the cut is (end - sigma rho)/sqrt S deep
    const end = partEnd[i] > 0 ? a[k] : b[k];
    return partEnd[i] * (end - sigma[k] * rho) > 0;
  }

  /**
   * The density is a sum of parts w = exp(log) N(t; r x, S): segments, and cut ends of slopes, which look like flat values with a mass of
   * exp(-a^2/2) mills/sqrt(2 pi S), some 1/6 of exp(-a^2/2)/sqrt S. Posteriors have poles where w_i/w_j = -1, a quadratic equation.
   */
  function poles(i: number, j: number): void {
    const vi = partPrecision[i];
    const vj = partPrecision[j];
    const gap = r * (partX[j] - partX[i]); // t is measured from the centre of i
    // log w_i - log w_j = A t^2/2 + B t + C = +-i pi
    const A = vj - vi;
    const B = -gap * vj;
    const C = 0.5 * gap * gap * vj + partLog[i] - partLog[j];
    const D = B * B - 2 * A * C;
    const Y = 2 * Math.PI * A;
    const size = Math.hypot(D, Y);
    if (!(size > 0)) return;
    // x + i y = sqrt(D + i Y), on the side of B
    let x = D > 0 ? Math.sqrt(0.5 * (size + D)) : (0.5 * Math.abs(Y)) / Math.sqrt(0.5 * (size - D));
    let y = D > 0 ? (0.5 * Y) / x : Math.sign(Y) * Math.sqrt(0.5 * (size - D));
    if (B < 0) {
      x = -x;
      y = -y;
    }
    const re = -(B + x);
    const square = re * re + y * y;
    const limit = 2.7 / Math.sqrt(Math.max(vi, vj));
    for (let side = 0; side < 2; side++) {
      const t = side === 0 ? (2 * (C * re + Math.PI * y)) / square : re / A;
      const distance = Math.abs(side === 0 ? (2 * (Math.PI * re - C * y)) / square : y / A);
      // no density there, or no pole near: nothing to resolve
      if (!(Math.max(Math.abs(t) * Math.sqrt(vi), Math.abs(t - gap) * Math.sqrt(vj)) < 12)) continue;
      if (distance > 0 && distance < limit && Number.isFinite(t) && present(i, t) && present(j, t - gap)) {
        const width = distance * POLE;
        feature(partX[i], t, width, NEAR);
        // what is left of the turn there is 6e-3; where no window of width 1 follows it further, one of its own does
        const own = Math.min(vi < 1 ? Number.POSITIVE_INFINITY : Math.abs(t), vj < 1 ? Number.POSITIVE_INFINITY : Math.abs(t - gap));
        if (own + FAR * width > REACH) feature(partX[i], t, (FAR * width) / REACH, REACH);
      }
    }
  }

  /** The finest feature whose window overlaps the panel; 0 where there is nothing. */
  function finest(x: number, start: number, length: number): number {
    let least = 0;
    for (let i = 0; i < features; i++) {
      const width = featureWidth[i];
      const centre = r * (featureX[i] - x) + featureT[i] - start;
      const reach = featureReach[i] - 0.05 * width;
      if (centre + reach > 0 && centre - reach < length && (least === 0 || width < least)) least = width;
    }
    return least;
  }

  /** Features of the segments at omega, and the ends of their windows clipped to where there is mass. */
  function windows(active: number): void {
    features = parts = breaks = 0;
    let low = Number.POSITIVE_INFINITY;
    let lowX = 0;
    let lowT = 0;
    let high = Number.NEGATIVE_INFINITY;
    let highX = 0;
    let highT = 0;
    for (let j = 0; j < active; j++) {
      const k = segments[j];
      const s = slope[k];
      const centre = value[k];
      const reach = REACH * rootS[k];
      feature(centre, 0, rootS[k], REACH);
      part(k, 0, centre, 1 / S[k], s === 0 ? Math.log(mass[k]) : -Math.log(rootS[k]));
      let leftX = centre;
      let leftT = -reach;
      let rightX = centre;
      let rightT = reach;
      for (let side = 1; side >= -1 && s !== 0; side -= 2) {
        const end = side > 0 ? a[k] : b[k];
        if (!(Math.abs(end) < REACH)) continue;
        const x = centre + s * sd * end;
        part(k, side, x, 1, -0.5 * end * end - Math.log(6 * rootS[k]));
        // the cut turns where its depth (end - sigma rho)/sqrt S is 0
        if (S[k] > 2) feature(x, end / sigma[k], rootS[k] / Math.abs(sigma[k]), REACH);
        if (side * s > 0) {
          if (r * (x - leftX) - REACH > leftT) {
            leftX = x;
            leftT = -REACH;
          }
        } else if (r * (x - rightX) + REACH < rightT) {
          rightX = x;
          rightT = REACH;
        }
      }
      if (r * leftX + leftT < low) {
        low = r * leftX + leftT;
        lowX = leftX;
        lowT = leftT;
      }
      if (r * rightX + rightT > high) {
        high = r * rightX + rightT;
        highX = rightX;
        highT = rightT;
      }
    }
    for (let i = 1; i < parts; i++) for (let j = 0; j < i; j++) if (partOf[i] !== partOf[j]) poles(i, j);
    put(lowX, lowT, low);
    put(highX, highT, high);
    for (let i = 0; i < features; i++)
      for (let side = -1; side <= 1; side += 2) {
        const t = featureT[i] + side * featureReach[i];
        const at = r * featureX[i] + t;
        if (at > low && at < high) put(featureX[i], t, at);
      }
  }

  return {
    sigma,
    S,
    rootS,
    a,
    b,
    mass,
    value,
    segments,
    active: 0,
    // a panel is a stretch between breaks, cut in pieces of at most 18 widths
    x: new Float64Array(8 * most),
    local: new Float64Array(8 * most),
    length: new Float64Array(8 * most),
    nodes: new Int32Array(8 * most),
    size: 0,
    prepare(V, precision, order) {
      sd = Math.sqrt(V);
      r = precision;
      scale = order / 24;
      for (let k = 0; k < K; k++) {
        sigma[k] = slope[k] * r * sd;
        S[k] = 1 + sigma[k] * sigma[k];
        rootS[k] = Math.sqrt(S[k]);
      }
    },
    place(omega) {
      let near = 1;
      for (let k = 2; k < K; k++) if (Math.abs(from[k] - omega) < Math.abs(from[near] - omega)) near = k;
      const edge = K > 1 ? from[near] : 0;
      const base = K > 1 ? valueFrom[near] : offset[0];
      const u = (omega - edge) / sd;
      this.active = 0;
      for (let k = 0; k < K; k++) {
        const l = (from[k] - edge) / sd - u;
        const h = (to[k] - edge) / sd - u;
        a[k] = l;
        b[k] = h;
        mass[k] = l > 0 ? normalCdf(-l) - normalCdf(-h) : normalCdf(h) - normalCdf(l);
        const at = K === 1 || k === near ? base : k === near - 1 ? valueTo[k] : slope[k] * edge + offset[k];
        value[k] = at - base + slope[k] * (omega - edge);
        if (mass[k] > NEGLIGIBLE) segments[this.active++] = k;
      }
      return base;
    },
    fill() {
      windows(this.active);
      this.size = 0;
      for (let p = 0; p + 1 < breaks; ) {
        const x = breakX[p];
        const start = breakT[p];
        let next = p + 1;
        let length = 0;
        let least = 0;
        for (; next < breaks; next++) {
          const more = r * (breakX[next] - x) + (breakT[next] - start);
          const width = finest(x, start, more);
          if (length > 0 && more > 12 * width) {
            next--;
            break;
          }
          length = more;
          least = width;
          // Ends of windows are no kinks: short stretches are joined to the next where that stays one panel.
          if (length > 2 * least || next === breaks - 1) break;
        }
        p = Math.min(next, breaks - 1);
        if (!(least > 0 && length > 0)) continue;
        const pieces = Math.min(Math.ceil(length / (18 * least)), this.x.length - this.size);
        for (let i = 0; i < pieces; i++) {
          const n = this.size++;
          this.x[n] = x;
          this.local[n] = start + (i * length) / pieces;
          this.length[n] = length / pieces;
          this.nodes[n] = Math.min(512, Math.ceil(scale * (7.5 + (2 * length) / (pieces * least))));
        }
      }
    }
  };
}

/**
 * The rectifier with noise D after it, on the matched line: J(q, V) = E Z'^2/Z and Psi_out = E ln Z as one integral over omega of
 * an integral over y. With S = V + D and u = (omega D + V y)/sqrt(S V D):
 *   Z = Phi(-omega/sqrt V) N(y; 0, D) + N(y; omega, S) Phi(u),
 *   Z' = N(y; omega, S) Phi(u) (y - omega)/S - (V/S) N(omega; 0, V) N(y; 0, D), the boundary terms of both branches joined.
 * Beyond 9 sqrt V from the kink one branch is left: the inner integrals are 1/S and -ln(2 pi e S)/2, or 0 and -ln(2 pi e D)/2.
 */
import { normalCdf, normalPdf } from "../numerics/special/index.ts";
import { gaussLegendre } from "../numerics/quadrature.ts";
import { LEAST, REACH } from "./outputNodes.ts";

const ROOT = 1 / Math.sqrt(2 * Math.PI);
const LOG2PIE = Math.log(2 * Math.PI) + 1;
/** Inner integrals of the last `atOmega`: of Z'^2/Z and of Z ln Z. */
const inner = new Float64Array(2);
const breaks = new Float64Array(12);

/** Gauss-Legendre nodes for a panel of this many widths of what varies on it (erf type: nearest complex zero at 2.8 widths). */
function nodesFor(widths: number, order: number): number {
  return Math.min(order + 16, Math.max(8, Math.ceil((order * (widths + 5)) / 11)));
}

/** J(q, V). `order` 24 gives 1e-11. */
export function noisyReluInformation(q: number, V: number, D: number, order = 24): number {
  return overOmega(q, V, D, order, 0, 1 / (Math.max(V, LEAST) + D), 0);
}

/** Psi_out(q, V) = E ln Z_y. */
export function noisyReluEntropy(q: number, V: number, D: number, order = 24): number {
  const S = Math.max(V, LEAST) + D;
  return overOmega(q, V, D, order, 1, -0.5 * (LOG2PIE + Math.log(S)), -0.5 * (LOG2PIE + Math.log(D)));
}

function overOmega(q: number, V: number, D: number, order: number, which: 0 | 1, right: number, left: number): number {
  const v = Math.max(V, LEAST);
  const root = Math.sqrt(q);
  if (!(q > 0)) {
    atOmega(0, v, D, order);
    return inner[which];
  }
  const w = Math.sqrt(v) / root; // the kink's width in units of omega's own
  const to = REACH * Math.min(1, w);
  const tail = normalCdf(-to);
  let sum = tail * (right + left);
  for (let half = -1; half <= 1; half += 2) {
    const n = nodesFor(to / Math.min(1, w), order);
    const { nodes, weights } = gaussLegendre(n);
    for (let k = 0; k < n; k++) {
      const t = (half * to * (1 + nodes[k])) / 2;
      atOmega(root * t, v, D, order);
      sum += (to / 2) * weights[k] * normalPdf(t) * inner[which];
    }
  }
  return sum;
}

/** Both inner integrals at omega, into `inner`. */
function atOmega(omega: number, V: number, D: number, order: number): void {
  const S = V + D;
  const noise = Math.sqrt(D);
  const spread = Math.sqrt(S);
  const flat = normalCdf(-omega / Math.sqrt(V));
  const edge = (V / S) * (normalPdf(omega / Math.sqrt(V)) / Math.sqrt(V));
  const toU = 1 / Math.sqrt(S * V * D);
  const turn = (-omega * D) / V;
  const width = Math.sqrt(S * (D / V));
  const low = -REACH * noise;
  const high = Math.max(REACH * noise, omega + REACH * spread);
  let count = 0;
  const put = (y: number) => {
    if (y > low && y < high) breaks[count++] = y;
  };
  breaks[count++] = low;
  breaks[count++] = high;
  put(0);
  put(REACH * noise);
  put(omega);
  put(omega - REACH * spread);
  put(turn);
  put(turn - REACH * width);
  put(turn + REACH * width);
  breaks.subarray(0, count).sort();
  inner[0] = inner[1] = 0;
  for (let p = 0; p + 1 < count; p++) {
    const from = breaks[p];
    const to = breaks[p + 1];
    if (!(to - from > 1e-14 * (high - low))) continue;
    let least = spread;
    if (from < REACH * noise) least = noise;
    if (to > turn - REACH * width && from < turn + REACH * width) least = Math.min(least, width);
    const panels = Math.max(1, Math.ceil((to - from) / (6 * least)));
    const half = (to - from) / (2 * panels);
    const n = nodesFor((2 * half) / least, order);
    const { nodes, weights } = gaussLegendre(n);
    for (let j = 0; j < panels; j++) {
      const mid = from + (2 * j + 1) * half;
      for (let k = 0; k < n; k++) {
        const y = mid + half * nodes[k];
        const d = (y - omega) / spread;
        const still = (ROOT / noise) * Math.exp(-0.5 * (y / noise) * (y / noise));
        const moved = (ROOT / spread) * Math.exp(-0.5 * d * d) * normalCdf((omega * D + V * y) * toU);
        const Z = flat * still + moved;
        if (!(Z > 1e-290)) continue;
        const slope = (moved * d) / spread - edge * still;
        inner[0] += half * weights[k] * slope * (slope / Z);
        inner[1] += half * weights[k] * Z * Math.log(Z);
      }
    }
  }
}

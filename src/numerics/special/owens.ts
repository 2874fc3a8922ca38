/** Owen's T function (Ann. Math. Stat. 27, 1956) by Gauss-Legendre on its definition, whose integrand is positive. */
import { gaussLegendre } from "../quadrature.ts";
import { expMinusHalfSquare, normalCdf } from "./normal.ts";

const { nodes: X, weights: W } = gaussLegendre(16);

/** T for 0 <= a <= 1, h >= 0: exp(-h^2/2)/(2 pi) int_0^a exp(-h^2 x^2/2)/(1 + x^2) dx. */
function inner(h: number, a: number): number {
  const end = a * h > 9 ? 9 / h : a; // beyond, the integrand is below 3e-18 of its value at 0
  const panels = Math.max(1, Math.ceil((end * h) / 2.5));
  const half = (0.5 * end) / panels;
  const s = -0.5 * h * h;
  let sum = 0;
  for (let p = 0; p < panels; p++) {
    const mid = (2 * p + 1) * half;
    for (let i = 0; i < 16; i++) {
      const x = mid + half * X[i];
      const q = x * x;
      sum += (W[i] * Math.exp(s * q)) / (1 + q);
    }
  }
  return (sum * half * expMinusHalfSquare(h)) / (2 * Math.PI);
}

/**
 * T(h, a) = (1/2 pi) int_0^a exp(-h^2 (1 + x^2)/2)/(1 + x^2) dx: even in h, odd in a (which may be infinite).
 * P(X > h, 0 < Y < a X) for independent standard normals and h, a > 0.
 */
export function owensT(h: number, a: number): number {
  const y = Math.abs(h);
  const b = Math.abs(a);
  let t = 0;
  if (y < 39) {
    if (b <= 1) t = inner(y, b);
    else {
      // T(h,a) + T(ah,1/a) = Q(h)/2 + Q(ah)/2 - Q(h) Q(ah): what is subtracted is at most half of the rest
      const near = normalCdf(-y);
      const far = b * y > 0 ? normalCdf(-b * y) : 0.5;
      t = 0.5 * near + far * (0.5 - near) - (b * y < 39 ? inner(b * y, 1 / b) : 0);
    }
  }
  return a < 0 ? -t : t;
}

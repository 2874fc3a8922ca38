/**
 * Spectral start for even channels: the top eigenvector of A^H diag(T(y)) A with the preprocessing read off the channel's own
 * curvature at zero overlap (Mondelli and Montanari 2018; Lu and Li 2020; Maillard, Krzakala, Lu and Zdeborova 2020).
 */
import { ParameterError } from "../core/parameters.ts";
import type { Rng, Vec } from "../core/types.ts";
import type { GampChannel, GampPrior, GampProblem } from "./gamp.ts";
import { topEigenvector } from "../linalg/lanczos.ts";
import { norm2 } from "./workspace.ts";

export interface SpectralStart {
  readonly mean: Vec;
  readonly variance: number;
  /** The score GAMP would carry: T A mean, the Onsager memory of the linearised iteration. */
  readonly g: Vec;
  /** Estimated squared cosine with the signal, in [0, 1]; 1/cols stands for none. */
  readonly overlap: number;
  /** Growth per sweep of a small squared overlap; above 1 weak recovery is possible. */
  readonly growth: number;
}

/** What the estimate is made of: any {@link GampProblem}. */
export interface SpectralProblem extends Pick<GampProblem, "operator" | "y"> {
  readonly prior: Pick<GampPrior, "secondMoment">;
  readonly channel: Pick<GampChannel, "even" | "score">;
}

/** The least kappa: 1 is the optimum far from the threshold, but there T is unbounded when y says z = 0 without noise. */
const LEAST_KAPPA = 1.05;

/**
 * Linearising GAMP at zero overlap, g = -c omega with c the curvature, an amplitude that grows kappa-fold a sweep obeys
 * omega = A m - V g/kappa, so that g/kappa = T A m with T = -c/(kappa - V c), and m is an eigenvector of A^H diag(T) A. At
 * threshold kappa = 1 and T = -c/(1 - V c) is optimal; kappa^2 = growth = rho^2 |A|_F^4/(rows cols) E c^2. V c <= 1 always.
 */
export function spectralStart({ operator, y, prior, channel }: SpectralProblem, rng: Rng): SpectralStart {
  if (!channel.even)
    throw new ParameterError(
      "gamp: init spectral needs a channel that does not see the sign or phase of z; for this one init uninformed already works"
    );
  const { rows, cols, scalar } = operator;
  const width = scalar === "complex" ? 2 : 1;
  const rho = prior.secondMoment;
  const V = (operator.frobenius2 / rows) * rho;
  const c = new Float64Array(rows);
  const g = new Float64Array(width * rows);
  channel.score(Float64Array.of(V), g.slice(), y, g, c);
  const growth = (rho * rho * (operator.frobenius2 / rows) * (operator.frobenius2 / cols) * norm2(c)) / rows;
  const kappa = Math.max(LEAST_KAPPA, Math.sqrt(growth));
  const T = c.map((k) => -k / (kappa - V * k));

  const z = new Float64Array(width * rows);
  const apply = (x: Vec, out: Vec) => {
    operator.apply(x, z);
    for (let i = 0; i < z.length; i++) z[i] *= T[width === 1 ? i : i >> 1];
    operator.adjoint(z, out);
  };
  const { vector } = topEigenvector(apply, width * cols, rng.fork("spectral"));
  const overlap = Math.min(1 - 1e-6, Math.max(1 / cols, spectralOverlap(T, c, V, rows / cols)));
  const mean = vector;
  const scale = Math.sqrt(overlap * rho * cols);
  for (let i = 0; i < mean.length; i++) mean[i] *= scale;
  operator.apply(mean, g);
  for (let i = 0; i < g.length; i++) g[i] *= T[width === 1 ? i : i >> 1];
  return { mean, variance: (1 - overlap) * rho, g, overlap, growth };
}

/**
 * The asymptotic squared cosine (Lu and Li 2020, Theorem 1) with expectations over y replaced by the mean over the data:
 * phi(l) = l E[s^2 T/(l - T)], psi(l) = l (1/alpha + E[T/(l - T)]), s^2 = E[z^2|y]/V = 1 - V c. With lBar = argmin psi and l*
 * the root of phi = psi(max(l, lBar)): overlap = psi'(l*)/(psi'(l*) - phi'(l*)) if psi'(l*) > 0, else 0.
 */
export function spectralOverlap(T: Vec, c: Vec, V: number, alpha: number): number {
  const n = T.length;
  const t = T.map((x) => V * x); // free of scale
  const edge = t.reduce((a, b) => Math.max(a, b), 0);
  if (!(edge > 0)) return 0;
  // E[s^2 t/(l-t)], E[t/(l-t)], E[s^2 t^2/(l-t)^2], E[t^2/(l-t)^2]: phi' = -E s^2 t^2/(l-t)^2, psi' = 1/alpha - E t^2/(l-t)^2
  const moments = (l: number): [number, number, number, number] => {
    const out: [number, number, number, number] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const r = t[i] / (l - t[i]);
      const s2 = 1 - V * c[i];
      out[0] += s2 * r;
      out[1] += r;
      out[2] += s2 * r * r;
      out[3] += r * r;
    }
    return out.map((x) => x / n) as [number, number, number, number];
  };
  const bisect = (f: (l: number) => number): number => {
    let lo = edge * (1 + 1e-9); // f is positive here, negative far out
    let hi = edge * 2;
    while (f(hi) > 0 && hi < edge * 1e9) hi *= 2;
    for (let it = 0; it < 100; it++) {
      const mid = (lo + hi) / 2;
      if (f(mid) > 0) lo = mid;
      else hi = mid;
    }
    return (lo + hi) / 2;
  };
  const lBar = bisect((l) => moments(l)[3] - 1 / alpha);
  const psi = (l: number) => l * (1 / alpha + moments(l)[1]);
  const psiBar = psi(lBar);
  const star = bisect((l) => l * moments(l)[0] - (l < lBar ? psiBar : psi(l)));
  if (star <= lBar) return 0;
  const [, , p, s] = moments(star);
  const slope = 1 / alpha - s;
  return slope > 0 ? slope / (slope + p) : 0;
}

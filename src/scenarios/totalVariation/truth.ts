/** Piecewise-constant truths whose every difference of neighbours is zero or, with probability rho, a jump of law N(0, 1). */
import type { Prior, Rng, Vec } from "../../core/types.ts";
import type { Field } from "./field.ts";

/** A line whose jumps are drawn from their prior and summed, from level 0. */
export function drawLine(n: number, jumps: Prior, rng: Rng): Vec {
  const g = new Float64Array(n - 1);
  jumps.sample(rng, g);
  const x = new Float64Array(n);
  for (let i = 1; i < n; i++) x[i] = x[i - 1] + g[i - 1];
  return x;
}

/** The coefficients x of a field of spectra whose gradient D x = g is drawn from the prior: x = D^T g / lambda, level 0. */
export function drawScrambled(field: Field, jumps: Prior, rng: Rng): Vec {
  const g = new Float64Array(field.m);
  jumps.sample(rng, g);
  const x = new Float64Array(field.n);
  field.divergence(g, x);
  for (let k = 1; k < x.length; k++) x[k] /= field.lambda[k];
  return x;
}

/**
 * The cells of a Poisson-Voronoi tessellation, each with a level of law N(0, 1/2). Its walls have length 2 sqrt(c) per pixel at c
 * cells per pixel and all directions, so a step to the next pixel crosses one with probability rho = (4/pi) sqrt(c) while cells are
 * larger than pixels (Okabe et al. 2000, table 5.1.1): at rho = 0.2 already a tenth fewer, for some walls are crossed twice.
 */
export function drawMosaic([height, width]: readonly number[], rho: number, rng: Rng): Vec {
  const cells = (Math.PI * rho) / 4;
  const margin = 3 / cells; // the nearest centre is further away with probability exp(-9 pi)
  const [tall, wide] = [height + 2 * margin, width + 2 * margin];
  const count = poisson(tall * wide * cells * cells, rng.fork("count"));
  const places = rng.fork("centres");
  const down = Float64Array.from({ length: count }, () => tall * places.uniform() - margin);
  const right = Float64Array.from({ length: count }, () => wide * places.uniform() - margin);
  const levels = new Float64Array(count);
  rng.fork("levels").fillNormal(levels, Math.SQRT1_2);
  const x = new Float64Array(height * width);
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) {
      let nearest = Number.POSITIVE_INFINITY;
      for (let c = 0; c < count; c++) {
        const distance = (down[c] - i) ** 2 + (right[c] - j) ** 2;
        if (distance < nearest) {
          nearest = distance;
          x[i * width + j] = levels[c];
        }
      }
    }
  return x;
}

/** The arrivals of a Poisson process in `mean` units of time; the mean is at least 36 here. */
function poisson(mean: number, rng: Rng): number {
  let count = -1;
  let time = 0;
  while (time < mean) {
    time -= Math.log1p(-rng.uniform());
    count++;
  }
  return Math.max(1, count);
}

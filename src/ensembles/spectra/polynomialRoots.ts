/** All complex roots of a real polynomial at once, by the iteration of Aberth and Ehrlich (Aberth 1973). */

/** `re`, `im`: the roots, as many as the degree. */
export interface Roots {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Coefficients ascending, c[k] of x^k; trailing zeros are dropped, and there must be a finite one left. Few coefficients: for degrees up to about ten. */
export function polynomialRoots(coefficients: readonly number[]): Roots {
  let degree = coefficients.length - 1;
  while (degree > 0 && coefficients[degree] === 0) degree--;
  const re = new Float64Array(degree);
  const im = new Float64Array(degree);
  // x = scale y brings the first and last coefficients to one size: roots of every order of magnitude start near their own
  const [first, last] = [Math.abs(coefficients[0]), Math.abs(coefficients[degree])];
  const scale = first > 0 ? (first / last) ** (1 / degree) : 1;
  const c = Float64Array.from({ length: degree + 1 }, (_, k) => coefficients[k] * scale ** k);
  for (let k = 0; k < degree; k++) {
    const angle = (2 * Math.PI * k) / degree + 0.4;
    re[k] = Math.cos(angle);
    im[k] = Math.sin(angle);
  }
  for (let it = 0; it < 200; it++) {
    let largest = 0;
    for (let k = 0; k < degree; k++) {
      const [zr, zi] = [re[k], im[k]];
      let [pr, pi, dr, di] = [0, 0, 0, 0];
      for (let j = degree; j >= 0; j--) {
        [dr, di] = [dr * zr - di * zi + pr, dr * zi + di * zr + pi];
        [pr, pi] = [pr * zr - pi * zi + c[j], pr * zi + pi * zr];
      }
      if (pr === 0 && pi === 0) continue;
      // Newton's quotient p'/p minus the pull of the other roots; its inverse is the step
      const norm = pr * pr + pi * pi;
      let qr = (dr * pr + di * pi) / norm;
      let qi = (di * pr - dr * pi) / norm;
      for (let j = 0; j < degree; j++)
        if (j !== k) {
          const [xr, xi] = [zr - re[j], zi - im[j]];
          const d = xr * xr + xi * xi;
          if (d === 0) continue;
          qr -= xr / d;
          qi += xi / d;
        }
      const size = qr * qr + qi * qi;
      if (size === 0 || !Number.isFinite(size)) continue;
      re[k] -= qr / size;
      im[k] += qi / size;
      largest = Math.max(largest, 1 / Math.sqrt(size) / Math.max(1e-300, Math.hypot(re[k], im[k])));
    }
    if (largest < 1e-15) break;
  }
  for (let k = 0; k < degree; k++) {
    re[k] *= scale;
    im[k] *= scale;
  }
  return { re, im };
}

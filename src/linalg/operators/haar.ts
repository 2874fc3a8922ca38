/**
 * Orthonormal Haar wavelet synthesis x = Psi c (Mallat's pyramid): coefficients lie coarse first, [average, detail_L, ..., detail_1];
 * in two dimensions each level splits the top-left block into average, horizontal, vertical and diagonal quadrants.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Vec } from "../../core/types.ts";
import { checkSize, guarded, type StructuredOperator } from "./structure.ts";

/** How often a length can be halved. */
function halvings(n: number): number {
  let levels = 0;
  for (; n % 2 === 0; n /= 2) levels++;
  return levels;
}

function checkLevels(name: string, most: number, levels: number | undefined, what: string): number {
  if (most === 0) throw new ParameterError(`${name}: ${what} must be divisible by 2, such as 64`);
  const chosen = levels ?? most;
  if (!Number.isInteger(chosen) || chosen < 1 || chosen > most)
    throw new ParameterError(
      `${name}: levels must be an integer in [1, ${most}] since ${what} must be divisible by 2^levels, got ${levels}`
    );
  return chosen;
}

/** Synthesis of a signal of length n, divisible by 2^levels; as many levels as possible by default. */
export function haar1d(n: number, levels?: number): StructuredOperator {
  checkSize("haar1d", "size", n);
  const name = `haar1d(${n})`;
  const depth = checkLevels(name, halvings(n), levels, "the length");
  const scratch = new Float64Array(n);
  return guarded({
    name,
    scalar: "real",
    rows: n,
    cols: n,
    rowGram: 1,
    columnGram: 1,
    frobenius2: n,
    apply(c, x) {
      x.set(c);
      for (let half = n / 2 ** depth; half < n; half *= 2) {
        for (let i = 0; i < half; i++) {
          scratch[2 * i] = Math.SQRT1_2 * (x[i] + x[half + i]);
          scratch[2 * i + 1] = Math.SQRT1_2 * (x[i] - x[half + i]);
        }
        for (let i = 0; i < 2 * half; i++) x[i] = scratch[i];
      }
    },
    adjoint(x, c) {
      c.set(x);
      for (let half = n / 2, level = 0; level < depth; level++, half /= 2) {
        for (let i = 0; i < half; i++) {
          scratch[i] = Math.SQRT1_2 * (c[2 * i] + c[2 * i + 1]);
          scratch[half + i] = Math.SQRT1_2 * (c[2 * i] - c[2 * i + 1]);
        }
        for (let i = 0; i < 2 * half; i++) c[i] = scratch[i];
      }
    },
    // one path joins a coefficient to a sample, so |Psi_ij|^2 is a product of halves: the same pyramid without signs
    applySquared(v, V) {
      V.set(v);
      for (let half = n / 2 ** depth; half < n; half *= 2) {
        for (let i = 0; i < half; i++) scratch[2 * i] = scratch[2 * i + 1] = 0.5 * (V[i] + V[half + i]);
        for (let i = 0; i < 2 * half; i++) V[i] = scratch[i];
      }
    },
    adjointSquared(s, out) {
      out.set(s);
      for (let half = n / 2, level = 0; level < depth; level++, half /= 2) {
        for (let i = 0; i < half; i++) scratch[i] = scratch[half + i] = 0.5 * (out[2 * i] + out[2 * i + 1]);
        for (let i = 0; i < 2 * half; i++) out[i] = scratch[i];
      }
    }
  });
}

/** Synthesis of a height x width image, row-major, both divisible by 2^levels; as many levels as possible by default. */
export function haar2d(height: number, width: number, levels?: number): StructuredOperator {
  checkSize("haar2d", "height", height);
  checkSize("haar2d", "width", width);
  const n = height * width;
  checkSize("haar2d", "height times width", n);
  const name = `haar2d(${height}x${width})`;
  const depth = checkLevels(name, Math.min(halvings(height), halvings(width)), levels, "height and width");
  const scratch = new Float64Array(n);
  return guarded({
    name,
    scalar: "real",
    rows: n,
    cols: n,
    rowGram: 1,
    columnGram: 1,
    frobenius2: n,
    apply(c, x) {
      x.set(c);
      for (let level = depth; level >= 1; level--) {
        const h = height / 2 ** level;
        const w = width / 2 ** level;
        join(x, scratch, h, w, width);
        copyBlock(scratch, x, 2 * h, 2 * w, width);
      }
    },
    adjoint(x, c) {
      c.set(x);
      for (let level = 1; level <= depth; level++) {
        const h = height / 2 ** level;
        const w = width / 2 ** level;
        split(c, scratch, h, w, width);
        copyBlock(scratch, c, 2 * h, 2 * w, width);
      }
    },
    applySquared(v, V) {
      V.set(v);
      for (let level = depth; level >= 1; level--) {
        const h = height / 2 ** level;
        const w = width / 2 ** level;
        joinSquared(V, scratch, h, w, width);
        copyBlock(scratch, V, 2 * h, 2 * w, width);
      }
    },
    adjointSquared(s, out) {
      out.set(s);
      for (let level = 1; level <= depth; level++) {
        const h = height / 2 ** level;
        const w = width / 2 ** level;
        splitSquared(out, scratch, h, w, width);
        copyBlock(scratch, out, 2 * h, 2 * w, width);
      }
    }
  });
}

function copyBlock(from: Vec, to: Vec, height: number, width: number, stride: number): void {
  for (let i = 0; i < height; i++) for (let at = i * stride, end = at + width; at < end; at++) to[at] = from[at];
}

/** Quadrants of h x w to the block of 2h x 2w. */
function join(from: Vec, to: Vec, h: number, w: number, stride: number): void {
  for (let i = 0; i < h; i++) {
    const upper = i * stride;
    const lower = (i + h) * stride;
    const even = 2 * i * stride;
    const odd = even + stride;
    for (let j = 0; j < w; j++) {
      const a = from[upper + j];
      const b = from[upper + w + j];
      const c = from[lower + j];
      const d = from[lower + w + j];
      to[even + 2 * j] = 0.5 * (a + b + (c + d));
      to[even + 2 * j + 1] = 0.5 * (a - b + (c - d));
      to[odd + 2 * j] = 0.5 * (a + b - (c + d));
      to[odd + 2 * j + 1] = 0.5 * (a - b - (c - d));
    }
  }
}

/** The inverse of join. */
function split(from: Vec, to: Vec, h: number, w: number, stride: number): void {
  for (let i = 0; i < h; i++) {
    const upper = i * stride;
    const lower = (i + h) * stride;
    const even = 2 * i * stride;
    const odd = even + stride;
    for (let j = 0; j < w; j++) {
      const a = from[even + 2 * j];
      const b = from[even + 2 * j + 1];
      const c = from[odd + 2 * j];
      const d = from[odd + 2 * j + 1];
      to[upper + j] = 0.5 * (a + b + (c + d));
      to[upper + w + j] = 0.5 * (a - b + (c - d));
      to[lower + j] = 0.5 * (a + b - (c + d));
      to[lower + w + j] = 0.5 * (a - b - (c - d));
    }
  }
}

/** Join with squared entries, 1/4 each: the four pixels of a block share the mean of the four quadrants. */
function joinSquared(from: Vec, to: Vec, h: number, w: number, stride: number): void {
  for (let i = 0; i < h; i++) {
    const upper = i * stride;
    const lower = (i + h) * stride;
    const even = 2 * i * stride;
    const odd = even + stride;
    for (let j = 0; j < w; j++) {
      const mean = 0.25 * (from[upper + j] + from[upper + w + j] + (from[lower + j] + from[lower + w + j]));
      to[even + 2 * j] = to[even + 2 * j + 1] = to[odd + 2 * j] = to[odd + 2 * j + 1] = mean;
    }
  }
}

/** The transpose of joinSquared. */
function splitSquared(from: Vec, to: Vec, h: number, w: number, stride: number): void {
  for (let i = 0; i < h; i++) {
    const upper = i * stride;
    const lower = (i + h) * stride;
    const even = 2 * i * stride;
    const odd = even + stride;
    for (let j = 0; j < w; j++) {
      const mean = 0.25 * (from[even + 2 * j] + from[even + 2 * j + 1] + (from[odd + 2 * j] + from[odd + 2 * j + 1]));
      to[upper + j] = to[upper + w + j] = to[lower + j] = to[lower + w + j] = mean;
    }
  }
}

/**
 * Matrix product of blocks, packed for the cache (Goto, van de Geijn 2008): 4 x 4 micro-kernel on eight SIMD accumulators.
 * C is `m` x `n` row-major with row stride `ldc` (in numbers) and is added to.
 */

export function heapBase(): usize {
  return __heap_base;
}

/** Packs `rows` x `depth` of A, element (i, k) at A + 8 (i * rs + k * cs), into panels of four rows, zero-padded. */
export function packRows(A: usize, rs: usize, cs: usize, rows: usize, depth: usize, out: usize): void {
  for (let i: usize = 0; i < rows; i += 4) {
    const full = i + 4 <= rows;
    for (let k: usize = 0; k < depth; ++k) {
      const at = A + ((i * rs + k * cs) << 3);
      if (full) {
        store<f64>(out, load<f64>(at));
        store<f64>(out, load<f64>(at + (rs << 3)), 8);
        store<f64>(out, load<f64>(at + (rs << 4)), 16);
        store<f64>(out, load<f64>(at + rs * 24), 24);
      } else {
        for (let r: usize = 0; r < 4; ++r) store<f64>(out + (r << 3), i + r < rows ? load<f64>(at + ((r * rs) << 3)) : 0);
      }
      out += 32;
    }
  }
}

/** C += A B from packed panels of A (four rows) and of B (four columns), both `depth` deep. */
export function multiply(A: usize, B: usize, C: usize, m: usize, n: usize, depth: usize, ldc: usize): void {
  const panel = depth << 5;
  for (let j: usize = 0; j < n; j += 4) {
    const b0 = B + (j >> 2) * panel;
    for (let i: usize = 0; i < m; i += 4) {
      let a = A + (i >> 2) * panel;
      let b = b0;
      const end = b + panel;
      let c00 = f64x2.splat(0), c01 = f64x2.splat(0), c10 = f64x2.splat(0), c11 = f64x2.splat(0);
      let c20 = f64x2.splat(0), c21 = f64x2.splat(0), c30 = f64x2.splat(0), c31 = f64x2.splat(0);
      while (b < end) {
        const p = v128.load(b);
        const q = v128.load(b, 16);
        let s = v128.load64_splat(a);
        c00 = f64x2.add(c00, f64x2.mul(s, p));
        c01 = f64x2.add(c01, f64x2.mul(s, q));
        s = v128.load64_splat(a, 8);
        c10 = f64x2.add(c10, f64x2.mul(s, p));
        c11 = f64x2.add(c11, f64x2.mul(s, q));
        s = v128.load64_splat(a, 16);
        c20 = f64x2.add(c20, f64x2.mul(s, p));
        c21 = f64x2.add(c21, f64x2.mul(s, q));
        s = v128.load64_splat(a, 24);
        c30 = f64x2.add(c30, f64x2.mul(s, p));
        c31 = f64x2.add(c31, f64x2.mul(s, q));
        a += 32;
        b += 32;
      }
      if (i + 4 <= m && j + 4 <= n) {
        let c = C + ((i * ldc + j) << 3);
        v128.store(c, f64x2.add(v128.load(c), c00));
        v128.store(c, f64x2.add(v128.load(c, 16), c01), 16);
        c += ldc << 3;
        v128.store(c, f64x2.add(v128.load(c), c10));
        v128.store(c, f64x2.add(v128.load(c, 16), c11), 16);
        c += ldc << 3;
        v128.store(c, f64x2.add(v128.load(c), c20));
        v128.store(c, f64x2.add(v128.load(c, 16), c21), 16);
        c += ldc << 3;
        v128.store(c, f64x2.add(v128.load(c), c30));
        v128.store(c, f64x2.add(v128.load(c, 16), c31), 16);
      } else {
        edge(C, i, j, m, n, ldc, c00, c01);
        edge(C, i + 1, j, m, n, ldc, c10, c11);
        edge(C, i + 2, j, m, n, ldc, c20, c21);
        edge(C, i + 3, j, m, n, ldc, c30, c31);
      }
    }
  }
}

function edge(C: usize, i: usize, j: usize, m: usize, n: usize, ldc: usize, p: v128, q: v128): void {
  if (i >= m) return;
  const c = C + ((i * ldc + j) << 3);
  store<f64>(c, load<f64>(c) + f64x2.extract_lane(p, 0));
  if (j + 1 < n) store<f64>(c, load<f64>(c, 8) + f64x2.extract_lane(p, 1), 8);
  if (j + 2 < n) store<f64>(c, load<f64>(c, 16) + f64x2.extract_lane(q, 0), 16);
  if (j + 3 < n) store<f64>(c, load<f64>(c, 24) + f64x2.extract_lane(q, 1), 24);
}

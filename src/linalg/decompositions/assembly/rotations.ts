/**
 * Implicit QL for a symmetric tridiagonal matrix (EISPACK imtql2, Wilkinson shift) and implicit QR for the SVD of an upper
 * bidiagonal one (LINPACK dsvdc, Golub-Reinsch). Rotations are recorded and applied later, a whole sweep at a time, to slabs
 * of eight columns that stay in cache: vector rows 64 bytes wide, one row carried in registers from rotation to rotation.
 */

const EPS: f64 = 2.220446049250313e-16;

/** One recorder: [kind, start, count, (c, s) ...]; kind 0 descends over pairs (i, i + 1) from start, 1 ascends, 2 is one pair (i, j). */
let head0: usize = 0;
let end0: usize = 0;
let head1: usize = 0;
let end1: usize = 0;

// @ts-ignore: decorator
@inline
function put(which: i32, x: f64): void {
  if (which == 0) {
    store<f64>(end0, x);
    end0 += 8;
  } else {
    store<f64>(end1, x);
    end1 += 8;
  }
}
// @ts-ignore: decorator
@inline
function open(which: i32, kind: f64, start: usize): usize {
  const at = which == 0 ? end0 : end1;
  put(which, kind);
  put(which, <f64>start);
  put(which, 0);
  return at;
}

/** Replays `from`..`to` on every slab of `rows` x 8: (a_j, a_j+1) <- (c a_j + s a_j+1, -s a_j + c a_j+1). */
function replay(slabs: usize, count: usize, rows: usize, from: usize, to: usize): void {
  for (let n: usize = 0; n < count; ++n) {
    const slab = slabs + n * (rows << 6);
    let at = from;
    while (at < to) {
      const kind = <i32>load<f64>(at);
      const start = <usize>load<f64>(at, 8);
      const steps = <usize>load<f64>(at, 16);
      at += 24;
      if (kind == 2) {
        turn(slab + (start << 6), slab + (steps << 6), v128.load64_splat(at), v128.load64_splat(at, 8));
        at += 16;
      } else if (steps > 0) {
        const stop = at + (steps << 4);
        if (kind == 0) at = descend(slab + (start << 6), at, stop);
        else at = ascend(slab + (start << 6), at, stop);
      }
    }
  }
}

function turn(p: usize, q: usize, c: v128, s: v128): void {
  for (let k: usize = 0; k < 64; k += 16) {
    const a = v128.load(p + k);
    const b = v128.load(q + k);
    v128.store(p + k, f64x2.add(f64x2.mul(c, a), f64x2.mul(s, b)));
    v128.store(q + k, f64x2.sub(f64x2.mul(c, b), f64x2.mul(s, a)));
  }
}

function descend(row: usize, at: usize, stop: usize): usize {
  let h0 = v128.load(row, 64), h1 = v128.load(row, 80), h2 = v128.load(row, 96), h3 = v128.load(row, 112);
  while (at < stop) {
    const c = v128.load64_splat(at);
    const s = v128.load64_splat(at, 8);
    let a = v128.load(row);
    v128.store(row, f64x2.sub(f64x2.mul(c, h0), f64x2.mul(s, a)), 64);
    h0 = f64x2.add(f64x2.mul(c, a), f64x2.mul(s, h0));
    a = v128.load(row, 16);
    v128.store(row, f64x2.sub(f64x2.mul(c, h1), f64x2.mul(s, a)), 80);
    h1 = f64x2.add(f64x2.mul(c, a), f64x2.mul(s, h1));
    a = v128.load(row, 32);
    v128.store(row, f64x2.sub(f64x2.mul(c, h2), f64x2.mul(s, a)), 96);
    h2 = f64x2.add(f64x2.mul(c, a), f64x2.mul(s, h2));
    a = v128.load(row, 48);
    v128.store(row, f64x2.sub(f64x2.mul(c, h3), f64x2.mul(s, a)), 112);
    h3 = f64x2.add(f64x2.mul(c, a), f64x2.mul(s, h3));
    row -= 64;
    at += 16;
  }
  row += 64;
  v128.store(row, h0);
  v128.store(row, h1, 16);
  v128.store(row, h2, 32);
  v128.store(row, h3, 48);
  return at;
}

function ascend(row: usize, at: usize, stop: usize): usize {
  let h0 = v128.load(row), h1 = v128.load(row, 16), h2 = v128.load(row, 32), h3 = v128.load(row, 48);
  while (at < stop) {
    const c = v128.load64_splat(at);
    const s = v128.load64_splat(at, 8);
    let b = v128.load(row, 64);
    v128.store(row, f64x2.add(f64x2.mul(c, h0), f64x2.mul(s, b)));
    h0 = f64x2.sub(f64x2.mul(c, b), f64x2.mul(s, h0));
    b = v128.load(row, 80);
    v128.store(row, f64x2.add(f64x2.mul(c, h1), f64x2.mul(s, b)), 16);
    h1 = f64x2.sub(f64x2.mul(c, b), f64x2.mul(s, h1));
    b = v128.load(row, 96);
    v128.store(row, f64x2.add(f64x2.mul(c, h2), f64x2.mul(s, b)), 32);
    h2 = f64x2.sub(f64x2.mul(c, b), f64x2.mul(s, h2));
    b = v128.load(row, 112);
    v128.store(row, f64x2.add(f64x2.mul(c, h3), f64x2.mul(s, b)), 48);
    h3 = f64x2.sub(f64x2.mul(c, b), f64x2.mul(s, h3));
    row += 64;
    at += 16;
  }
  v128.store(row, h0);
  v128.store(row, h1, 16);
  v128.store(row, h2, 32);
  v128.store(row, h3, 48);
  return at;
}

// @ts-ignore: decorator
@inline
function length(f: f64, g: f64): f64 {
  return Math.sqrt(f * f + g * g);
}

/**
 * Eigenvalues of the tridiagonal (d, e) into d, scaled so that its norm is of order one; eigenvectors into `slabs` (rows n;
 * none if count is 0). `buffer`: `room` bytes, at least 16 n + 24. Returns 0, or 1 + the index that did not converge.
 */
export function tridiagonalQL(n: usize, d: usize, e: usize, slabs: usize, count: usize, buffer: usize, room: usize): usize {
  store<f64>(e + ((n - 1) << 3), 0);
  head0 = buffer;
  end0 = buffer;
  const full = buffer + room - ((n << 4) + 24);
  for (let l: usize = 0; l < n; ++l) {
    let sweeps = 0;
    for (;;) {
      // A block that does not yield after 20 sweeps is rounding itself (the many zero eigenvalues of a matrix of low rank, where
      // diagonal and off-diagonal are of one size): it is split where that costs least.
      const floor = sweeps > 20 ? EPS * <f64>(sweeps - 20) : 1e-19;
      let m = l;
      for (; m + 1 < n; ++m) {
        const size = Math.abs(load<f64>(d + (m << 3))) + Math.abs(load<f64>(d + (m << 3), 8));
        const off = Math.abs(load<f64>(e + (m << 3)));
        if (off <= EPS * size || off <= floor) break;
      }
      if (m == l) break;
      if (++sweeps > 80) return l + 1;
      if (end0 > full) {
        replay(slabs, count, n, head0, end0);
        end0 = head0;
      }
      const dl = load<f64>(d + (l << 3));
      const el = load<f64>(e + (l << 3));
      let g = (load<f64>(d + (l << 3), 8) - dl) / (2.0 * el);
      let r = length(g, 1.0);
      g = load<f64>(d + (m << 3)) - dl + el / (g + (g >= 0 ? r : -r));
      let s = 1.0;
      let c = 1.0;
      let p = 0.0;
      const record = open(0, 0, m - 1);
      let steps = 0;
      let whole = true;
      for (let i = <isize>m - 1; i >= <isize>l; --i) {
        const di = d + (<usize>i << 3);
        const ei = e + (<usize>i << 3);
        let f = s * load<f64>(ei);
        const b = c * load<f64>(ei);
        r = length(f, g);
        store<f64>(ei, r, 8);
        if (r == 0) {
          // Underflow: undo the shift of this entry and split here.
          store<f64>(di, load<f64>(di, 8) - p, 8);
          store<f64>(e + (m << 3), 0);
          whole = false;
          break;
        }
        s = f / r;
        c = g / r;
        g = load<f64>(di, 8) - p;
        r = (load<f64>(di) - g) * s + 2.0 * c * b;
        p = s * r;
        store<f64>(di, g + p, 8);
        g = c * r - b;
        put(0, c);
        put(0, -s);
        ++steps;
      }
      store<f64>(record, <f64>steps, 16);
      if (whole) {
        store<f64>(d + (l << 3), load<f64>(d + (l << 3)) - p);
        store<f64>(e + (l << 3), g);
        store<f64>(e + (m << 3), 0);
      }
    }
  }
  replay(slabs, count, n, head0, end0);
  return 0;
}

// @ts-ignore: decorator
@inline
function get(at: usize, i: isize): f64 {
  return load<f64>(at + (<usize>i << 3));
}
// @ts-ignore: decorator
@inline
function set(at: usize, i: isize, x: f64): void {
  store<f64>(at + (<usize>i << 3), x);
}

/** (c, s) of the last `rotation`, whose length it returns; the identity for the zero vector. */
let cs: f64 = 1;
let sn: f64 = 0;
// @ts-ignore: decorator
@inline
function rotation(f: f64, g: f64): f64 {
  const t = length(f, g);
  if (t == 0) {
    cs = 1;
    sn = 0;
  } else {
    cs = f / t;
    sn = g / t;
  }
  return t;
}
function single(which: i32, i: isize, j: isize): void {
  put(which, 2);
  put(which, <f64>i);
  put(which, <f64>j);
  put(which, cs);
  put(which, sn);
}

/**
 * Singular values (signed, unsorted) of the bidiagonal (s, e), scaled to norm one; left vectors into slabs U, right into V
 * (rows n each; counts 0: none). Two buffers of `room` bytes, at least 40 n + 64. Returns 0, or what was left to converge.
 */
export function bidiagonalQR(n: usize, s: usize, e: usize, U: usize, countU: usize, V: usize, countV: usize, buffer: usize, room: usize): usize {
  const tiny: f64 = 1e-290;
  head0 = buffer;
  end0 = buffer;
  head1 = buffer + room;
  end1 = head1;
  const margin = 40 * n + 64;
  const full0 = head0 + room - margin;
  const full1 = head1 + room - margin;
  set(e, <isize>n - 1, 0);
  let norm: f64 = 0;
  for (let j: isize = 0; j < <isize>n; ++j) norm = Math.max(norm, Math.max(Math.abs(get(s, j)), Math.abs(get(e, j))));
  let p = <isize>n;
  let sweeps = 0;
  while (p > 0) {
    if (end0 > full0) {
      replay(U, countU, n, head0, end0);
      end0 = head0;
    }
    if (end1 > full1) {
      replay(V, countV, n, head1, end1);
      end1 = head1;
    }
    // A block that does not yield after 20 sweeps is rounding itself (many zero singular values beside equal large ones, where
    // the shift drowns in the large ones): couplings of the size of that rounding are dropped, little by little.
    const floor = sweeps > 20 ? EPS * norm * <f64>(sweeps - 20) : tiny;
    let k = p - 2;
    for (; k >= 0; --k)
      if (Math.abs(get(e, k)) <= floor + EPS * (Math.abs(get(s, k)) + Math.abs(get(s, k + 1)))) {
        set(e, k, 0);
        break;
      }
    if (k == p - 2) {
      sweeps = 0;
      --p;
      continue;
    }
    let z = p - 1;
    for (; z > k; --z) {
      const t = (z != p - 1 ? Math.abs(get(e, z)) : 0) + (z != k + 1 ? Math.abs(get(e, z - 1)) : 0);
      // 1e-19: singular values below the rounding of the whole are zeros, whatever their neighbours are.
      if (Math.abs(get(s, z)) <= 1e-19 + EPS * t) {
        set(s, z, 0);
        break;
      }
    }
    if (z == p - 1) {
      // The last diagonal entry is zero: chase e[p - 2] up the column.
      ++k;
      let f = get(e, p - 2);
      set(e, p - 2, 0);
      for (let j = p - 2; j >= k; --j) {
        set(s, j, rotation(get(s, j), f));
        if (j != k) {
          f = -sn * get(e, j - 1);
          set(e, j - 1, cs * get(e, j - 1));
        }
        single(1, j, p - 1);
      }
    } else if (z > k) {
      // A zero inside: chase e[z] along its row.
      let f = get(e, z);
      set(e, z, 0);
      for (let j = z + 1; j < p; ++j) {
        set(s, j, rotation(get(s, j), f));
        f = -sn * get(e, j);
        set(e, j, cs * get(e, j));
        single(0, j, z);
      }
    } else {
      if (++sweeps > 80) return <usize>p;
      ++k;
      const scale = Math.max(
        Math.max(Math.max(Math.abs(get(s, p - 1)), Math.abs(get(s, p - 2))), Math.abs(get(e, p - 2))),
        Math.max(Math.abs(get(s, k)), Math.abs(get(e, k)))
      );
      const sp = get(s, p - 1) / scale;
      const spm1 = get(s, p - 2) / scale;
      const epm1 = get(e, p - 2) / scale;
      const sk = get(s, k) / scale;
      const ek = get(e, k) / scale;
      const b = ((spm1 + sp) * (spm1 - sp) + epm1 * epm1) / 2.0;
      const c = sp * epm1 * (sp * epm1);
      let shift = 0.0;
      if (b != 0 || c != 0) {
        shift = Math.sqrt(b * b + c);
        if (b < 0) shift = -shift;
        shift = c / (b + shift);
      }
      let f = (sk + sp) * (sk - sp) + shift;
      let g = sk * ek;
      const left = open(0, 1, <usize>k);
      const right = open(1, 1, <usize>k);
      for (let j = k; j < p - 1; ++j) {
        let t = rotation(f, g);
        if (j != k) set(e, j - 1, t);
        f = cs * get(s, j) + sn * get(e, j);
        set(e, j, cs * get(e, j) - sn * get(s, j));
        g = sn * get(s, j + 1);
        set(s, j + 1, cs * get(s, j + 1));
        put(1, cs);
        put(1, sn);
        t = rotation(f, g);
        set(s, j, t);
        f = cs * get(e, j) + sn * get(s, j + 1);
        set(s, j + 1, -sn * get(e, j) + cs * get(s, j + 1));
        if (j + 1 < p - 1) {
          g = sn * get(e, j + 1);
          set(e, j + 1, cs * get(e, j + 1));
        }
        put(0, cs);
        put(0, sn);
      }
      set(e, p - 2, f);
      store<f64>(left, <f64>(p - 1 - k), 16);
      store<f64>(right, <f64>(p - 1 - k), 16);
    }
  }
  replay(U, countU, n, head0, end0);
  replay(V, countV, n, head1, end1);
  return 0;
}

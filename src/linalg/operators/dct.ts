/**
 * The orthonormal DCT-II, z_k = c_k sum_i x_i cos(pi k (i + 1/2) / n), c_0 = n^(-1/2), c_k = (2/n)^(1/2), and its transpose
 * (DCT-III, which synthesises a signal from its coefficients), by one complex FFT of length n/2 (Makhoul 1980; n when n is odd).
 */
import type { Vec } from "../../core/types.ts";
import { layout, planFft, reserveRoots, shared, type Transform, writeRoot } from "./fftPlan.ts";
import { checkSize, type StructuredOperator } from "./structure.ts";
import { checkColumns, type Squares, type Subsampling, subsampledUnitary, unitaryOperator } from "./unitary.ts";

/** The orthonormal DCT-II of length n; inverse: DCT-III. */
export function cosineTransform(n: number): Transform {
  return shared(`dct ${n}`, () => (n % 2 ? oddCosineTransform(n) : evenCosineTransform(n)));
}

function evenCosineTransform(n: number): Transform {
  const memory = layout();
  const plan = planFft(n / 2, memory);
  const { hi, lo, shift } = reserveRoots(4 * n, memory);
  const { kernels, buffer } = memory.start();
  plan.prepare(kernels, buffer);
  // the data come and go through the two buffers of the FFT that are free at that moment
  const [first, second] = plan.input === plan.result ? [plan.spare, plan.spare] : [plan.result, plan.input];
  const factor = Math.sqrt(2 / n);
  return {
    scalar: "real",
    size: n,
    gain: 1,
    input: new Float64Array(buffer, first, n),
    output: new Float64Array(buffer, second, n),
    forward() {
      kernels.dctGather(first, plan.input, n);
      plan.run(kernels, 0);
      kernels.dctSplit(plan.result, second, n, hi, lo, shift, factor);
    },
    inverse() {
      kernels.dctJoin(first, plan.input, n, hi, lo, shift, factor);
      plan.run(kernels, 1);
      kernels.dctScatter(plan.result, second, n);
    }
  };
}

function oddCosineTransform(n: number): Transform {
  const memory = layout();
  const plan = planFft(n, memory);
  const { kernels, buffer } = memory.start();
  plan.prepare(kernels, buffer);
  const given = new Float64Array(buffer, plan.input, 2 * n);
  const got = new Float64Array(buffer, plan.result, 2 * n);
  const x = new Float64Array(n);
  const factor = Math.sqrt(2 / n);
  const turns = new Float64Array(2 * n); // exp(-i pi k / 2n)
  for (let k = 0; k < n; k++) writeRoot(k, 4 * n, turns, k);
  return {
    scalar: "real",
    size: n,
    gain: 1,
    input: x,
    output: x,
    forward() {
      given.fill(0);
      for (let i = 0; 2 * i < n; i++) given[2 * i] = x[2 * i];
      for (let i = 0; 2 * i + 1 < n; i++) given[2 * (n - 1 - i)] = x[2 * i + 1];
      plan.run(kernels, 0);
      for (let k = 0; k < n; k++) x[k] = factor * (turns[2 * k] * got[2 * k] - turns[2 * k + 1] * got[2 * k + 1]);
      x[0] *= Math.SQRT1_2;
    },
    inverse() {
      // V_k = exp(i pi k / 2n) (X_k - i X_(n-k)), V_0 = X_0: the spectrum of the real reordered signal
      given[0] = factor * Math.SQRT1_2 * x[0];
      given[1] = 0;
      for (let k = 1; k < n; k++) {
        const re = 0.5 * factor * x[k];
        const im = -0.5 * factor * x[n - k];
        given[2 * k] = turns[2 * k] * re + turns[2 * k + 1] * im;
        given[2 * k + 1] = turns[2 * k] * im - turns[2 * k + 1] * re;
      }
      plan.run(kernels, 1);
      for (let i = 0; 2 * i < n; i++) x[2 * i] = got[2 * i];
      for (let i = 0; 2 * i + 1 < n; i++) x[2 * i + 1] = got[2 * (n - 1 - i)];
    }
  };
}

/**
 * n |U_ki|^2 = 1 + cos(2 pi k (i + 1/2) / n) for k > 0: the squared matrix is the DCT again, read at index 2k, which folds at n
 * with a sign. Results are sums of non-negative terms: what falls below zero is rounding and is set to zero.
 */
function cosineSquares(n: number, transform: Transform): Squares {
  const { input, output } = transform;
  const V = new Float64Array(n);
  const root = Math.sqrt(n / 2);
  return {
    apply(v: Vec): Vec {
      let total = 0;
      for (let i = 0; i < n; i++) total += v[i];
      input.set(v);
      transform.forward();
      V[0] = total / n;
      for (let k = 1; k < n; k++) {
        const wave = 2 * k < n ? output[2 * k] : 2 * k === n ? 0 : -output[2 * (n - k)];
        V[k] = Math.max(0, (total + root * wave) / n);
      }
      return V;
    },
    adjoint(rows: ArrayLike<number>, s: Vec, out: Vec): void {
      let total = 0;
      input.fill(0);
      for (let i = 0; i < rows.length; i++) {
        const k = rows[i];
        total += s[i];
        if (k > 0 && 2 * k < n) input[2 * k] += root * s[i];
        else if (2 * k > n) input[2 * (n - k)] -= root * s[i];
      }
      transform.inverse();
      for (let j = 0; j < n; j++) out[j] = Math.max(0, (total + output[j]) / n);
    }
  };
}

/** The square orthonormal DCT-II; `adjointOf(dct(n))` synthesises x from DCT coefficients. */
export function dct(n: number): StructuredOperator {
  checkSize("dct", "size", n);
  const transform = cosineTransform(n);
  return unitaryOperator(`dct(${n})`, transform, cosineSquares(n, transform));
}

/** Rows of the DCT, chosen at random or given: A A^T = scale^2 I, E A_ij^2 = scale^2 / cols. */
export function subsampledDct(choice: Subsampling): StructuredOperator {
  const n = checkColumns("subsampled dct", choice);
  const transform = cosineTransform(n);
  return subsampledUnitary("subsampled dct", transform, cosineSquares(n, transform), choice);
}

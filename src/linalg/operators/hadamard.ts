/** The orthonormal Walsh-Hadamard transform in Sylvester's order, H_ki = n^(-1/2) (-1)^popcount(k & i), n a power of two; it is its own inverse. */
import { ParameterError } from "../../core/parameters.ts";
import { layout, shared, type Transform } from "./fftPlan.ts";
import { checkSize, type StructuredOperator } from "./structure.ts";
import { checkColumns, type Subsampling, subsampledUnitary, unitaryOperator } from "./unitary.ts";

function checkPower(name: string, what: string, n: number): void {
  checkSize(name, what, n);
  if (2 ** Math.round(Math.log2(n)) !== n)
    throw new ParameterError(`${name}: ${what} must be a power of two such as ${2 ** Math.ceil(Math.log2(n))}, got ${n}`);
}

/** The fast Walsh-Hadamard transform, in place. */
export function walshTransform(n: number): Transform {
  return shared(`hadamard ${n}`, () => {
    const memory = layout();
    const at = memory.reserve(8 * n);
    const { kernels, buffer } = memory.start();
    const data = new Float64Array(buffer, at, n);
    const factor = 1 / Math.sqrt(n);
    const run = (): void => {
      if (n >= 4) kernels.hadamard(at, n, factor);
      else if (n === 2) {
        const [a, b] = data;
        data[0] = factor * (a + b);
        data[1] = factor * (a - b);
      }
    };
    return { scalar: "real", size: n, gain: 1, input: data, output: data, forward: run, inverse: run };
  });
}

/** The square orthonormal Hadamard operator. */
export function hadamard(n: number): StructuredOperator {
  checkPower("hadamard", "size", n);
  return unitaryOperator(`hadamard(${n})`, walshTransform(n), null);
}

/** Rows of the Hadamard matrix, entries +-scale / sqrt(cols). */
export function subsampledHadamard(choice: Subsampling): StructuredOperator {
  checkColumns("subsampled hadamard", choice);
  checkPower("subsampled hadamard", "cols", choice.cols);
  return subsampledUnitary("subsampled hadamard", walshTransform(choice.cols), null, choice);
}

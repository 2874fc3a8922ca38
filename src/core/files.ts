/** Arrays as the text of a `file` parameter: plain JSON, so that a scenario stays plain data on its way to workers, pages and stores. */
import { ParameterError } from "./parameters.ts";

/** Row-major; `shape` of length 1 or 2. */
export interface TextArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** {"arrays":[{"name","shape","data"}...]} */
export function arraysText(arrays: readonly TextArray[]): string {
  return JSON.stringify({ arrays: arrays.map(({ name, shape, data }) => ({ name, shape, data: Array.from(data) })) });
}

/** Reads the same back. `owner` names the parameter in the error. Throws ParameterError when the text is not of that form. */
export function readArraysText(text: string, owner: string): TextArray[] {
  const wrong = () =>
    new ParameterError(
      `${owner}: expected arrays, such as a .npz of matrices or {"arrays":[{"name":"W1","shape":[2,2],"data":[1,0,0,1]}]}, got ${JSON.stringify(text.slice(0, 40))}`
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong();
  }
  const arrays = (value as { arrays?: unknown } | null)?.arrays;
  if (!Array.isArray(arrays) || arrays.length === 0) throw wrong();
  return arrays.map((a: unknown, k) => {
    const { name, shape, data } = a as { name?: unknown; shape?: unknown; data?: unknown };
    if (!Array.isArray(shape) || !Array.isArray(data)) throw wrong();
    const sizes = shape.map(Number);
    const numbers = Float64Array.from(data.map(Number));
    if (numbers.length !== sizes.reduce((p, n) => p * n, 1) || !numbers.every(Number.isFinite)) throw wrong();
    return { name: typeof name === "string" ? name : `array${k}`, shape: sizes, data: numbers };
  });
}

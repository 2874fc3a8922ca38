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
    if (data.length !== sizes.reduce((p, n) => p * n, 1)) throw wrong();
    const called = typeof name === "string" ? name : `array${k}`;
    // NaN and infinities are null in JSON, which Number() would take for 0
    const odd = data.findIndex((x) => typeof x !== "number" || !Number.isFinite(x));
    if (odd >= 0) {
      const cols = sizes.length > 1 ? sizes[sizes.length - 1] : 1;
      const where = sizes.length > 1 ? `row ${Math.floor(odd / cols) + 1}, column ${(odd % cols) + 1}` : `entry ${odd + 1}`;
      throw new ParameterError(
        `${owner}: every entry must be a finite number, got another at ${where} of ${called}; remove or impute it first`
      );
    }
    return { name: called, shape: sizes, data: Float64Array.from(data) };
  });
}

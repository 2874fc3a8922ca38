/** A linear map that remembers its last input and output: message passing asks for the same product again when only the other message has changed. */
import type { Vec } from "../../core/types.ts";

/** The answer is a view to read before the next call. Inputs are compared number by number, so that it depends on the argument alone. */
export function remembered(inputLength: number, outputLength: number, map: (from: Vec, to: Vec) => void): (from: Vec) => Vec {
  const last = new Float64Array(inputLength).fill(Number.NaN);
  const out = new Float64Array(outputLength);
  return (from) => {
    for (let i = 0; i < inputLength; i++)
      if (last[i] !== from[i]) {
        last.set(from);
        map(from, out);
        break;
      }
    return out;
  };
}

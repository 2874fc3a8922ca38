/** The sign of an eigenvector is the solver's whim: fixed here, so that what is drawn along eigenvectors is the same on every engine and backend. */
import type { Vec } from "../../core/types.ts";

/** Turns each row (of `cols` entries) so that its entry of largest size is positive; in place, and returned. */
export function orientRows(vectors: Vec, cols: number): Vec {
  for (let from = 0; from + cols <= vectors.length; from += cols) {
    let largest = from;
    for (let k = from + 1; k < from + cols; k++) if (Math.abs(vectors[k]) > Math.abs(vectors[largest])) largest = k;
    if (vectors[largest] < 0) for (let k = from; k < from + cols; k++) vectors[k] = -vectors[k];
  }
  return vectors;
}

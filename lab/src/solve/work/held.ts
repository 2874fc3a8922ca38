/** Arrays as the page holds them, and back: protocol.ts says why. */
import type { Given } from "../../../../src/experiments/solveInputs.ts";
import type { Held, Sketch } from "./protocol.ts";

export function hold({ place, array: { scalar, shape, data } }: Given, turned = false): Held {
  const numbers = data instanceof Float64Array ? data : Float64Array.from(data);
  return { place, array: { scalar, shape }, numbers: new Blob([numbers.slice().buffer]), sketch: sketchOf(numbers, scalar), turned };
}

export async function given({ place, array, numbers }: Held): Promise<Given> {
  return { place, array: { ...array, data: new Float64Array(await numbers.arrayBuffer()) } };
}

export function sketchOf(data: Float64Array, scalar: "real" | "complex"): Sketch {
  const width = scalar === "complex" ? 2 : 1;
  let [sum, square] = [0, 0];
  const values = new Set<number>();
  for (let k = 0; k < data.length; k++) {
    square += data[k] ** 2;
    if (k % width === 0) sum += data[k];
    if (values.size <= 2) values.add(data[k]);
  }
  const n = data.length / width;
  const meanSquare = square / n;
  return { meanSquare, mean: meanSquare > 0 ? sum / n / Math.sqrt(meanSquare) : 0, values: values.size <= 2 ? [...values] : null };
}

/** The transpose, for a matrix that was saved the other way round. */
export function transposed({ place, array }: Given): Given {
  const [rows, cols] = array.shape;
  const width = array.scalar === "complex" ? 2 : 1;
  const data = new Float64Array(array.data.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++)
      for (let c = 0; c < width; c++) data[width * (j * rows + i) + c] = array.data[width * (i * cols + j) + c];
  return { place, array: { scalar: array.scalar, shape: [cols, rows], data } };
}

/** Which array is what: told by names where they tell, else by shapes; the visitor may always say otherwise. */
import { elements, shapeText } from "../../../src/io/numericArray.ts";
import type { Given } from "../../../src/experiments/solveInputs.ts";

export const ROLES = ["matrix", "observations", "truth"] as const;
export type Role = (typeof ROLES)[number];
export type Roles = Readonly<Record<Role, Given | null>>;
export const noRoles: Roles = { matrix: null, observations: null, truth: null };

const NAMES: Readonly<Record<Role, RegExp>> = {
  matrix: /^(a|f|phi|matrix|design|sensing)$/i,
  observations: /^(y|b|obs|observations|measurements|data)$/i,
  truth: /^(x|x0|x_?true|truth|signal|image|ground_?truth)$/i
};

/** The word that names an array: that of the archive's member, else that of the file. */
export function wordOf(place: string): string {
  const own = /:([^:/\\]+)$/.exec(place)?.[1];
  return own ?? (place.split(/[\\/]/).pop() ?? place).replace(/\.[a-z0-9]+$/i, "");
}

/** A column, a row or a list; a picture is none. */
export function isVector({ array: { shape } }: Given): boolean {
  return shape.filter((d) => d !== 1).length <= 1;
}

/** New arrays take the roles that fit; a role that is taken is given up only to an array of the right name. */
export function assigned(now: Roles, arrays: readonly Given[]): Roles {
  const next: Record<Role, Given | null> = { ...now };
  const left: Given[] = [];
  for (const given of arrays) {
    const role = ROLES.find((r) => NAMES[r].test(wordOf(given.place)) && (r !== "matrix" || !isVector(given)));
    if (role) next[role] = given;
    else left.push(given);
  }
  for (const given of left) {
    const n = elements(given.array.shape);
    const [rows, cols] = next.matrix?.array.shape ?? [];
    if (!next.matrix && !isVector(given)) next.matrix = given;
    else if (!next.observations && (rows === undefined || n === rows)) next.observations = given;
    else if (!next.truth && (cols === undefined || n === cols)) next.truth = given;
    else if (!isVector(given)) next.matrix = given;
    else if (n === rows) next.observations = given;
    else if (n === cols) next.truth = given;
    else next.observations = given;
  }
  return next;
}

/** "300x200 real" */
export function shapeWords({ array: { shape, scalar } }: Given): string {
  return `${shapeText(shape).replace(/x/g, " × ")} ${scalar}`;
}

/** What is missing or does not fit, in one sentence; null when a solve may begin. */
export function unready({ matrix, observations, truth }: Roles): string | null {
  if (!matrix && !observations) return "Drop a matrix A and measurements y, or take an example.";
  if (!matrix) return "The matrix A is missing: one row for each measurement, one column for each unknown.";
  if (!observations) return "The measurements y are missing: one number for each row of A.";
  const { shape } = matrix.array;
  if (shape.length !== 2) return `A must have two dimensions; ${matrix.place} is ${shapeWords(matrix)}.`;
  const n = elements(observations.array.shape);
  if (n !== shape[0])
    return `${matrix.place} has ${shape[0]} rows but ${observations.place} has ${n} numbers${n === shape[1] ? "; transpose the matrix" : ""}.`;
  if (truth && elements(truth.array.shape) !== shape[1])
    return `${matrix.place} has ${shape[1]} columns but ${truth.place} has ${elements(truth.array.shape)} numbers.`;
  return null;
}

/** The transpose, for a matrix that was saved the other way round. */
export function transposed({ place, array }: Given): Given {
  const [rows, cols] = array.shape;
  const width = array.scalar === "complex" ? 2 : 1;
  const data = array.data.slice();
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++)
      for (let c = 0; c < width; c++) data[width * (j * rows + i) + c] = array.data[width * (i * cols + j) + c];
  return { place, array: { scalar: array.scalar, shape: [cols, rows], data } };
}

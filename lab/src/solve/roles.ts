/** Which array is what: told by names where they tell, else by shapes; the visitor may always say otherwise. */
import { elements, shapeText } from "../../../src/io/numericArray.ts";
import type { Held } from "./work/protocol.ts";

export const ROLES = ["matrix", "observations", "truth"] as const;
export type Role = (typeof ROLES)[number];
export type Roles = Readonly<Record<Role, Held | null>>;
export const noRoles: Roles = { matrix: null, observations: null, truth: null };

/** Whole names, or the beginnings of names such as y_noisy and A-2. */
const NAMES: Readonly<Record<Role, RegExp>> = {
  matrix: /^(a|f|phi|matrix|design|sensing)([-_ .\d].*)?$/i,
  observations: /^(y|b|obs|observations|measurements|data)([-_ .\d].*)?$/i,
  truth: /^(x|x_?true|truth|signal|image|ground_?truth)([-_ .\d].*)?$/i
};

/** The word that names an array: that of the archive's member, else that of the file. */
export function wordOf(place: string): string {
  const own = /:([^:/\\]+)$/.exec(place)?.[1];
  return own ?? (place.split(/[\\/]/).pop() ?? place).replace(/\.[a-z0-9]+$/i, "");
}

/** A column, a row or a list; a picture is none. */
export function isVector({ array: { shape } }: Held): boolean {
  return shape.filter((d) => d !== 1).length <= 1;
}

/**
 * Arrays that came together take the roles that fit: by their names, or as another version of what has the same name, else by their
 * shapes. A new matrix brings new measurements; a role that is taken is given up to nothing else.
 */
export function assigned(now: Roles, arrays: readonly Held[]): Roles {
  const next: Record<Role, Held | null> = { ...now };
  const fresh = new Set<Role>();
  const take = (role: Role, given: Held) => {
    next[role] = given;
    fresh.add(role);
  };
  const left: Held[] = [];
  for (const given of arrays) {
    const role =
      ROLES.find((r) => now[r]?.place === given.place) ??
      ROLES.find((r) => NAMES[r].test(wordOf(given.place)) && (r !== "matrix" || !isVector(given)));
    if (role && !fresh.has(role)) take(role, given);
    else left.push(given);
  }
  // shapes are told by the matrix
  for (const given of [...left.filter((g) => !isVector(g)), ...left.filter(isVector)]) {
    const n = elements(given.array.shape);
    const [rows, cols] = next.matrix?.array.shape ?? [];
    const free = (role: Role) => !next[role] || (fresh.has("matrix") && !fresh.has(role));
    if (!isVector(given) && !next.matrix) take("matrix", given);
    else if (free("observations") && (rows === undefined || n === rows)) take("observations", given);
    else if (free("truth") && (cols === undefined || n === cols)) take("truth", given);
    else if (!isVector(given)) take("matrix", given);
    else if (n === cols && n !== rows) take("truth", given);
    else take("observations", given);
  }
  return next;
}

/** "300x200 real" */
export function shapeWords({ array: { shape, scalar } }: Held): string {
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
    return `${matrix.place} has ${shape[0]} rows but ${observations.place} has ${n} numbers${n === shape[1] ? "; transpose the matrix" : "; there must be one number for each row"}.`;
  if (truth && elements(truth.array.shape) !== shape[1])
    return `${matrix.place} has ${shape[1]} columns but ${truth.place} has ${elements(truth.array.shape)} numbers; there must be one for each column, or set it to not used.`;
  return null;
}

/** The overlaps { Q, R, T, v, vTeacher } in a file: plain JSON, or the arrays that the command line made of another format. */
import { readArraysText } from "../../core/files.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Overlaps } from "../../core/types.ts";

/** Share of the largest entry by which Q and T may be away from symmetric. */
const ASYMMETRY = 1e-9;

const KNOWN: readonly string[] = ["Q", "R", "T", "v", "vTeacher"];

/** Products of larger overlaps overflow. */
const LARGEST = 1e12;

/** `owner` begins each refusal. Throws ParameterError on whatever is missing, misshapen, not finite or not symmetric. */
export function readOverlaps(text: string, owner: string): Overlaps {
  const found = fieldsOf(text, owner);
  for (const name of Object.keys(found))
    if (!KNOWN.includes(name)) throw new ParameterError(`${owner}: unknown ${name}; it has ${KNOWN.join(", ")}`);
  for (const name of ["Q", "R", "T"])
    if (!(name in found)) throw new ParameterError(`${owner}: missing ${name}; give {"Q": [[..]], "R": [[..]], "T": [[..]]}`);
  const T = matrix(found.T, "T", owner);
  const Q = matrix(found.Q, "Q", owner);
  const R = matrix(found.R, "R", owner);
  const K = Q.length;
  const M = T.length;
  for (const [name, A, rows, cols] of [
    ["Q", Q, K, K],
    ["T", T, M, M],
    ["R", R, K, M]
  ] as const)
    if (A.length !== rows || A[0].length !== cols)
      throw new ParameterError(
        `${owner}: ${name} must be ${rows} x ${cols}${name === "R" ? " (students by teachers)" : " (square)"}, got ${A.length} x ${A[0].length}`
      );
  const v = vector(found.v, "v", K, owner);
  const vTeacher = vector(found.vTeacher, "vTeacher", M, owner);
  const largest = Math.max(...[Q, R, T].flat(2).map(Math.abs));
  if (largest > LARGEST) throw new ParameterError(`${owner}: Q, R and T must be within 1e12 of zero, got ${largest}`);
  return { Q: symmetric(Q, "Q", owner), R, T: symmetric(T, "T", owner), v, vTeacher };
}

function fieldsOf(text: string, owner: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ParameterError(
      `${owner}: not valid JSON (${error instanceof Error ? error.message : "syntax"}); give {"Q", "R", "T", "v", "vTeacher"}`
    );
  }
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new ParameterError(`${owner}: expected an object {"Q", "R", "T", "v", "vTeacher"}, got ${text.slice(0, 40)}`);
  if (!("arrays" in value)) return value as Record<string, unknown>;
  return Object.fromEntries(
    readArraysText(text, owner).map(({ name, shape, data }) => {
      const numbers = Array.from(data);
      if (shape.length < 2) return [name, numbers];
      return [name, Array.from({ length: shape[0] }, (_, i) => numbers.slice(i * shape[1], (i + 1) * shape[1]))];
    })
  );
}

const finite = (x: unknown): x is number => typeof x === "number" && Number.isFinite(x);

function matrix(value: unknown, name: string, owner: string): number[][] {
  if (!Array.isArray(value) || value.length === 0 || !value.every((row) => Array.isArray(row) && row.length > 0))
    throw new ParameterError(`${owner}: ${name} must be a matrix as an array of rows, such as [[1, 0], [0, 1]]`);
  const rows = value as unknown[][];
  rows.forEach((row, i) => {
    if (row.length !== rows[0].length)
      throw new ParameterError(`${owner}: row ${i} of ${name} has ${row.length} entries where the first has ${rows[0].length}`);
    for (const x of row)
      if (!finite(x)) throw new ParameterError(`${owner}: row ${i} of ${name} holds ${JSON.stringify(x)}, not a finite number`);
  });
  return rows as number[][];
}

/** 1 for each unit where none are given; a matrix of one row or column is a vector. */
function vector(value: unknown, name: string, length: number, owner: string): number[] {
  if (value === undefined) return new Array<number>(length).fill(1);
  const entries: unknown[] = Array.isArray(value) ? value.flat() : [];
  if (entries.length !== length || !entries.every(finite))
    throw new ParameterError(`${owner}: ${name} must be ${length} finite numbers, one a unit, got ${JSON.stringify(value)?.slice(0, 60)}`);
  return entries as number[];
}

function symmetric(A: number[][], name: string, owner: string): number[][] {
  const largest = Math.max(...A.flat().map(Math.abs));
  return A.map((row, i) =>
    row.map((x, k) => {
      if (Math.abs(x - A[k][i]) > ASYMMETRY * largest)
        throw new ParameterError(`${owner}: ${name} must be symmetric, got ${x} at [${i}][${k}] and ${A[k][i]} at [${k}][${i}]`);
      return (x + A[k][i]) / 2;
    })
  );
}

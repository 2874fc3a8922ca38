/** Operators made of one unitary transform: the transform itself, and a random or given choice of its rows with random column signs. */
import { ParameterError } from "../../core/parameters.ts";
import type { Rng, Vec } from "../../core/types.ts";
import type { Transform } from "./fftPlan.ts";
import { checkFinite, checkIndices, checkSize, guarded, type Parts, type StructuredOperator, width } from "./structure.ts";

/** |U_ki|^2 applied to vectors, where U is not flat; null in its place means that every |U_ki|^2 is 1/n. */
export interface Squares {
  /** V_k = sum_i |U_ki|^2 v_i for all k, written to a view it owns. */
  apply(v: Vec): Vec;
  adjoint(rows: ArrayLike<number>, s: Vec, out: Vec): void;
}

/** The square unitary operator z = U x. */
export function unitaryOperator(name: string, transform: Transform, squares: Squares | null): StructuredOperator {
  const { scalar, size, input, output, gain } = transform;
  const all = squares ? Int32Array.from({ length: size }, (_, k) => k) : null;
  const copy = (out: Vec): void => {
    if (gain === 1) out.set(output);
    else for (let i = 0; i < out.length; i++) out[i] = gain * output[i];
  };
  return guarded({
    name,
    scalar,
    rows: size,
    cols: size,
    rowGram: 1,
    columnGram: 1,
    frobenius2: size,
    apply(x, z) {
      input.set(x);
      transform.forward();
      copy(z);
    },
    adjoint(z, x) {
      input.set(z);
      transform.inverse();
      copy(x);
    },
    applySquared(v, V) {
      if (squares) V.set(squares.apply(v));
      else V.fill(sum(v) / size);
    },
    adjointSquared(s, out) {
      if (squares && all) squares.adjoint(all, s, out);
      else out.fill(sum(s) / size);
    }
  });
}

function sum(v: Vec): number {
  let s = 0;
  for (let i = 0; i < v.length; i++) s += v[i];
  return s;
}

/** Which rows of a square transform are kept, and how. */
export interface Subsampling {
  readonly cols: number;
  /** How many rows, drawn without replacement by `rng`; or give `indices`. */
  readonly rows?: number;
  readonly indices?: ArrayLike<number>;
  /** Draws the rows (`rng.fork("rows")`) and the signs (`rng.fork("signs")`). */
  readonly rng?: Rng;
  /** Random signs on the columns: makes a fixed transform look independent of a structured signal (AMP-friendly). Needs `rng`. */
  readonly signs?: boolean;
  /** Multiplies the operator; 1 gives rows of squared norm 1, that is E |A_ij|^2 = 1 / cols. */
  readonly scale?: number;
}

/** `count` distinct integers of [from, from + population), increasing; every subset equally likely (Fan, Muller, Rezucha 1962: selection sampling). */
export function randomSubset(rng: Rng, population: number, count: number, from = 0): Int32Array {
  const chosen = new Int32Array(count);
  const batch = new Float64Array(1024);
  for (let k = 0, taken = 0; taken < count; k++) {
    if (k % batch.length === 0) rng.fillUniform(batch);
    if ((population - k) * batch[k % batch.length] < count - taken) chosen[taken++] = from + k;
  }
  return chosen;
}

/** The rows asked for, sorted if drawn. Throws ParameterError when neither or an impossible choice is given. */
export function chooseRows(name: string, choice: Subsampling, population: number, from = 0): Int32Array {
  if (choice.indices !== undefined) {
    if (choice.rows !== undefined && choice.rows !== choice.indices.length)
      throw new ParameterError(`${name}: rows is ${choice.rows} but indices has ${choice.indices.length} entries; give one of them`);
    return checkIndices(name, choice.indices, choice.cols);
  }
  const { rows, rng } = choice;
  if (rows === undefined || rng === undefined)
    throw new ParameterError(`${name}: missing indices; give them, or rows and rng to draw them`);
  if (!Number.isInteger(rows) || rows < 1 || rows > population)
    throw new ParameterError(`${name}: rows must be an integer in [1, ${population}] for ${choice.cols} columns, got ${rows}`);
  return randomSubset(rng.fork("rows"), population, rows, from);
}

/** Fair random signs, or null when none are asked for. */
export function columnSigns(name: string, choice: Subsampling): Vec | null {
  if (!choice.signs) return null;
  if (!choice.rng) throw new ParameterError(`${name}: missing rng; random signs need one`);
  const signs = new Float64Array(choice.cols);
  choice.rng.fork("signs").fillUniform(signs);
  for (let j = 0; j < signs.length; j++) signs[j] = signs[j] < 0.5 ? -1 : 1;
  return signs;
}

/** A = scale S U D: D column signs, U unitary, S a choice of rows. Rows are orthogonal with squared norm scale^2. */
export function subsampledUnitary(kind: string, transform: Transform, squares: Squares | null, choice: Subsampling): StructuredOperator {
  const { scalar, size, input, output, gain } = transform;
  const name = `${kind}(${choice.indices?.length ?? choice.rows}x${choice.cols})`;
  const indices = chooseRows(name, choice, size);
  const signs = columnSigns(name, choice);
  const scale = choice.scale ?? 1;
  checkFinite(name, "scale", scale);
  const rows = indices.length;
  const factor = scale * gain;
  const scale2 = scale * scale;
  const complex = width(scalar) === 2;
  const gather = complex ? gatherPairs : gatherSingles;
  const scatter = complex ? scatterPairs : scatterSingles;
  const load = complex ? loadPairs : loadSingles;
  const parts: Parts = {
    name,
    scalar,
    rows,
    cols: size,
    rowGram: scale2,
    frobenius2: rows * scale2,
    ...(rows === size ? { columnGram: scale2 } : {}),
    apply(x, z) {
      if (signs) load(x, signs, input);
      else input.set(x);
      transform.forward();
      gather(output, indices, factor, z);
    },
    adjoint(z, x) {
      input.fill(0);
      scatter(z, indices, factor, input);
      transform.inverse();
      if (signs) load(output, signs, x);
      else x.set(output);
    },
    applySquared(v, V) {
      if (squares) gatherSingles(squares.apply(v), indices, scale2, V);
      else V.fill((scale2 * sum(v)) / size);
    },
    adjointSquared(s, out) {
      if (squares) {
        squares.adjoint(indices, s, out);
        if (scale2 !== 1) for (let j = 0; j < out.length; j++) out[j] *= scale2;
      } else out.fill((scale2 * sum(s)) / size);
    }
  };
  return guarded(parts);
}

/** The transform a subsampled operator stands on, after its size is checked. */
export function checkColumns(kind: string, choice: Subsampling): number {
  checkSize(kind, "cols", choice.cols);
  return choice.cols;
}

function gatherSingles(from: Vec, at: Int32Array, factor: number, to: Vec): void {
  for (let i = 0; i < at.length; i++) to[i] = factor * from[at[i]];
}
function gatherPairs(from: Vec, at: Int32Array, factor: number, to: Vec): void {
  for (let i = 0; i < at.length; i++) {
    to[2 * i] = factor * from[2 * at[i]];
    to[2 * i + 1] = factor * from[2 * at[i] + 1];
  }
}
function scatterSingles(from: Vec, at: Int32Array, factor: number, to: Vec): void {
  for (let i = 0; i < at.length; i++) to[at[i]] = factor * from[i];
}
function scatterPairs(from: Vec, at: Int32Array, factor: number, to: Vec): void {
  for (let i = 0; i < at.length; i++) {
    to[2 * at[i]] = factor * from[2 * i];
    to[2 * at[i] + 1] = factor * from[2 * i + 1];
  }
}
function loadSingles(from: Vec, signs: Vec, to: Vec): void {
  for (let j = 0; j < signs.length; j++) to[j] = signs[j] * from[j];
}
function loadPairs(from: Vec, signs: Vec, to: Vec): void {
  for (let j = 0; j < signs.length; j++) {
    to[2 * j] = signs[j] * from[2 * j];
    to[2 * j + 1] = signs[j] * from[2 * j + 1];
  }
}

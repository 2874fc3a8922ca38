/**
 * Looks at a matrix before GAMP runs on it: what departs from independent zero-mean entries, how much, and the cure. A few
 * dozen products with the matrix, no entry is read. (Why a mean breaks AMP: Caltagirone, Zdeborova and Krzakala 2014; what a
 * wide spectrum does: Rangan, Schniter and Fletcher 2014.)
 */
import { ParameterError } from "../core/parameters.ts";
import type { LinearOperator, Rng, Vec } from "../core/types.ts";
import { eigenvalue, lanczos } from "../linalg/lanczos.ts";
import { norm2 } from "./workspace.ts";

export type Cure = "centre" | "damp" | "normalise columns" | "use vector variances";

export interface Finding {
  readonly name: "mean" | "columns" | "rows" | "spectrum" | "orthogonal" | "rank" | "scale" | "norm" | "adjoint";
  readonly severity: "note" | "warning" | "critical";
  /** What was found and what it does, in one sentence. */
  readonly sentence: string;
  readonly cures: readonly Cure[];
}

export interface Preflight {
  readonly findings: readonly Finding[];
  /** Mean of the entries (real part) in units of their root mean square. */
  readonly mean: number;
  /** Singular value carried by a constant direction, over the edge of an i.i.d. spectrum: 1 is where it sticks out. */
  readonly meanStrength: number;
  /** Coefficients of variation of the squared norms. */
  readonly columnSpread: number;
  readonly rowSpread: number;
  /** Largest singular value of the doubly centred matrix over the i.i.d. edge. */
  readonly edgeRatio: number;
  /** E sigma^4/(E sigma^2)^2 over its i.i.d. value; 1 for i.i.d., below for orthogonal rows, large when ill-conditioned. */
  readonly flatness: number;
  /** Smallest over largest singular value seen by a few Lanczos steps: an upper bound on the true ratio. */
  readonly conditionSeen: number;
}

const SAMPLES = 32;
const STEPS = 30;

/** Throws ParameterError when the matrix has values that are not finite. */
export function preflight(operator: LinearOperator, rng: Rng): Preflight {
  const { rows, cols, frobenius2, scalar } = operator;
  const width = scalar === "complex" ? 2 : 1;
  const x = new Float64Array(width * cols);
  const z = new Float64Array(width * rows);
  const findings: Finding[] = [];
  const find = (name: Finding["name"], severity: Finding["severity"], sentence: string, ...cures: Cure[]) =>
    findings.push({ name, severity, sentence, cures });
  const entry2 = frobenius2 / rows / cols;
  if (!(frobenius2 > 0 && Number.isFinite(frobenius2)))
    throw new ParameterError(`preflight: the matrix must be finite and not all zero, got squared Frobenius norm ${frobenius2}`);

  // Rayleigh quotients of the constant directions, less what zero-mean entries give (|A|_F^2/cols and /rows) and three deviations.
  ones(x, width);
  operator.apply(x, z);
  let total = 0;
  for (let i = 0; i < z.length; i += width) total += z[i];
  const mean = total / rows / cols / Math.sqrt(entry2);
  const edge2 = entry2 * Math.max(1 - mean * mean, 1e-12) * (Math.sqrt(rows) + Math.sqrt(cols)) ** 2;
  const right = norm2(z) / cols - (frobenius2 / cols) * (1 + 3 * Math.sqrt(2 / rows));
  ones(z, width);
  operator.adjoint(z, x);
  const left = norm2(x) / rows - (frobenius2 / rows) * (1 + 3 * Math.sqrt(2 / cols));
  if (!Number.isFinite(right + left)) throw new ParameterError("preflight: the matrix has values that are not finite; replace them");
  const meanStrength = Math.sqrt(Math.max(right, left, 0) / edge2);
  if (meanStrength > 0.25)
    find(
      "mean",
      meanStrength > 0.8 ? "critical" : "warning",
      `the entries have mean ${mean.toPrecision(2)} of their root mean square: a constant direction carries a singular value ${meanStrength.toPrecision(2)} times the edge of the others, on which plain AMP ${meanStrength > 0.8 ? "diverges" : "slows down"}`,
      "centre",
      "damp"
    );

  const columns = squaredNorms(operator, "columns", rng);
  const rowNorms = squaredNorms(operator, "rows", rng);
  const columnSpread = variation(columns, width * rows);
  const rowSpread = variation(rowNorms, width * cols);
  const zeros = columns.filter((v) => v === 0).length;
  if (columnSpread > 0.15)
    find(
      "columns",
      columnSpread > 0.7 ? "critical" : "warning",
      `the squared column norms vary by ${(100 * columnSpread).toFixed(0)} percent${zeros ? ` and ${zeros} of the ${columns.length} looked at are zero` : ""}: one variance for all components is wrong`,
      "normalise columns",
      "use vector variances"
    );
  if (rowSpread > 0.15)
    find(
      "rows",
      rowSpread > 0.7 ? "critical" : "warning",
      `the squared row norms vary by ${(100 * rowSpread).toFixed(0)} percent: one variance for all outputs is wrong`,
      "use vector variances"
    );

  const { edgeRatio, flatness, conditionSeen, rankSeen, normRatio, adjointError } = spectrum(operator, rng, edge2);
  if (adjointError > 1e-3)
    find(
      "adjoint",
      "critical",
      `adjoint is not the conjugate transpose of apply: <A x, z> and <x, A* z> differ by ${adjointError.toExponential(1)} of their size; correct the operator`
    );
  // One probe measures the norm well only when no single direction carries it.
  if (Math.abs(normRatio - 1) > 0.3 && meanStrength <= 0.25 && flatness < 2)
    find(
      "norm",
      "warning",
      `the declared squared Frobenius norm is ${(1 / normRatio).toPrecision(3)} times the one measured: variances will be wrong by that factor; correct frobenius2`
    );
  if (edgeRatio > 1.15 || flatness > 1.25)
    find(
      "spectrum",
      edgeRatio > 1.6 || flatness > 2 ? "critical" : "warning",
      `the singular values are spread wider than those of independent entries (largest ${edgeRatio.toPrecision(3)} times their edge, fourth moment ${flatness.toPrecision(3)} times theirs): AMP's theory does not cover this matrix, and it may diverge or report wrong error bars; damping may make it converge`,
      "damp"
    );
  else if (flatness < 0.9)
    find(
      "orthogonal",
      "note",
      "the rows are closer to orthogonal than independent ones: AMP works, but converges to slightly other errors than its i.i.d. state evolution"
    );
  if (rankSeen || conditionSeen < 1e-6)
    find(
      "rank",
      "warning",
      "the matrix looks rank-deficient: some combinations of its rows or columns vanish, and measure nothing; AMP's theory does not cover this matrix",
      "damp"
    );
  const row2 = frobenius2 / rows;
  if (row2 > 1e4 || row2 < 1e-4)
    find(
      "scale",
      "note",
      `a row has squared norm ${row2.toExponential(1)}: noise and prior variances are read in the units of y and x as they are`
    );
  const order = { critical: 0, warning: 1, note: 2 } as const;
  findings.sort((a, b) => order[a.severity] - order[b.severity]);
  return { findings, mean, meanStrength, columnSpread, rowSpread, edgeRatio, flatness, conditionSeen };
}

/** All squared norms when the operator knows squared entries, else those of a random sample of unit vectors. */
export function squaredNorms(operator: LinearOperator, of: "rows" | "columns", rng: Rng): Vec {
  const { rows, cols, scalar } = operator;
  const width = scalar === "complex" ? 2 : 1;
  const [n, m] = of === "columns" ? [cols, rows] : [rows, cols];
  const squared = of === "columns" ? operator.adjointSquared : operator.applySquared;
  if (squared) {
    const out = new Float64Array(n);
    squared.call(operator, new Float64Array(m).fill(1), out);
    return out;
  }
  const draw = rng.fork(`preflight ${of}`);
  const unit = new Float64Array(width * n);
  const image = new Float64Array(width * m);
  return Float64Array.from({ length: Math.min(SAMPLES, n) }, (_, k) => {
    const i = n <= SAMPLES ? k : Math.floor(draw.uniform() * n);
    unit.fill(0);
    unit[width * i] = 1;
    if (of === "columns") operator.apply(unit, image);
    else operator.adjoint(unit, image);
    return norm2(image);
  });
}

/** Coefficient of variation beyond the sqrt(2/count) of Gaussian entries. */
function variation(values: Vec, count: number): number {
  let mean = 0;
  for (const v of values) mean += v / values.length;
  let square = 0;
  for (const v of values) square += (v - mean) ** 2 / values.length;
  return mean > 0 ? Math.sqrt(Math.max(0, square / mean ** 2 - 2 / count)) : 0;
}

/** Lanczos on the smaller Gram matrix of the doubly centred operator, so that a mean is not counted twice. */
function spectrum(operator: LinearOperator, rng: Rng, edge2: number) {
  const { rows, cols, scalar } = operator;
  const width = scalar === "complex" ? 2 : 1;
  const small = Math.min(rows, cols);
  const wide = rows <= cols;
  const other = new Float64Array(width * (wide ? cols : rows));
  const gram = (x: Vec, out: Vec) => {
    if (wide) operator.adjoint(x, other);
    else operator.apply(x, other);
    centreVector(other, width);
    if (wide) operator.apply(other, out);
    else operator.adjoint(other, out);
    centreVector(out, width);
  };
  const start = new Float64Array(width * small);
  rng.fork("preflight start").fillNormal(start);
  centreVector(start, width);
  const T = lanczos(gram, start, Math.min(STEPS, small - 1) || 1);
  const steps = T.diagonal.length;
  const top = eigenvalue(T, steps - 1);
  const bottom = Math.max(0, eigenvalue(T, 0));
  const first = T.diagonal[0];
  const second = first * first + (T.off.length ? T.off[0] ** 2 : 0);
  const ratio = small / Math.max(rows, cols);
  // Orthogonal rows: one eigenvalue, which ends Lanczos early too, and which centring alone makes zero in one direction at most.
  const level = first > 0 && second / first ** 2 - 1 < 3 / small;

  const x = new Float64Array(width * cols);
  const z = new Float64Array(width * rows);
  const Ax = new Float64Array(width * rows);
  const Az = new Float64Array(width * cols);
  rng.fork("preflight x").fillNormal(x);
  rng.fork("preflight z").fillNormal(z);
  operator.apply(x, Ax);
  operator.adjoint(z, Az);
  const size = Math.sqrt(norm2(Ax) * norm2(z) || 1);
  return {
    edgeRatio: Math.sqrt(top / edge2),
    flatness: first > 0 ? second / first ** 2 / (1 + ratio) : 1,
    conditionSeen: level ? 1 : top > 0 ? Math.sqrt(bottom / top) : 0,
    rankSeen: !level && steps < Math.min(STEPS, small - 1),
    normRatio: norm2(Ax) / width / operator.frobenius2,
    adjointError: Math.abs(dot(Ax, z) - dot(x, Az)) / size
  };
}

function centreVector(x: Vec, width: number): void {
  const n = x.length / width;
  for (let part = 0; part < width; part++) {
    let mean = 0;
    for (let i = part; i < x.length; i += width) mean += x[i];
    mean /= n;
    for (let i = part; i < x.length; i += width) x[i] -= mean;
  }
}
function ones(x: Vec, width: number): void {
  x.fill(0);
  for (let i = 0; i < x.length; i += width) x[i] = 1;
}
function dot(x: Vec, z: Vec): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i] * z[i];
  return s;
}

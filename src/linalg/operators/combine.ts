/** Operators made of operators: products, multiples, adjoints and stacks, with Frobenius norms and entrywise squares where structure gives them. */
import { ParameterError } from "../../core/parameters.ts";
import type { LinearOperator, Vec } from "../../core/types.ts";
import { nameOf } from "./fields.ts";
import { checkFinite, guarded, type Parts, shape, type StructuredOperator, width } from "./structure.ts";

function squaresOf(op: LinearOperator, factor: number): Pick<Parts, "applySquared" | "adjointSquared"> {
  const times = (v: Vec): void => {
    if (factor !== 1) for (let i = 0; i < v.length; i++) v[i] *= factor;
  };
  return {
    ...(op.applySquared
      ? {
          applySquared: (v: Vec, V: Vec) => {
            op.applySquared?.(v, V);
            times(V);
          }
        }
      : {}),
    ...(op.adjointSquared
      ? {
          adjointSquared: (s: Vec, out: Vec) => {
            op.adjointSquared?.(s, out);
            times(out);
          }
        }
      : {})
  };
}

function grams(op: StructuredOperator): Pick<Parts, "rowGram" | "columnGram" | "monomial"> {
  return {
    ...(op.rowGram === undefined ? {} : { rowGram: op.rowGram }),
    ...(op.columnGram === undefined ? {} : { columnGram: op.columnGram }),
    ...(op.monomial ? { monomial: true } : {})
  };
}

/** factor A, factor real and finite. */
export function scale(factor: number, op: LinearOperator): StructuredOperator {
  const name = `${factor} ${nameOf(op)}`;
  checkFinite(name, "factor", factor);
  const f2 = factor * factor;
  const { rowGram, columnGram, monomial } = grams(op as StructuredOperator);
  const { gramBasis } = op as StructuredOperator;
  const times = (v: Vec): void => {
    for (let i = 0; i < v.length; i++) v[i] *= factor;
  };
  return guarded({
    name,
    scalar: op.scalar,
    rows: op.rows,
    cols: op.cols,
    frobenius2: () => f2 * op.frobenius2,
    ...(rowGram === undefined ? {} : { rowGram: f2 * rowGram }),
    ...(columnGram === undefined ? {} : { columnGram: f2 * columnGram }),
    ...(monomial ? { monomial } : {}),
    ...(gramBasis
      ? {
          gramBasis: {
            basis: gramBasis.basis,
            shape: gramBasis.shape,
            get eigenvalues() {
              return gramBasis.eigenvalues.map((x) => f2 * x);
            },
            ...(gramBasis.blocks ? { blocks: gramBasis.blocks.map((block) => block.map((x) => f2 * x)) } : {})
          }
        }
      : {}),
    apply(x, z) {
      op.apply(x, z);
      times(z);
    },
    adjoint(z, x) {
      op.adjoint(z, x);
      times(x);
    },
    ...squaresOf(op, f2)
  });
}

/** A*: apply and adjoint exchanged. */
export function adjointOf(op: LinearOperator, name = `adjoint of ${nameOf(op)}`): StructuredOperator {
  const { rowGram, columnGram, monomial } = grams(op as StructuredOperator);
  return guarded({
    name,
    scalar: op.scalar,
    rows: op.cols,
    cols: op.rows,
    frobenius2: () => op.frobenius2,
    ...(rowGram === undefined ? {} : { columnGram: rowGram }),
    ...(columnGram === undefined ? {} : { rowGram: columnGram }),
    ...(monomial ? { monomial } : {}),
    apply: (x, z) => op.adjoint(x, z),
    adjoint: (z, x) => op.apply(z, x),
    ...(op.adjointSquared ? { applySquared: (v: Vec, V: Vec) => op.adjointSquared?.(v, V) } : {}),
    ...(op.applySquared ? { adjointSquared: (s: Vec, out: Vec) => op.applySquared?.(s, out) } : {})
  });
}

/** The fields of neighbours must agree. Throws ParameterError naming both. */
function checkField(what: string, a: LinearOperator, b: LinearOperator): void {
  if (a.scalar !== b.scalar)
    throw new ParameterError(
      `${what}: ${nameOf(a)} is ${a.scalar} (${shape(a)}) but ${nameOf(b)} is ${b.scalar} (${shape(b)}); wrap one in realUnknowns or complexUnknowns`
    );
}

/**
 * A B C ...: the last operator acts first. Entrywise squares exist when all factors but one are monomial. |A B ...|_F^2 is exact: factors
 * with orthogonal columns on the left or orthogonal rows on the right only scale it; then entrywise squares give it; failing both it
 * is found, once and only when asked for, by min(rows, cols) products with unit vectors.
 */
export function compose(...factors: readonly LinearOperator[]): StructuredOperator {
  if (factors.length === 0) throw new ParameterError("compose: needs at least one operator, got none");
  for (let k = 0; k + 1 < factors.length; k++) {
    const a = factors[k];
    const b = factors[k + 1];
    checkField("compose", a, b);
    if (a.cols !== b.rows)
      throw new ParameterError(
        `compose: ${nameOf(a)} (${shape(a)}) takes vectors of length ${a.cols} but ${nameOf(b)} (${shape(b)}) gives length ${b.rows}`
      );
  }
  const chain = factors as readonly StructuredOperator[];
  const first = chain[0];
  const last = chain[chain.length - 1];
  const { scalar } = first;
  const w = width(scalar);
  const between = chain.slice(1).map((op) => new Float64Array(w * op.rows));
  const inner = chain.slice(1).map((op) => new Float64Array(op.rows));
  const count = chain.length;
  const product = (key: "rowGram" | "columnGram"): number | undefined => {
    let total = 1;
    for (const op of chain) {
      const gram = op[key];
      if (gram === undefined) return undefined;
      total *= gram;
    }
    return total;
  };
  const rowGram = product("rowGram");
  const columnGram = product("columnGram");
  const entrywise = chain.filter((op) => !op.monomial).length <= 1;
  const parts: Parts = {
    name: chain.map(nameOf).join(" o "),
    scalar,
    rows: first.rows,
    cols: last.cols,
    ...(rowGram === undefined ? {} : { rowGram }),
    ...(columnGram === undefined ? {} : { columnGram }),
    ...(chain.every((op) => op.monomial) ? { monomial: true } : {}),
    frobenius2: () => productNorm(chain),
    apply(x, z) {
      for (let k = count - 1; k >= 0; k--) chain[k].apply(k === count - 1 ? x : between[k], k === 0 ? z : between[k - 1]);
    },
    adjoint(z, x) {
      for (let k = 0; k < count; k++) chain[k].adjoint(k === 0 ? z : between[k - 1], k === count - 1 ? x : between[k]);
    },
    ...(entrywise && chain.every((op) => op.applySquared)
      ? {
          applySquared(v: Vec, V: Vec) {
            for (let k = count - 1; k >= 0; k--) chain[k].applySquared?.(k === count - 1 ? v : inner[k], k === 0 ? V : inner[k - 1]);
          }
        }
      : {}),
    ...(entrywise && chain.every((op) => op.adjointSquared)
      ? {
          adjointSquared(s: Vec, out: Vec) {
            for (let k = 0; k < count; k++) chain[k].adjointSquared?.(k === 0 ? s : inner[k - 1], k === count - 1 ? out : inner[k]);
          }
        }
      : {})
  };
  return guarded(parts);
}

function productNorm(chain: readonly StructuredOperator[]): number {
  let factor = 1;
  let from = 0;
  let to = chain.length;
  for (;;) {
    if (to - from === 1) return factor * chain[from].frobenius2;
    const left = chain[from].columnGram;
    const right = chain[to - 1].rowGram;
    if (right !== undefined) {
      factor *= right;
      to--;
    } else if (left !== undefined) {
      factor *= left;
      from++;
    } else break;
  }
  const rest = compose(...chain.slice(from, to));
  if (rest.applySquared) {
    const V = new Float64Array(rest.rows);
    rest.applySquared(new Float64Array(rest.cols).fill(1), V);
    return factor * V.reduce((s, v) => s + v, 0);
  }
  return factor * probedNorm(rest);
}

/** |A|_F^2 by min(rows, cols) products with unit vectors. */
export function probedNorm(op: LinearOperator): number {
  const w = width(op.scalar);
  const wide = op.cols > op.rows;
  const unit = new Float64Array(w * (wide ? op.rows : op.cols));
  const out = new Float64Array(w * (wide ? op.cols : op.rows));
  let total = 0;
  for (let j = 0; j < unit.length; j += w) {
    unit[j] = 1;
    if (wide) op.adjoint(unit, out);
    else op.apply(unit, out);
    unit[j] = 0;
    for (let i = 0; i < out.length; i++) total += out[i] * out[i];
  }
  return total;
}

/** A and B one above the other: z = (A x, B x). */
export function verticalStack(...blocks: readonly LinearOperator[]): StructuredOperator {
  if (blocks.length === 0) throw new ParameterError("vertical stack: needs at least one operator, got none");
  const [first] = blocks;
  for (const op of blocks) {
    checkField("vertical stack", first, op);
    if (op.cols !== first.cols)
      throw new ParameterError(
        `vertical stack: ${nameOf(first)} (${shape(first)}) and ${nameOf(op)} (${shape(op)}) must have equally many columns`
      );
  }
  const { scalar, cols } = first;
  const w = width(scalar);
  const rows = blocks.reduce((s, op) => s + op.rows, 0);
  const out = blocks.map((op) => new Float64Array(w * op.rows));
  const out1 = blocks.map((op) => new Float64Array(op.rows));
  const x1 = new Float64Array(w * cols);
  const v1 = new Float64Array(cols);
  const columnGram = blocks.every((op) => (op as StructuredOperator).columnGram !== undefined)
    ? blocks.reduce((s, op) => s + ((op as StructuredOperator).columnGram ?? 0), 0)
    : undefined;
  return guarded({
    name: `(${blocks.map(nameOf).join("; ")})`,
    scalar,
    rows,
    cols,
    frobenius2: () => blocks.reduce((s, op) => s + op.frobenius2, 0),
    ...(columnGram === undefined ? {} : { columnGram }),
    apply(x, z) {
      for (let b = 0, at = 0; b < blocks.length; at += out[b++].length) {
        blocks[b].apply(x, out[b]);
        z.set(out[b], at);
      }
    },
    adjoint(z, x) {
      x.fill(0);
      for (let b = 0, at = 0; b < blocks.length; b++) {
        const part = out[b];
        for (let i = 0; i < part.length; i++) part[i] = z[at++];
        blocks[b].adjoint(part, x1);
        for (let j = 0; j < x.length; j++) x[j] += x1[j];
      }
    },
    ...(blocks.every((op) => op.applySquared)
      ? {
          applySquared(v: Vec, V: Vec) {
            for (let b = 0, at = 0; b < blocks.length; at += out1[b++].length) {
              blocks[b].applySquared?.(v, out1[b]);
              V.set(out1[b], at);
            }
          }
        }
      : {}),
    ...(blocks.every((op) => op.adjointSquared)
      ? {
          adjointSquared(s: Vec, x: Vec) {
            x.fill(0);
            for (let b = 0, at = 0; b < blocks.length; b++) {
              const part = out1[b];
              for (let i = 0; i < part.length; i++) part[i] = s[at++];
              blocks[b].adjointSquared?.(part, v1);
              for (let j = 0; j < x.length; j++) x[j] += v1[j];
            }
          }
        }
      : {})
  });
}

/** A and B side by side: z = A x_1 + B x_2. */
export function horizontalStack(...blocks: readonly LinearOperator[]): StructuredOperator {
  if (blocks.length === 0) throw new ParameterError("horizontal stack: needs at least one operator, got none");
  for (const op of blocks)
    if (op.rows !== blocks[0].rows)
      throw new ParameterError(
        `horizontal stack: ${nameOf(blocks[0])} (${shape(blocks[0])}) and ${nameOf(op)} (${shape(op)}) must have equally many rows`
      );
  return adjointOf(verticalStack(...blocks.map((op) => adjointOf(op))), `(${blocks.map(nameOf).join(", ")})`);
}

/** Shapes of variables: a number of components, or the sides of an array stored row by row. */
import { ParameterError } from "../core/parameters.ts";
import type { Port, Scalar } from "../core/types.ts";

/** 1000, or [28, 28]. In a model made for theory alone a single number may be any positive one: only ratios of sizes count. */
export type ShapeGiven = number | readonly number[];
export type Shape = readonly number[];

/** What is known of a variable before it is named. */
export interface Shaped {
  readonly shape: Shape;
  readonly scalar: Scalar;
}

/** Throws ParameterError unless every side is positive, and an integer when there are several. */
export function shapeOf(given: ShapeGiven, where: string): Shape {
  const shape = typeof given === "number" ? [given] : [...given];
  const legal = (n: number) => Number.isFinite(n) && n > 0 && (shape.length === 1 || Number.isInteger(n));
  if (shape.length === 0 || !shape.every(legal))
    throw new ParameterError(
      `${where}: the shape must be a positive number such as 1000, or positive integers such as [28, 28], got ${JSON.stringify(given)}`
    );
  return Object.freeze(shape);
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((n, side) => n * side, 1);
}

export function portOf({ shape, scalar }: Shaped): Port {
  return { scalar, size: sizeOf(shape) };
}

/** "28x28 complex", "500". */
export function shapeWords({ shape, scalar }: Shaped): string {
  const text = shape.map((n) => (Number.isInteger(n) ? String(n) : String(Number(n.toPrecision(6))))).join("x");
  return scalar === "complex" ? `${text} complex` : text;
}

/** The side as an integer. Throws ParameterError: an operator with entries has whole numbers of rows and columns. */
export function whole(n: number, where: string): number {
  if (Number.isInteger(n)) return n;
  throw new ParameterError(`${where}: needs a whole number of components, got ${n}; change the size of its input, such as 1000`);
}

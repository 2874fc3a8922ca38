/** What every module shares: ports, the check of the messages that arrive at them, and the constants of real and complex Gaussian integrals. */
import { ParameterError } from "../core/parameters.ts";
import type { Message, Port, Scalar, Vec } from "../core/types.ts";

/**
 * The precision that stands for "none" where a variance must stay finite: an improper direction gets the variance 1e100 instead
 * of infinity, and sends out a precision that is zero to every digit.
 */
export const LEAST = 1e-100;

/** Its inverse, in the place of an infinite precision (an exactly known variable) on the asymptotic side. */
export const GREATEST = 1e100;

/** A precision of the asymptotic side brought to [LEAST, GREATEST], where sums, products and logarithms stay finite. */
export function bounded(a: number): number {
  return Math.min(Math.max(a, LEAST), GREATEST);
}

/** Reals per component. */
export function widthOf(scalar: Scalar): 1 | 2 {
  return scalar === "complex" ? 2 : 1;
}

/** h: ln int exp(-a |x|^2/2) dx = h ln(2 pi/a) for a real component, ln(pi/a) for a complex one, d/da = -h/a. */
export function half(scalar: Scalar): number {
  return scalar === "complex" ? 1 : 0.5;
}

/** ln int exp(-a |x|^2/2) dx of one component (complex: exp(-a |x|^2)). */
export function logGaussian(scalar: Scalar, a: number): number {
  return scalar === "complex" ? Math.log(Math.PI / a) : 0.5 * Math.log((2 * Math.PI) / a);
}

/** A port of any positive size, which need not be an integer in models made for theory alone. Throws ParameterError. */
export function port(owner: string, size: number, scalar: Scalar = "real"): Port {
  if (!(size > 0 && size < Number.POSITIVE_INFINITY))
    throw new ParameterError(`${owner}: size must be a number > 0 such as 1000, got ${size}`);
  return { scalar, size };
}

/** One message per port, of its length, its precision finite and >= 0. Throws ParameterError. */
export function checkMessages(owner: string, ports: readonly Port[], messages: readonly Message[]): void {
  if (messages.length !== ports.length)
    throw new ParameterError(`${owner}: needs one message per port (${ports.length}), got ${messages.length}`);
  for (let p = 0; p < ports.length; p++) {
    const { a, b } = messages[p];
    if (!(a >= 0 && a < Number.POSITIVE_INFINITY))
      throw new ParameterError(`${owner}: the precision at port ${p} must be finite and >= 0, got ${a}; 0 is no message`);
    const length = widthOf(ports[p].scalar) * ports[p].size;
    if (b.length !== length)
      throw new ParameterError(
        `${owner}: the message at port ${p} must have length ${length} (${ports[p].size} ${ports[p].scalar}), got ${b.length}`
      );
  }
}

/** The port exists. Throws ParameterError. */
export function checkPort(owner: string, ports: readonly Port[], p: number): void {
  if (!Number.isInteger(p) || p < 0 || p >= ports.length)
    throw new ParameterError(`${owner}: port must be an integer in [0, ${ports.length - 1}], got ${p}`);
}

/** A number of copies, terms or blocks. Throws ParameterError. */
export function checkCount(owner: string, what: string, n: number): void {
  if (!Number.isInteger(n) || n < 1) throw new ParameterError(`${owner}: ${what} must be an integer >= 1 such as 2, got ${n}`);
}

/** sum_i x_i y_i over all reals: Re x^* y. */
export function dot(x: Vec, y: Vec): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i] * y[i];
  return s;
}

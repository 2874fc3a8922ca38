/** The exponent of a power law y = prefactor x^exponent, by least squares of ln y on ln x, with its standard error. */
import { ParameterError } from "../core/parameters.ts";

export interface PowerLaw {
  readonly exponent: number;
  /** Of the exponent; null where two points without errors leave none to be estimated. */
  readonly standardError: number | null;
  readonly prefactor: number;
  /** Sum of squared residuals of ln y over their variances and the n - 2 degrees of freedom; null as above. */
  readonly chi2: number | null;
}

/**
 * `x` and `y` are positive, at least two different x. With `errors` (standard errors of y) points weigh (y/error)^2 and the standard
 * error is that of these errors, widened by sqrt(chi2) where the points scatter more than they say; without, points weigh alike and
 * it comes from their scatter. Throws ParameterError.
 */
export function fitExponent(x: readonly number[], y: readonly number[], errors?: readonly number[]): PowerLaw {
  const n = x.length;
  if (y.length !== n || (errors && errors.length !== n))
    throw new ParameterError(
      `fitExponent: x, y and errors must be of one length, got ${n}, ${y.length}${errors ? ` and ${errors.length}` : ""}`
    );
  for (const [name, values] of [
    ["x", x],
    ["y", y],
    ["errors", errors ?? []]
  ] as const)
    for (const value of values)
      if (!(value > 0 && value < Number.POSITIVE_INFINITY))
        throw new ParameterError(`fitExponent: ${name} must be positive numbers, got ${value}`);
  const weight = y.map((value, i) => (errors ? (value / errors[i]) ** 2 : 1));
  const total = weight.reduce((s, w) => s + w, 0);
  const mean = (of: (i: number) => number) => weight.reduce((s, w, i) => s + w * of(i), 0) / total;
  const mx = mean((i) => Math.log(x[i]));
  const my = mean((i) => Math.log(y[i]));
  const spread = total * mean((i) => (Math.log(x[i]) - mx) ** 2);
  if (!(n >= 2 && spread > 0)) throw new ParameterError(`fitExponent: x must hold at least two different numbers, got ${x.join(", ")}`);
  const exponent = (total * mean((i) => (Math.log(x[i]) - mx) * (Math.log(y[i]) - my))) / spread;
  const squares = total * mean((i) => (Math.log(y[i]) - my - exponent * (Math.log(x[i]) - mx)) ** 2);
  const chi2 = n > 2 ? squares / (n - 2) : null;
  const variance = errors ? Math.max(1, chi2 ?? 1) : chi2;
  return {
    exponent,
    standardError: variance === null ? null : Math.sqrt(variance / spread),
    prefactor: Math.exp(my - exponent * mx),
    chi2
  };
}

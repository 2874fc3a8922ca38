/** Grids as they are typed: `alpha=0.2:2:0.1` (start:stop:step, both ends), `alpha=0.2,0.5,1`, `noise=log:1e-4:1:9`. */
import { ParameterError, parse, suggestion } from "../core/parameters.ts";
import { camel, kebab } from "../core/specs.ts";
import type { AnyDeclaration } from "./cell.ts";

/** Strictly increasing values of one parameter. */
export interface Axis {
  readonly name: string;
  /** Its letter in the papers, for axis titles. */
  readonly symbol: string;
  readonly values: readonly number[];
  readonly log: boolean;
}

const MOST = 100_000;

/** Throws ParameterError for an unknown parameter, one that is not a number, an empty or malformed grid, a value out of range. */
export function parseAxis(text: string, scenario: AnyDeclaration): Axis {
  const at = text.indexOf("=");
  if (at <= 0) throw new ParameterError(`grid ${JSON.stringify(text)}: expected name=start:stop:step, such as alpha=0.2:2:0.1`);
  const name = camel(text.slice(0, at).trim());
  const numeric = Object.keys(scenario.params).filter((k) => scenario.params[k].kind === "real" || scenario.params[k].kind === "integer");
  const param = scenario.params[name];
  if (!param || !numeric.includes(name)) {
    const why = param ? `${name} is a ${param.kind}, not a number` : `${scenario.id} has no parameter ${name}${suggestion(name, numeric)}`;
    throw new ParameterError(`grid ${JSON.stringify(text)}: ${why}; a grid may run over ${numeric.map(kebab).join(", ")}`);
  }
  const body = text.slice(at + 1).trim();
  const log = body.startsWith("log:");
  const values = log ? logGrid(text, body.slice(4)) : body.includes(":") ? stepGrid(text, body) : listGrid(text, body);
  for (const value of values) parse({ id: scenario.id, params: { [name]: param } }, { [name]: value });
  const wide =
    values.length > 3 && values[0] > 0 && values[values.length - 1] / values[0] > 100 && param.kind === "real" && param.scale === "log";
  return { name, symbol: param.symbol, values, log: log || wide };
}

function numbers(text: string, parts: readonly string[], wanted: string): number[] {
  return parts.map((part) => {
    const x = part.trim() === "" ? Number.NaN : Number(part);
    if (!Number.isFinite(x)) throw new ParameterError(`grid ${JSON.stringify(text)}: ${wanted}; ${JSON.stringify(part)} is not a number`);
    return x;
  });
}

/** start + k step, written with the digits that were typed: 0.2:2:0.1 holds 0.3 and 2, not 0.30000000000000004. */
function stepGrid(text: string, body: string): number[] {
  const wanted = "expected start:stop:step, such as alpha=0.2:2:0.1";
  const parts = body.split(":");
  if (parts.length !== 3) throw new ParameterError(`grid ${JSON.stringify(text)}: ${wanted}, got ${parts.length} numbers`);
  const [start, stop, step] = numbers(text, parts, wanted);
  if (!(step > 0)) throw new ParameterError(`grid ${JSON.stringify(text)}: the step must be greater than 0, got ${step}`);
  if (stop < start)
    throw new ParameterError(`grid ${JSON.stringify(text)}: the stop must not be less than the start ${start}, got ${stop}`);
  const intervals = (stop - start) / step;
  const count = Math.floor(intervals + 1e-9 * Math.max(1, intervals)) + 1;
  if (count > MOST) throw new ParameterError(`grid ${JSON.stringify(text)}: at most ${MOST} values, got ${count}; take a larger step`);
  const digits = Math.min(15, Math.max(decimals(start), decimals(step)));
  return Array.from({ length: count }, (_, k) => Number((start + k * step).toFixed(digits)));
}

/** Decimal places in the shortest writing of x. */
function decimals(x: number): number {
  const [mantissa, exponent] = x.toExponential().split("e");
  return Math.max(0, (mantissa.split(".")[1]?.length ?? 0) - Number(exponent));
}

function logGrid(text: string, body: string): number[] {
  const wanted = "expected log:start:stop:count, such as noise=log:1e-4:1:9";
  const parts = body.split(":");
  if (parts.length !== 3) throw new ParameterError(`grid ${JSON.stringify(text)}: ${wanted}, got ${parts.length} numbers`);
  const [start, stop, count] = numbers(text, parts, wanted);
  if (!(start > 0)) throw new ParameterError(`grid ${JSON.stringify(text)}: a log grid starts above 0, got ${start}`);
  if (!(stop > start))
    throw new ParameterError(`grid ${JSON.stringify(text)}: the stop must be greater than the start ${start}, got ${stop}`);
  if (!(Number.isInteger(count) && count >= 2 && count <= MOST))
    throw new ParameterError(`grid ${JSON.stringify(text)}: the count must be an integer in [2, ${MOST}], got ${count}`);
  return spread(start, stop, count, true).map((x, k) => (k === 0 ? start : k === count - 1 ? stop : Number(x.toPrecision(12))));
}

function listGrid(text: string, body: string): number[] {
  const values = numbers(text, body.split(","), "expected numbers separated by commas, such as alpha=0.2,0.5,1");
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  if (sorted.length > MOST) throw new ParameterError(`grid ${JSON.stringify(text)}: at most ${MOST} values, got ${sorted.length}`);
  return sorted;
}

/** `count` points from `from` to `to`, evenly in x or in log x. */
export function spread(from: number, to: number, count: number, log = false): number[] {
  if (count < 2 || from === to) return [from];
  return Array.from({ length: count }, (_, k) => {
    const f = k / (count - 1);
    return log ? Math.exp(Math.log(from) * (1 - f) + Math.log(to) * f) : from * (1 - f) + to * f;
  });
}

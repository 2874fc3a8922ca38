/** JSON arrays of numbers: [..], [[..]], deeper nests, {"real": .., "imag": ..} for complex ones, or an object of named arrays. */
import { ParameterError } from "../core/parameters.ts";
import { elements, type NamedArray, type NumericArray, shapeText } from "./numericArray.ts";

/** The arrays of the text; a bare array has the name "". Throws ParameterError. */
export function readJson(text: string, source: string): NamedArray[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ParameterError(
      `${source}: not valid JSON (${error instanceof Error ? error.message : "syntax"}); expected an array of numbers`
    );
  }
  if (Array.isArray(value) || isComplex(value)) return [{ name: "", ...arrayOf(value, source) }];
  const named = Object.entries(value !== null && typeof value === "object" ? value : {}).filter(
    ([, v]) => Array.isArray(v) || isComplex(v)
  );
  if (named.length === 0)
    throw new ParameterError(`${source}: no array in this JSON; expected [1, 2, ...], [[...], ...] or {"A": [[...]], "y": [...]}`);
  return named.map(([name, v]) => ({ name, ...arrayOf(v, `${source}:${name}`) }));
}

function isComplex(value: unknown): value is { real: unknown; imag: unknown } {
  return value !== null && typeof value === "object" && "real" in value && "imag" in value;
}

function arrayOf(value: unknown, source: string): NumericArray {
  if (!isComplex(value)) return nested(value, source);
  const re = nested(value.real, `${source}: real`);
  const im = nested(value.imag, `${source}: imag`);
  if (shapeText(re.shape) !== shapeText(im.shape))
    throw new ParameterError(`${source}: real is ${shapeText(re.shape)} but imag is ${shapeText(im.shape)}; both need one shape`);
  const data = new Float64Array(2 * re.data.length);
  for (let k = 0; k < re.data.length; k++) {
    data[2 * k] = re.data[k];
    data[2 * k + 1] = im.data[k];
  }
  return { scalar: "complex", shape: re.shape, data };
}

function nested(value: unknown, source: string): NumericArray {
  const shape: number[] = [];
  for (let v = value; Array.isArray(v); v = v[0]) shape.push(v.length);
  const data = new Float64Array(elements(shape));
  let k = 0;
  const fill = (v: unknown, depth: number, where: string): void => {
    if (depth === shape.length) {
      if (typeof v !== "number")
        throw new ParameterError(`${source}: ${where || "the value"} is ${JSON.stringify(v)?.slice(0, 40)}, not a finite number`);
      data[k++] = v;
      return;
    }
    if (!Array.isArray(v) || v.length !== shape[depth])
      throw new ParameterError(
        `${source}: ${where || "the array"} has ${Array.isArray(v) ? `${v.length} entries` : "no entries"} where ${shape[depth]} are expected; every row needs as many`
      );
    for (let i = 0; i < v.length; i++) fill(v[i], depth + 1, `${where}[${i}]`);
  };
  fill(value, 0, "");
  return { scalar: "real", shape, data };
}

/** The text a `file` parameter travels as, from the bytes of a file: JSON as it is, arrays in the form of core/files.ts. As the command line does. */
import { arraysText } from "../../../src/core/files.ts";
import { ParameterError } from "../../../src/core/parameters.ts";
import { elements } from "../../../src/io/numericArray.ts";
import { formatOf, readArrays } from "../../../src/io/readArrays.ts";

const MOST = 64 * 1024 * 1024;

/** Throws ParameterError with the cure. */
export function parameterText(bytes: Uint8Array, name: string): string {
  if (bytes.length > MOST)
    throw new ParameterError(
      `${name}: the page reads files of up to 64 MB, got ${Math.round(bytes.length / 1e6)} MB; use the command line`
    );
  if (formatOf(bytes, name) === "json") return new TextDecoder().decode(bytes);
  const arrays = readArrays(bytes, name).filter((a) => elements(a.shape) > 0);
  if (arrays.length === 0) throw new ParameterError(`${name}: it holds no array with entries`);
  const complex = arrays.find((a) => a.scalar === "complex");
  if (complex) throw new ParameterError(`${name}: ${complex.name || "the array"} is complex; this parameter takes real numbers`);
  return arraysText(arrays);
}

/** NumPy's .npz: a zip archive of .npy members, stored or deflated. */
import { unzipSync, type Zippable, zipSync } from "fflate";
import { ParameterError } from "../core/parameters.ts";
import { isNpy, readNpy, writeNpy } from "./npy.ts";
import { LARGEST, type NamedArray, type NumericArray } from "./numericArray.ts";

/** Every .npy member, or the one called `only`; other members are ignored. Throws ParameterError. */
export function readNpz(bytes: Uint8Array, source: string, only?: string): NamedArray[] {
  const names: string[] = [];
  let members: Record<string, Uint8Array>;
  try {
    members = unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        if (!name.endsWith(".npy")) return false;
        names.push(name.slice(0, -4));
        if (size > bytes.length || originalSize > 1032 * size + 64) throw new RangeError("more than deflate can hold"); // its ratio is at most 1032
        if (originalSize > LARGEST)
          throw new ParameterError(`${source}: ${name} unpacks to ${(originalSize / 2 ** 30).toFixed(1)} GiB, too much to read`);
        return only === undefined || name === `${only}.npy`;
      }
    });
  } catch (error) {
    if (error instanceof ParameterError) throw error;
    throw new ParameterError(`${source}: the zip archive is damaged or truncated; save it again with numpy.savez`);
  }
  if (names.length === 0) throw new ParameterError(`${source}: a zip archive without a .npy member; save the arrays with numpy.savez`);
  return Object.entries(members).map(([file, content]) => {
    const name = file.slice(0, -4);
    if (!isNpy(content)) throw new ParameterError(`${source}: its member ${file} is not a .npy array; save it again with numpy.savez`);
    return { name, ...readNpy(content.slice(), `${source}:${name}`) };
  });
}

/** The names of the members, without unpacking them. */
export function npzNames(bytes: Uint8Array): string[] {
  const names: string[] = [];
  unzipSync(bytes, {
    filter: ({ name }) => {
      if (name.endsWith(".npy")) names.push(name.slice(0, -4));
      return false;
    }
  });
  return names;
}

export function writeNpz(arrays: Readonly<Record<string, NumericArray>>): Uint8Array {
  const members: Zippable = Object.fromEntries(Object.entries(arrays).map(([name, a]) => [`${name}.npy`, writeNpy(a)]));
  return zipSync(members, { level: 6 });
}

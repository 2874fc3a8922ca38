/**
 * Random numbers: Philox4x32-10 streams (Salmon et al. 2011), one per (seed, label path), with ziggurat normals, all inside
 * WebAssembly so that a seed is the same instance on every engine. The key of the cipher is the seed, the upper half of its
 * counter the hash of the labels: streams of different seeds, and of labels that do not collide in 64 bits, never overlap.
 */
import type { Rng } from "../../core/types.ts";
import { ParameterError } from "../../core/parameters.ts";
import { instantiate } from "../wasm.ts";
import { wasm } from "./philox.wasm.ts";

export { exactCos, exactExp, exactLog, exactSin } from "./exact.ts";

interface Philox {
  heapBase(): number;
  philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: number): void;
  fillUniform(k0: number, k1: number, c2: number, c3: number, index: number, out: number, n: number): void;
  fillNormal(k0: number, k1: number, c2: number, c3: number, index: number, out: number, n: number, scale: number): number;
}

/** Numbers made per call into WebAssembly. */
const BATCH = 4096;
const memory = new WebAssembly.Memory({ initial: 2 });
const kernel = instantiate<Philox>(wasm, memory);
const scratch = (kernel.heapBase() + 63) & ~63;
const batch = new Float64Array(memory.buffer, scratch, BATCH);
const words = new Uint32Array(memory.buffer, scratch, 4);

/** The bijection itself on four counter words and two key words. */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number]
): [number, number, number, number] {
  kernel.philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1], scratch);
  return [words[0], words[1], words[2], words[3]];
}

/**
 * The stream of a seed (any safe integer; 0 is one) and a label. `makeRng(s, "x")` is `makeRng(s).fork("x")`.
 * Forks depend on the path of labels only, never on what was drawn; the same label twice is the same stream twice.
 * A fill is the same numbers as one draw after the other. Throws ParameterError on a seed that is not a safe integer.
 */
export function makeRng(seed: number, label = ""): Rng {
  if (!Number.isSafeInteger(seed)) throw new ParameterError(`rng: seed must be an integer in [-2^53+1, 2^53-1], such as 0, got ${seed}`);
  const root = stream(seed >>> 0, Math.floor(seed / 4294967296) >>> 0, 0, 0);
  return label === "" ? root : root.fork(label);
}

/** A stream: key (k0, k1), upper counter words (h0, h1), and the number of 64-bit words drawn so far. */
function stream(k0: number, k1: number, h0: number, h1: number): Rng {
  let index = 0;
  const fillUniform = (out: Float64Array | Float32Array): void => {
    for (let done = 0; done < out.length; done += BATCH) {
      const n = Math.min(BATCH, out.length - done);
      kernel.fillUniform(k0, k1, h0, h1, index, scratch, n);
      index += n;
      out.set(n === BATCH ? batch : batch.subarray(0, n), done);
    }
  };
  return {
    uniform() {
      kernel.fillUniform(k0, k1, h0, h1, index++, scratch, 1);
      return batch[0];
    },
    normal() {
      index += kernel.fillNormal(k0, k1, h0, h1, index, scratch, 1, 1);
      return batch[0];
    },
    fillUniform(out) {
      fillUniform(out);
      // Rounding to 24 bits can give 1, which is outside [0, 1).
      if (out instanceof Float32Array) for (let i = 0; i < out.length; i++) if (out[i] === 1) out[i] = 1 - 2 ** -24;
    },
    fillNormal(out, scale = 1) {
      for (let done = 0; done < out.length; done += BATCH) {
        const n = Math.min(BATCH, out.length - done);
        index += kernel.fillNormal(k0, k1, h0, h1, index, scratch, n, scale);
        out.set(n === BATCH ? batch : batch.subarray(0, n), done);
      }
    },
    fork(label) {
      const [a, b] = extend(h0, h1, label);
      return stream(k0, k1, a, b);
    }
  };
}

/** Absorbs a label into a 64-bit path hash: the hash keys the cipher, two UTF-16 units a block, the length last. */
function extend(h0: number, h1: number, label: string): [number, number] {
  const absorb = (word: number, place: number, mark: number): void => {
    const [a, b] = philox4x32([word, place, mark, 0x73706e64], [h0, h1]);
    h0 = a;
    h1 = b;
  };
  for (let i = 0; i < label.length; i += 2)
    absorb((label.charCodeAt(i) << 16) | (i + 1 < label.length ? label.charCodeAt(i + 1) : 0), i, 0);
  absorb(label.length, 0, 1);
  return [h0, h1];
}

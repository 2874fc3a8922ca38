/** The name of an instance: a hash of every number drawn before a run's first frame, the same on every engine. */
import type { Frame, Rng, SimulationEnd, Value } from "../core/types.ts";
import { makeRng } from "../numerics/random/index.ts";
import type { AnyScenario } from "./cell.ts";

/** A stream that remembers what it gave out, forks included. The numbers are those of `makeRng(seed, label)`. */
export interface HashingRng extends Rng {
  /** 16 hexadecimal digits of everything drawn so far, in the order it was drawn; what is drawn afterwards is not remembered. */
  digest(): string;
}

/**
 * Two 32-bit lanes over the words of each number; MurmurHash3's rounds, one multiplier a lane. `make` gives the stream that is
 * listened to.
 */
export function hashingRng(seed: number, label: string, make: (seed: number, label: string) => Rng = makeRng): HashingRng {
  let h1 = 0x9e3779b9;
  let h2 = 0x85ebca6b;
  let listening = true;
  const one = new Float64Array(1);
  const oneWords = new Uint32Array(one.buffer);
  const words = (w: Uint32Array): void => {
    let a = h1;
    let b = h2;
    for (let k = 0; k < w.length; k++) {
      a = Math.imul(((a ^ w[k]) << 13) | ((a ^ w[k]) >>> 19), 0xcc9e2d51) + 0x52dce729;
      b = Math.imul(((b ^ w[k]) << 17) | ((b ^ w[k]) >>> 15), 0x1b873593) + 0x38495ab5;
    }
    h1 = a | 0;
    h2 = b | 0;
  };
  const all = (x: Float64Array | Float32Array): void => {
    if (listening) words(new Uint32Array(x.buffer, x.byteOffset, x.byteLength >>> 2));
  };
  const single = (x: number): number => {
    if (listening) {
      one[0] = x;
      words(oneWords);
    }
    return x;
  };
  const wrap = (rng: Rng): Rng => ({
    uniform: () => single(rng.uniform()),
    normal: () => single(rng.normal()),
    fillUniform(out) {
      rng.fillUniform(out);
      all(out);
    },
    fillNormal(out, scale) {
      rng.fillNormal(out, scale);
      all(out);
    },
    fork: (name) => wrap(rng.fork(name))
  });
  const hex = (h: number): string => {
    let x = h;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 0).toString(16).padStart(8, "0");
  };
  return {
    ...wrap(make(seed, label)),
    digest() {
      listening = false;
      return hex(h1) + hex(h2 ^ Math.imul(h1, 0x27d4eb2f));
    }
  };
}

/** The frames of a run as they are; `tell` hears the name of its instance as soon as the first frame is drawn. */
export function* naming<O extends string>(
  frames: Generator<Frame<O>, SimulationEnd>,
  rng: HashingRng,
  tell: (instance: string) => void
): Generator<Frame<O>, SimulationEnd> {
  const first = frames.next();
  tell(rng.digest());
  if (first.done) return first.value;
  yield first.value;
  return yield* frames;
}

/** The instance that `simulateRun(scenario, params, seed)` draws. `params` are complete. */
export function instanceOf(scenario: AnyScenario, params: Readonly<Record<string, Value>>, seed: number): string {
  const rng = hashingRng(seed, scenario.id);
  scenario.simulate(params, rng).next();
  return rng.digest();
}

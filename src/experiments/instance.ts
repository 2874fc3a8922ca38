/** The name of an instance: a hash of every number drawn before a run's first frame, the same on every engine. */
import type { Frame, Rng, SimulationEnd, Value } from "../core/types.ts";
import { makeRng } from "../numerics/random/index.ts";
import type { AnyScenario } from "./cell.ts";

/** A stream that remembers what it gave out, forks included. The numbers are those of `makeRng(seed, label)`. */
export interface HashingRng extends Rng {
  /** 16 hexadecimal digits of everything drawn so far, in the order it was drawn; what is drawn afterwards is not remembered. */
  digest(): string;
}

/** Integers throughout: a sum that became a float would take ten times as long. */
function absorb(state: Int32Array, words: Int32Array): void {
  let a = state[0];
  let b = state[1];
  const n = words.length;
  for (let k = 0; k < n; k += 2) {
    const low = a ^ words[k];
    const high = b ^ words[k + 1];
    a = (Math.imul((low << 13) | (low >>> 19), 0xcc9e2d51) + b) | 0;
    b = (Math.imul((high << 17) | (high >>> 15), 0x1b873593) + a) | 0;
  }
  state[0] = a;
  state[1] = b;
}

/**
 * Two 32-bit lanes, one for each half of a number, mixed into each other after every number by the rounds of MurmurHash3 (an
 * invertible step: two streams that differ in one number differ ever after). A matrix of 1000 x 1000 takes 3 ms. `make` gives
 * the stream that is listened to.
 */
export function hashingRng(seed: number, label: string, make: (seed: number, label: string) => Rng = makeRng): HashingRng {
  const state = Int32Array.of(0x1e3779b9, 0x05ebca6b);
  let listening = true;
  const one = new Float64Array(1);
  const oneWords = new Int32Array(one.buffer);
  const single = (x: number): number => {
    if (listening) {
      one[0] = x;
      absorb(state, oneWords);
    }
    return x;
  };
  const all = (x: Float64Array | Float32Array): void => {
    if (!listening) return;
    if (x instanceof Float32Array) for (const value of x) single(value);
    else absorb(state, new Int32Array(x.buffer, x.byteOffset, 2 * x.length));
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
      return hex(state[0]) + hex(state[1] ^ Math.imul(state[0], 0x27d4eb2f));
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

/** Leaves of a worker's global scope what computing needs and nothing else: no network, no storage, no further workers, no messages. */

const KEPT = new Set([
  ..."Object Array Number Math JSON String Boolean Symbol Map Set WeakMap WeakSet BigInt Date RegExp Promise Proxy Reflect".split(" "),
  ..."Float64Array Float32Array Int32Array Uint32Array Int16Array Uint16Array Int8Array Uint8Array Uint8ClampedArray".split(" "),
  ..."ArrayBuffer DataView Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError".split(" "),
  ..."Infinity NaN undefined isNaN isFinite parseInt parseFloat globalThis".split(" ")
]);

/** Code that makes code: reachable from any function as its `constructor`, and a way past what is looked for in the text. */
function sealConstructors(): void {
  const kinds = [() => {}, function* () {}, async () => {}, async function* () {}];
  for (const kind of kinds)
    Object.defineProperty(Object.getPrototypeOf(kind), "constructor", { value: undefined, writable: false, configurable: false });
}

/**
 * What is not on the list goes, also from the prototypes of the scope, where fetch, postMessage and the rest live; what cannot be
 * deleted is shadowed. The caller keeps what it needs itself (its message port, Function) beforehand.
 */
export function lockdown(scope: object): void {
  for (let o: object | null = scope; o && o !== Object.prototype; o = Object.getPrototypeOf(o))
    for (const key of Object.getOwnPropertyNames(o)) {
      if (KEPT.has(key)) continue;
      try {
        delete (o as Record<string, unknown>)[key];
      } catch {
        // not configurable: shadowed below
      }
      if (key in scope)
        try {
          Object.defineProperty(scope, key, { value: undefined, writable: false, configurable: false });
        } catch {
          // a property of the scope itself that can neither be deleted nor redefined holds a value, never a way out
        }
    }
  sealConstructors();
}

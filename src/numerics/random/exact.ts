/** log, exp, sin, cos with the same bits on every engine (the host's Math is free to differ in the last place); below 1 ulp. */
import { instantiate } from "../wasm.ts";
import { wasm } from "./exact.wasm.ts";

interface Exact {
  log(x: number): number;
  exp(x: number): number;
  sin(x: number): number;
  cos(x: number): number;
}
const exact = instantiate<Exact>(wasm, new WebAssembly.Memory({ initial: 1 }));

export const exactLog: (x: number) => number = exact.log;
export const exactExp: (x: number) => number = exact.exp;
export const exactSin: (x: number) => number = exact.sin;
export const exactCos: (x: number) => number = exact.cos;

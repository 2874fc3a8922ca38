declare module "virtual:catalogue" {
  const catalogue: import("./catalogue/types.ts").Catalogue;
  export default catalogue;
}
declare module "virtual:scenarios" {
  const loaders: Readonly<Record<string, () => Promise<import("../../src/experiments/cell.ts").AnyScenario>>>;
  export default loaders;
}
declare module "virtual:lesson-terms" {
  /** Ids of lessons by the id of a term that they link to. */
  const uses: Readonly<Record<string, readonly string[]>>;
  export default uses;
}

/** What workerpool is made of, for who needs one side of it. */
declare module "workerpool/src/Pool.js" {
  import type { Pool, WorkerPoolOptions } from "workerpool";
  const PoolOf: new (script: string, options: WorkerPoolOptions) => Pool;
  export default PoolOf;
}
declare module "workerpool/src/WorkerHandler.js" {
  export { TerminateError } from "workerpool";
}
declare module "workerpool/src/worker.js" {
  export function add(methods: Record<string, (...args: never[]) => unknown>): void;
}

/** Dense and structured operators, decompositions, and the backend that does them. */
export * from "./backend.ts";
export * from "./decompositions/index.ts";
export * from "./dense.ts";
export * from "./gemm.ts";
export * from "./lanczos.ts";
export * from "./operators/index.ts";
export * from "./operators/named.ts";

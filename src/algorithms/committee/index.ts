// Matrix-valued message passing for committee machines.
export * from "./alignment.ts";
export * from "./committeeAmp.ts";
export * from "./labelErrors.ts";

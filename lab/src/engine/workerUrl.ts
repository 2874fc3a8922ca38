/** Where the worker's script is. The single-file build puts another module in this one's place. */
export { default as workerUrl } from "./laboratory.worker.ts?worker&url";
/** Modules can load a scenario's code when it is asked for; a script that is one blob cannot. */
export const workerType: WorkerType = "module";

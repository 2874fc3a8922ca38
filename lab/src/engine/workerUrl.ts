/** Where the worker's script is: a file of the folder, a blob of the single file (lab/plugins/embeddedWorkers.ts). */
export { default as workerUrl } from "./laboratory.worker.ts?worker&url";
/** Modules can load a scenario's code when it is asked for; a script that is one blob has it all. */
export const workerType: WorkerType = import.meta.env.MODE === "single" ? "classic" : "module";

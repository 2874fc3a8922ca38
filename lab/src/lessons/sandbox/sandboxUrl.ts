/** Where the sandbox's script is: a file of the folder, a blob of the single file (lab/plugins/embeddedWorkers.ts). */
export { default as sandboxUrl } from "./sandbox.worker.ts?worker&url";
/** A page opened from disk starts no module from a blob; there the script is one classic one. */
export const sandboxType: WorkerType = import.meta.env.MODE === "single" ? "classic" : "module";

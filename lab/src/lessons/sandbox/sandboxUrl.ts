/** Where the sandbox's script is. The single-file build puts another module in this one's place. */
export { default as sandboxUrl } from "./sandbox.worker.ts?worker&url";
export const sandboxType: WorkerType = "module";

/** The part of the experiments that needs Node: folders, threads, files of figures. See ../index.ts for the signatures. */
export { type DirectoryStore, openStore } from "./directoryStore.ts";
export { writeComparison, writeFigure, writePhaseDiagram } from "./files.ts";
export { builtWorkerScript, type LocalOptions, localExecutor } from "./localExecutor.ts";
export { toPdf, toPng } from "./render.ts";
export { runShard, type ShardOptions } from "./shard.ts";

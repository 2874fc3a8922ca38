/** `npm run bench`: sets up, builds the library and the bench, runs it in its own process with a visible garbage collector. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
setup();
const { build, bundleEntry } = await import("./build.mjs");
await build();
const out = await bundleEntry("bench/main.ts", "bench");
process.exitCode = spawnSync(process.execPath, ["--expose-gc", out, root, ...process.argv.slice(2)], { stdio: "inherit" }).status ?? 1;

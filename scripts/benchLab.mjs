/** `npm run bench:lab`: sets up, builds the lab and its bench, and measures the page in a real Chromium. Words choose parts of it: `npm run bench:lab -- first sizes`. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
setup();
const { labFile, labFolder, buildLab } = await import("./lab.mjs");
const { bundleEntry } = await import("./build.mjs");
// another folder to measure, built already
const folder = process.env.SPINODAL_LAB_FOLDER;
if (!folder) await buildLab();
const out = await bundleEntry("bench/lab/main.ts", "bench-lab");
const words = [root, folder ?? labFolder, labFile, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, [out, ...words], { stdio: "inherit" }).status ?? 1;

/** `npm start`: sets up, builds, and draws the binary perceptron's first-order transition, theory and AMP on the same axes. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.mjs";

setup();
const { build } = await import("./build.mjs");
await build();
const bin = fileURLToPath(new URL("../bin/spinodal.js", import.meta.url));
const example = "compare perceptron --prior binary --along alpha=0.2:2:0.1 --size 1000 --seeds 8 --out out/perceptron";
console.error(`spinodal ${example}\n`);
const { status } = spawnSync(process.execPath, [bin, ...example.split(" "), ...process.argv.slice(2)], { stdio: "inherit" });
if (status === 0) console.error("\nthe same and more, live in a browser: npx spinodal lab");
process.exit(status ?? 1);

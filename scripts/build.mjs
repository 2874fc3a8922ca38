/**
 * Bundles src into dist: `index.js` (the library, browser-safe), `node.js`, `cli.js`, `worker.js` and the chunks they share.
 * Skipped when no input has changed (content hash); `--types` adds dist/types by tsc. The web lab is scripts/lab.mjs.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = `${root}dist/`;
const entries = { index: "src/index.ts", node: "src/node.ts", cli: "src/cli/main.ts", worker: "src/experiments/worker.ts" };
/**
 * Resolved from node_modules when a command needs them: large, tied to their own files on disk, or CommonJS, whose `require` would
 * bring node:module into the chunks that the browser's library shares. Everything else is bundled.
 */
const external = [
  "@observablehq/plot",
  "@resvg/resvg-wasm",
  "cli-progress",
  "commander",
  "koffi",
  "linkedom",
  "pdfkit",
  "playwright-core",
  "svg-to-pdfkit",
  "workerpool"
];

/** Builds what is out of date; true when something was built. Throws when the bundler or tsc fails. */
export async function build({ types = false } = {}) {
  const inputs = fingerprint();
  const stale = !existsSync(`${dist}cli.js`) || read(`${dist}.inputs`) !== inputs;
  if (stale) await bundle(inputs);
  const untyped = types && read(`${dist}types/.inputs`) !== inputs;
  if (untyped) declare(inputs);
  return stale || untyped;
}

/** One file outside src (the bench) into dist/NAME/; returns the path of its bundle. */
export async function bundleEntry(path, name) {
  const { build: tsdown } = await import("tsdown");
  rmSync(`${dist}${name}`, { recursive: true, force: true });
  await tsdown(options({ [name]: root + path }, `${dist}${name}`));
  return `${dist}${name}/${name}.js`;
}

function options(entry, outDir) {
  return {
    cwd: root,
    config: false,
    entry,
    outDir,
    format: "esm",
    platform: "neutral",
    target: "node20",
    fixedExtension: false,
    dts: false,
    clean: false,
    report: false,
    logLevel: "warn",
    treeshake: true,
    // papaparse leaves out its Node streams, and with them a \`require\`
    define: { PAPA_BROWSER_CONTEXT: "true" },
    deps: {
      alwaysBundle: (id) => !id.startsWith("node:") && !external.some((name) => id === name || id.startsWith(`${name}/`)),
      neverBundle: [/^node:/, ...external],
      onlyBundle: false
    },
    inputOptions: { resolve: { mainFields: ["module", "main"] } },
    outputOptions: { chunkFileNames: "chunks/[name]-[hash].js" }
  };
}

/** Into a directory of its own, then moved file by file, entries last: a process that runs meanwhile never meets half a build. */
async function bundle(inputs) {
  if (!process.stderr.isTTY) process.env.NO_COLOR ??= "1"; // the bundler's messages read in logs, too
  const { build: tsdown } = await import("tsdown");
  const fresh = `${root}dist/.fresh-${process.pid}`;
  try {
    await tsdown(options(Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, `${root}${path}`])), fresh));
    mkdirSync(`${dist}chunks`, { recursive: true });
    const chunks = existsSync(`${fresh}/chunks`) ? readdirSync(`${fresh}/chunks`) : [];
    for (const name of chunks) renameSync(`${fresh}/chunks/${name}`, `${dist}chunks/${name}`);
    for (const name of readdirSync(fresh)) if (name !== "chunks") renameSync(`${fresh}/${name}`, dist + name);
    for (const name of readdirSync(`${dist}chunks`)) if (!chunks.includes(name)) rmSync(`${dist}chunks/${name}`, { force: true });
    writeFileSync(`${dist}.inputs`, inputs);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function declare(inputs) {
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  const options = [
    "--noEmit",
    "false",
    "--incremental",
    "false",
    "--tsBuildInfoFile",
    "null",
    "--declaration",
    "--emitDeclarationOnly",
    "--rootDir",
    "src",
    "--outDir",
    "dist/types"
  ];
  const files = [entries.index, entries.node];
  const config = `${dist}.tsconfig.types.json`;
  writeFileSync(
    config,
    JSON.stringify({ extends: "../tsconfig.json", include: files.map((path) => `../${path}`), compilerOptions: { rootDir: "../src" } })
  );
  const { status } = spawnSync(process.execPath, [tsc, "-p", config, ...options], { cwd: root, stdio: ["ignore", 2, 2] });
  rmSync(config, { force: true });
  if (status !== 0) throw new Error("build: tsc could not write the declarations (its messages are above)");
  writeFileSync(`${dist}types/.inputs`, inputs);
}

/** One hash of everything a build depends on. */
function fingerprint() {
  const hash = createHash("sha256");
  const fixed = ["package.json", "package-lock.json", "tsconfig.json", "scripts/build.mjs"];
  const sources = readdirSync(`${root}src`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort();
  for (const path of [...fixed.map((name) => root + name), ...sources])
    hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

function read(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const types = process.argv.includes("--types");
  try {
    const start = Date.now();
    console.error(
      (await build({ types })) ? `build: dist is new (${((Date.now() - start) / 1000).toFixed(1)} s)` : "build: dist is up to date"
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

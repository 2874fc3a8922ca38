/**
 * Builds the lab: `dist/lab/`, a folder for any static host, and `dist/spinodal-lab.html`, one file that opens from disk.
 * Skipped when no input has changed (content hash). The library is built first: the lab reads its catalogue off it.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = `${root}dist/`;
export const labFolder = `${dist}lab`;
export const labFile = `${dist}spinodal-lab.html`;

/** Builds what is asked for and out of date, side by side; true when something was built. Throws when vite fails. */
export async function buildLab({ folder = true, single = true } = {}) {
  await build();
  const inputs = fingerprint();
  const stale = (wanted, product, stamp) => wanted && (!existsSync(product) || read(stamp) !== inputs);
  const work = [];
  if (stale(folder, `${labFolder}/index.html`, `${dist}.lab.inputs`))
    work.push(
      bundle("vite.config.ts", (fresh) => {
        replaceFolder(fresh, labFolder);
        writeFileSync(`${dist}.lab.inputs`, inputs);
      })
    );
  if (stale(single, labFile, `${dist}.lab-single.inputs`))
    work.push(
      bundle("vite.single.config.ts", (fresh) => {
        renameSync(`${fresh}/index.html`, labFile);
        writeFileSync(`${dist}.lab-single.inputs`, inputs);
      })
    );
  await Promise.all(work);
  return work.length > 0;
}

/** In a process of its own: whatever NODE_ENV and modules the caller has loaded do not reach the page. */
async function bundle(config, keep) {
  const fresh = `${dist}.fresh-${config.replace(/\W/g, "-")}-${process.pid}`;
  const words = ["build", "-c", `${root}lab/${config}`, "--outDir", fresh, "--emptyOutDir", "--logLevel", "warn"];
  const { VITEST: _, NODE_OPTIONS: __, ...inherited } = process.env;
  try {
    const code = await new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [`${root}node_modules/vite/bin/vite.js`, ...words], {
        cwd: root,
        stdio: ["ignore", 2, 2],
        env: { ...inherited, ...(process.stderr.isTTY ? {} : { NO_COLOR: "1" }), NODE_ENV: "production" }
      });
      child.on("error", reject);
      child.on("close", resolve);
    });
    if (code !== 0) throw new Error(`build: vite could not build the lab with lab/${config} (its messages are above)`);
    keep(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** File by file, the page last, then what it no longer names is removed: a reader never meets half a build. */
function replaceFolder(fresh, place) {
  const names = filesOf(fresh).sort((a, b) => Number(a === "index.html") - Number(b === "index.html"));
  for (const name of names) {
    mkdirSync(dirname(`${place}/${name}`), { recursive: true });
    renameSync(`${fresh}/${name}`, `${place}/${name}`);
  }
  for (const name of filesOf(place)) if (!names.includes(name)) rmSync(`${place}/${name}`, { force: true });
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1));
}

/** One hash of everything the lab is built from. */
function fingerprint() {
  const hash = createHash("sha256");
  const fixed = ["package.json", "package-lock.json", "tsconfig.json", "scripts/build.mjs", "scripts/lab.mjs"];
  const sources = ["lab", "src"].flatMap((room) => filesOf(root + room).map((name) => `${room}/${name}`)).sort();
  for (const path of [...fixed, ...sources])
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(root + path))
      .update("\0");
  return hash.digest("hex");
}

function read(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const start = Date.now();
    const fresh = await buildLab();
    const files = filesOf(labFolder).map((name) => statSync(`${labFolder}/${name}`).size);
    const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
    const sizes = `dist/lab (${files.length} files, ${megabytes(files.reduce((a, b) => a + b, 0))}), dist/spinodal-lab.html (${megabytes(statSync(labFile).size)})`;
    console.error(`build: ${sizes} ${fresh ? `new (${((Date.now() - start) / 1000).toFixed(1)} s)` : "up to date"}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

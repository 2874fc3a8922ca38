/** Installs what is missing: `npm ci` when node_modules is absent or belongs to another lockfile. Nothing else is touched. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const oldest = [20, 19];

/** True when an installation was needed. Exits with one sentence when it fails. */
export function setup() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
    stop(`spinodal needs Node ${oldest.join(".")} or newer, this is ${process.versions.node}: see https://nodejs.org`);
  const stamp = `${root}node_modules/.cache/spinodal-lock`;
  const wanted = createHash("sha256")
    .update(readFileSync(`${root}package-lock.json`))
    .digest("hex");
  if (existsSync(`${root}node_modules`)) {
    if (existsSync(stamp)) {
      if (readFileSync(stamp, "utf8") === wanted) return false;
    } else if (sameTree()) {
      remember(stamp, wanted);
      return false;
    }
  }
  console.error("setup: installing the packages of package-lock.json");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32"
  });
  if (status !== 0) stop("setup: npm ci failed (its own message is above); is the package registry reachable?");
  remember(stamp, wanted);
  return true;
}

/** npm keeps a copy of what it installed; every package of the lockfile that this platform needs must be in it, at the same version. */
function sameTree() {
  const hidden = `${root}node_modules/.package-lock.json`;
  if (!existsSync(hidden)) return false;
  const here = JSON.parse(readFileSync(hidden, "utf8")).packages;
  const lock = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8")).packages;
  return Object.entries(lock).every(([path, entry]) => path === "" || entry.optional || here[path]?.version === entry.version);
}

function remember(stamp, wanted) {
  mkdirSync(`${root}node_modules/.cache`, { recursive: true });
  writeFileSync(stamp, wanted);
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup();

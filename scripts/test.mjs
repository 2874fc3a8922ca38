/**
 * `npm test`: sets up, builds the library and the lab, finds a Chromium (Debian's, by apt-get, when there is none), runs vitest and ends with one plain
 * line, "N passed, N failed". `npm run nightly` runs test/nightly too. Further arguments go to vitest.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The path of a Chromium, or "" when there is none. */
function chromium() {
  const fixed = [
    process.env.SPINODAL_CHROMIUM ?? "",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable"
  ];
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? `${homedir()}/.cache/ms-playwright`;
  const cached = existsSync(cache)
    ? readdirSync(cache)
        .filter((name) => name.startsWith("chromium-"))
        .sort()
        .reverse()
    : [];
  const places = cached.flatMap((name) =>
    ["chrome-linux/chrome", "chrome-linux64/chrome", "chrome-mac/Chromium.app/Contents/MacOS/Chromium"].map(
      (path) => `${cache}/${name}/${path}`
    )
  );
  return [...fixed, ...places].find((path) => path !== "" && existsSync(path)) ?? "";
}

function installChromium() {
  if (process.platform !== "linux" || !existsSync("/usr/bin/apt-get")) return;
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const apt = (...words) =>
    spawnSync([...sudo, "apt-get", ...words][0], [...sudo, "apt-get", ...words].slice(1), {
      stdio: ["ignore", 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
    }).status === 0;
  console.error("test: no chromium found, installing Debian's package");
  apt("-qq", "update");
  apt("-qq", "-y", "--no-install-recommends", "install", "chromium");
}

setup();
const { buildLab } = await import("./lab.mjs");
await buildLab();
if (!chromium()) installChromium();
const browser = chromium();
if (!browser) console.error("test: there is no chromium; the browser tests will fail (apt-get install chromium, or set SPINODAL_CHROMIUM)");

const [mode, ...rest] = process.argv.slice(2);
const nightly = mode === "nightly";
const folder = mkdtempSync(`${tmpdir()}/spinodal-test-`);
const report = `${folder}/report.json`;
const vitest = spawnSync(
  process.execPath,
  [
    `${root}node_modules/vitest/vitest.mjs`,
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...(nightly || !mode ? rest : [mode, ...rest])
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...(browser ? { SPINODAL_CHROMIUM: browser } : {}), ...(nightly ? { SPINODAL_NIGHTLY: "1" } : {}) }
  }
);
process.exitCode = summary(vitest.status ?? 1);
rmSync(folder, { recursive: true, force: true });

/** A file that could not even be collected counts as one failure. */
function summary(status) {
  if (!existsSync(report)) {
    console.log("0 passed, 1 failed");
    return status || 1;
  }
  const r = JSON.parse(readFileSync(report, "utf8"));
  const broken = r.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every((one) => one.status !== "failed")
  ).length;
  const failed = r.numFailedTests + broken;
  const skipped = r.numPendingTests + r.numTodoTests;
  console.log(`${r.numPassedTests} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
  return failed > 0 ? 1 : status;
}

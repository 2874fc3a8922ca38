/** `spinodal doctor`: what this machine offers, which backend is in use, and how to get a faster one. */
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { availableParallelism, cpus, freemem, homedir, totalmem } from "node:os";
import type { Command } from "commander";
import { version } from "../experiments/version.ts";
import { describeBackend } from "../linalg/backend.ts";
import { saveResult } from "./files.ts";
import { print, printJson, wrap } from "./print.ts";

export function declare(command: Command): void {
  command
    .option("--json", "one JSON object on stdout")
    .option("--seed <n>", "accepted everywhere; nothing is drawn")
    .option("--out <dir>", "also write doctor.json there")
    .action((options: { json?: boolean; out?: string }) => {
      const gib = (bytes: number) => Math.round((bytes / 2 ** 30) * 10) / 10;
      const browser = chromium();
      const json = {
        spinodal: version,
        node: process.versions.node,
        platform: `${process.platform} ${process.arch}`,
        cpu: cpus()[0]?.model.trim() ?? "unknown",
        cores: availableParallelism(),
        memoryGiB: gib(totalmem()),
        freeGiB: gib(freemem()),
        backend: describeBackend(),
        chromium: browser
      };
      const file = options.out ? saveResult(options.out, "doctor", json) : null;
      if (options.json) return printJson(json);
      const { backend } = json;
      print(`spinodal  ${version}`);
      print(`node      ${json.node} on ${json.platform}`);
      print(`cpu       ${json.cpu}, ${json.cores} ${json.cores === 1 ? "core" : "cores"} for this process`);
      print(`memory    ${json.memoryGiB} GiB, ${json.freeGiB} free`);
      print(
        `backend   ${backend.name} ${backend.version} (${backend.core}, ${backend.threads} ${backend.threads === 1 ? "thread" : "threads"})${backend.library ? ` from ${backend.library}` : ""}`
      );
      print(wrap(backend.advice ? `faster: ${backend.advice}` : "this is the fastest backend there is", "          "));
      print(`chromium  ${browser ?? "not found (only the tests of this package need it; set SPINODAL_CHROMIUM to its path)"}`);
      if (file) print(`wrote ${file}`);
    });
}

/** Where the tests would find a browser: the same places, in the same order, as scripts/test.mjs. */
function chromium(): string | null {
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? `${homedir()}/.cache/ms-playwright`;
  const builds = existsSync(cache)
    ? readdirSync(cache)
        .filter((name) => name.startsWith("chromium-"))
        .sort()
        .reverse()
    : [];
  const places = [
    process.env.SPINODAL_CHROMIUM ?? "",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    ...builds.flatMap((name) => [`${cache}/${name}/chrome-linux/chrome`, `${cache}/${name}/chrome-linux64/chrome`])
  ];
  return places.find((path) => path !== "" && executable(path)) ?? null;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

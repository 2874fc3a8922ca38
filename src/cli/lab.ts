/** `spinodal lab`: the web lab on this machine's loopback address, where no other machine reaches it. Everything is computed in the browser. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Command } from "commander";
import { ParameterError } from "../core/parameters.ts";
import { policyOf } from "./labPolicy.ts";
import { print, printJson } from "./print.ts";
import { integer } from "./scenarioFlags.ts";
import { folderServer } from "./staticFiles.ts";

const LOOPBACK = "127.0.0.1";

export function declare(command: Command): void {
  command
    .option("--port <n>", "a free one when left out")
    .option("--no-open", "only print the address; a browser is opened on a terminal of a desktop, never in CI")
    .option("--json", "one JSON object on stdout: the address")
    .addHelpText(
      "after",
      "\nCtrl-C ends it. dist/spinodal-lab.html of this package is the same lab in one file, which a browser opens from disk."
    )
    .action(async (options: { port?: string; open: boolean; json?: boolean }) => {
      const port = options.port === undefined ? 0 : integer("port", options.port, 1, 65535);
      const server = folderServer(await labFolder(), { policy: policyOf, immutable: (path) => path.startsWith("assets/") });
      const ended = untilInterrupted(server);
      const url = `http://${LOOPBACK}:${await listen(server, port)}/`;
      if (options.json) printJson({ url });
      else print(`the lab is at ${url} (Ctrl-C ends it)`);
      if (options.open && !options.json && isDesktop()) openBrowser(url);
      await ended;
    });
}

/**
 * dist/lab, from dist/cli.js, one of its chunks, or src/cli. A checkout that has not built it yet does so now; the published package has
 * it. Throws ParameterError where there is none.
 */
async function labFolder(): Promise<string> {
  const near = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const places = ["./lab/", "../lab/", "../../dist/lab/"].map(near);
  const built = () => places.find((place) => existsSync(`${place}index.html`));
  const builder = ["../scripts/lab.mjs", "../../scripts/lab.mjs"].map(near).find((path) => existsSync(path));
  if (!built() && builder) {
    console.error("building the lab, once");
    const { buildLab } = (await import(pathToFileURL(builder).href)) as { buildLab(what: { single: boolean }): Promise<boolean> };
    await buildLab({ single: false });
  }
  const folder = built();
  if (!folder) throw new ParameterError("the lab is not built: run npm run build in the folder of this package");
  return folder;
}

/** The port it got. Throws ParameterError when the port cannot be had. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why: Record<string, string> = {
        EADDRINUSE: `--port ${port} is taken by another program; leave --port out for a free one`,
        EACCES: `--port ${port} is not open to this user; take one above 1023, or leave --port out for a free one`
      };
      const sentence = why[error.code ?? ""];
      reject(sentence ? new ParameterError(sentence) : error);
    });
    server.listen(port, LOOPBACK, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Resolves when Ctrl-C, or a request to end, has closed the server. */
function untilInterrupted(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      server.close(() => resolve());
      server.closeAllConnections();
    };
    process.once("SIGINT", end);
    process.once("SIGTERM", end);
  });
}

/** Somebody is looking: stdout is a terminal, and there is a screen to open a window on. */
function isDesktop(): boolean {
  if (!process.stdout.isTTY || process.env.CI) return false;
  return process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** The address is printed anyway: a desktop without an opener is not an error. */
function openBrowser(url: string): void {
  const [program, ...words] =
    process.platform === "darwin" ? ["open", url] : process.platform === "win32" ? ["cmd", "/c", "start", "", url] : ["xdg-open", url];
  const child = spawn(program, words, { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}

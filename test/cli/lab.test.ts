/** `spinodal lab` as a process: what it serves, with which headers, what it refuses, and how it ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect, createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { PAGE_POLICY, policyOf } from "../../src/cli/labPolicy.ts";
import { folderServer } from "../../src/cli/staticFiles.ts";
import { builtLab } from "../lab/browser.ts";
import { spinodal } from "./process.ts";

const bin = resolve(import.meta.dirname, "../../bin/spinodal.js");
const children: ChildProcess[] = [];
beforeAll(() => builtLab({ single: false }), 120_000);
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Starts the command and waits for the address it prints. */
async function started(...words: string[]): Promise<{ readonly child: ChildProcess; readonly url: URL; readonly said: () => string }> {
  const child = spawn(process.execPath, [bin, "lab", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let said = "";
  const url = await new Promise<URL>((found, reject) => {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const match = /http:\/\/[\d.]+:\d+\//.exec(said);
      if (match) found(new URL(match[0]));
    });
    child.once("close", (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  return { child, url, said: () => said };
}

/** The path as it is: fetch would have taken out the dots. */
function raw(url: URL, path: string, method = "GET", headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((done, reject) => {
    request({ host: url.hostname, port: url.port, path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }));
    })
      .on("error", reject)
      .end();
  });
}

describe("the server", () => {
  test("serves the page and its files with a strict policy, compressed, hashed names for good", async () => {
    const { url, said } = await started();
    expect(said()).toBe(`the lab is at ${url.href} (Ctrl-C ends it)\n`);
    expect(url.hostname).toBe("127.0.0.1");
    const page = await raw(url, "/");
    expect(page.status).toBe(200);
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["content-security-policy"]).toBe(PAGE_POLICY);
    expect(page.headers["x-content-type-options"]).toBe("nosniff");
    expect(page.headers["cache-control"]).toBe("no-cache");
    expect((await raw(url, "/?embed")).body.equals(page.body)).toBe(true);
    const scripts = [...page.body.toString().matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path);
    expect(scripts.length).toBeGreaterThan(2);
    for (const path of scripts) {
      const plain = await raw(url, `/${path}`);
      expect(plain.status, path).toBe(200);
      expect(plain.headers["cache-control"], path).toBe("public, max-age=31536000, immutable");
      const squeezed = await raw(url, `/${path}`, "GET", { "accept-encoding": "br, gzip" });
      expect(squeezed.headers["content-encoding"], path).toBe("gzip");
      expect(squeezed.body.length, path).toBeLessThan(plain.body.length + 100);
    }
    const head = await raw(url, "/", "HEAD");
    expect([head.status, head.body.length, head.headers["content-length"]]).toEqual([200, 0, String(page.body.length)]);
  });

  test("gives no file outside the folder, and nothing to other methods", async () => {
    const { url } = await started();
    for (const path of [
      "/../package.json",
      "/assets/../../cli.js",
      "/..%2fcli.js",
      "/%2e%2e/%2e%2e/package.json",
      "/assets/%5c..%5c..%5ccli.js",
      "//etc/passwd",
      "/%00",
      "/%",
      "/assets",
      "/assets/",
      "/.inputs",
      "/absent.js"
    ]) {
      const answer = await raw(url, path);
      expect([answer.status, answer.body.toString()], path).toEqual([404, "there is no such file\n"]);
    }
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      const answer = await raw(url, "/", method);
      expect([answer.status, answer.headers.allow], method).toEqual([405, "GET, HEAD"]);
    }
  });

  test("is not reached through any other address of this machine", async () => {
    const { url } = await started();
    const others = Object.values(networkInterfaces()).flatMap((all) =>
      (all ?? []).filter((one) => one.family === "IPv4" && !one.internal).map((one) => one.address)
    );
    for (const host of others) {
      const refused = await new Promise<boolean>((done) => {
        const socket = connect({ host, port: Number(url.port) }, () => {
          socket.destroy();
          done(false);
        });
        socket.on("error", () => done(true));
      });
      expect(refused, host).toBe(true);
    }
  });
});

describe("the command", () => {
  test("Ctrl-C ends it at once and well, with a connection open", async () => {
    const { child, url } = await started();
    const socket = connect({ host: url.hostname, port: Number(url.port) });
    await new Promise<void>((open) => socket.once("connect", () => open()));
    const ended = new Promise<number | null>((done) => child.once("close", (code) => done(code)));
    const start = performance.now();
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    expect(performance.now() - start).toBeLessThan(2000);
    socket.destroy();
  });

  test("--port is the port, and a taken one is refused in one sentence", async () => {
    const squatter = createServer();
    const port = await new Promise<number>((ready) =>
      squatter.listen(0, "127.0.0.1", () => ready((squatter.address() as { port: number }).port))
    );
    const refused = await spinodal(["lab", "--port", String(port)]);
    expect(refused).toEqual({
      code: 2,
      stdout: "",
      stderr: `spinodal: --port ${port} is taken by another program; leave --port out for a free one\n`
    });
    await new Promise((closed) => squatter.close(closed));
    expect((await started("--port", String(port), "--json")).url.port).toBe(String(port));
  });

  test("ports that are none are refused", async () => {
    for (const port of ["0", "65536", "80.5", "http", ""])
      expect(await spinodal(["lab", "--port", port]), port).toEqual({
        code: 2,
        stdout: "",
        stderr: `spinodal: --port must be an integer in [1, 65535], got ${port}\n`
      });
  });
});

describe("files beside the page", () => {
  const folder = mkdtempSync(join(tmpdir(), "spinodal-served-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("are read once: what appears or goes later makes no difference", async () => {
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "index.html"), "page");
    writeFileSync(join(folder, "assets/a.js"), "1");
    const server = folderServer(folder, { policy: policyOf, immutable: () => true });
    rmSync(join(folder, "assets/a.js"));
    writeFileSync(join(folder, "assets/b.js"), "2");
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const url = new URL(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
    expect((await raw(url, "/assets/a.js")).body.toString()).toBe("1");
    expect((await raw(url, "/assets/b.js")).status).toBe(404);
    await new Promise((closed) => server.close(closed));
  });

  test("only a lesson's sandbox may compile text, and it reaches nothing", () => {
    expect(policyOf("assets/sandbox.worker-Ab12_-x9.js")).toContain("'unsafe-eval'");
    expect(policyOf("assets/sandbox.worker-Ab12_-x9.js")).toContain("connect-src 'none'");
    for (const path of ["index.html", "assets/index-Ab12.js", "assets/laboratory.worker-Ab12.js"])
      expect(policyOf(path).replace("'wasm-unsafe-eval'", ""), path).not.toMatch(/unsafe/);
  });
});

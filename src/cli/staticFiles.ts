/**
 * A folder over HTTP. It is read once, when the server is made: what is not in that list does not exist, whatever a path says, and a
 * build that goes on meanwhile is not seen.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, relative, sep } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2"
};
const SQUEEZED = new Set([".css", ".html", ".js", ".json", ".svg", ".ttf", ".txt", ".wasm"]);

interface Served {
  readonly body: Buffer;
  readonly extension: string;
  /** Made when a browser first asks for it. */
  gzip?: Buffer;
}

export interface FolderOptions {
  /** The content security policy of a file. */
  readonly policy: (path: string) => string;
  /** Files whose name changes with their content: browsers keep them. */
  readonly immutable: (path: string) => boolean;
}

/** Serves `folder`, its index.html as "/"; not listening yet. */
export function folderServer(folder: string, { policy, immutable }: FolderOptions): Server {
  const files = readFolder(folder);
  return createServer((request: IncomingMessage, response: ServerResponse) => {
    const say = (status: number, sentence: string, headers: Record<string, string> = {}) => {
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff", ...headers });
      response.end(request.method === "HEAD" ? undefined : `${sentence}\n`);
    };
    if (request.method !== "GET" && request.method !== "HEAD") return say(405, "only GET and HEAD", { allow: "GET, HEAD" });
    const path = pathOf(request.url ?? "/");
    const file = path === null ? undefined : files.get(path === "" ? "index.html" : path);
    if (path === null || !file) return say(404, "there is no such file");
    const headers: Record<string, string | number> = {
      "content-type": TYPES[file.extension] ?? "application/octet-stream",
      "content-security-policy": policy(path),
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": immutable(path) ? "public, max-age=31536000, immutable" : "no-cache",
      vary: "accept-encoding"
    };
    let { body } = file;
    if (SQUEEZED.has(file.extension) && /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""))) {
      file.gzip ??= gzipSync(body);
      body = file.gzip;
      headers["content-encoding"] = "gzip";
    }
    response.writeHead(200, { ...headers, "content-length": body.length });
    response.end(request.method === "HEAD" ? undefined : body);
  });
}

function readFolder(folder: string): Map<string, Served> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path).split(sep).join("/"), { body: readFileSync(path), extension: extname(path) }];
    })
  );
}

/** The path asked for, without its first slash; null where it cannot be read. */
function pathOf(url: string): string | null {
  try {
    return decodeURIComponent(url.replace(/[?#].*$/, "")).slice(1);
  } catch {
    return null;
  }
}

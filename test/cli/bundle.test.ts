import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { built } from "./process.ts";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
beforeAll(built);

/** Every module that loading `entry` loads at once, and what else they import. */
function graph(entry: string): { readonly bytes: number; readonly outside: readonly string[] } {
  const seen = new Set<string>();
  const outside = new Set<string>();
  let bytes = 0;
  const visit = (path: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    const code = readFileSync(path, "utf8");
    bytes += code.length;
    for (const [, name] of code.matchAll(/^(?:import|export)[^;]*?from\s*"([^"]+)"|^import\s*"([^"]+)"/gm)) {
      if (name?.startsWith(".")) visit(resolve(dirname(path), name));
      else if (name) outside.add(name);
    }
  };
  visit(resolve(dist, entry));
  return { bytes, outside: [...outside] };
}

test("the library imports nothing: a browser can load dist/index.js as it is", () => expect(graph("index.js").outside).toEqual([]));

test("the command line loads little before it knows the command", () => {
  const { bytes, outside } = graph("cli.js");
  expect(outside).toEqual(["commander"]);
  expect(bytes).toBeLessThan(40_000);
});

import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { describe, expect, test } from "vitest";
import { compile, sources, target } from "../../scripts/wasm.mjs";

describe("embedded WebAssembly", () => {
  test.each(sources().map((path) => [relative(process.cwd(), path), path] as const))(
    "the committed bytes of %s are what its source compiles to",
    async (_name, path) => {
      expect(readFileSync(target(path), "utf8")).toBe(await compile(path));
    },
    60_000
  );
});

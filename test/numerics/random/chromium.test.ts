import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";
import { binaryIid } from "../../../src/ensembles/binaryIid.ts";
import { complexGaussianIid } from "../../../src/ensembles/complexGaussianIid.ts";
import { gaussianIid } from "../../../src/ensembles/gaussianIid.ts";
import { make } from "../../../src/core/parameters.ts";
import { exactExp, exactLog, makeRng } from "../../../src/numerics/random/index.ts";

const browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** What both engines hash; kept free of anything but its arguments, its text goes to the browser. */
function instances(
  rng: typeof makeRng,
  build: typeof make,
  families: readonly [typeof gaussianIid, typeof binaryIid, typeof complexGaussianIid],
  log: typeof exactLog,
  exp: typeof exactExp
): string[] {
  const hash = (x: Float64Array | Float32Array): string => {
    let h = 0x811c9dc5;
    for (const byte of new Uint8Array(x.buffer, x.byteOffset, x.byteLength)) h = Math.imul(h ^ byte, 0x01000193);
    return (h >>> 0).toString(16);
  };
  const data = (A: unknown): Float64Array => (A as { data: Float64Array }).data;
  const u = new Float64Array(20000);
  rng(-7, "u").fillUniform(u);
  return [
    hash(data(build(families[0], { normalization: "columns" }).sample(rng(0, "W"), 150, 130))),
    hash(data(build(families[0]).sample(rng(1, "W"), 150, 130, { precision: "f32" }))),
    hash(data(build(families[1]).sample(rng(2, "W"), 150, 130))),
    hash(data(build(families[2]).sample(rng(3, "W"), 150, 130))),
    hash(u),
    hash(u.map((x) => log(x))),
    hash(u.map((x) => exp(40 * x - 20)))
  ];
}

test.runIf(browser)(
  "the same seed is the same instance, bit for bit, in Node and in Chromium",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "spinodal-"));
    try {
      const from = (path: string) => JSON.stringify(resolve(import.meta.dirname, "../../../src", path));
      writeFileSync(
        join(folder, "entry.ts"),
        `import { exactExp, exactLog, makeRng } from ${from("numerics/random/index.ts")};
       import { make } from ${from("core/parameters.ts")};
       import { gaussianIid } from ${from("ensembles/gaussianIid.ts")};
       import { binaryIid } from ${from("ensembles/binaryIid.ts")};
       import { complexGaussianIid } from ${from("ensembles/complexGaussianIid.ts")};
       globalThis.bricks = [makeRng, make, [gaussianIid, binaryIid, complexGaussianIid], exactLog, exactExp];`
      );
      const bundle = await rolldown({
        input: join(folder, "entry.ts"),
        platform: "browser",
        resolve: { modules: [resolve("node_modules")] },
        logLevel: "silent"
      });
      await bundle.write({ file: join(folder, "bundle.js"), format: "iife" });
      const chrome = await chromium.launch({ executablePath: browser as string, args: ["--no-sandbox"] });
      try {
        const page = await chrome.newPage();
        await page.addScriptTag({ content: readFileSync(join(folder, "bundle.js"), "utf8") });
        const there = await page.evaluate(`(${instances.toString()})(...globalThis.bricks)`);
        const families = [gaussianIid, binaryIid, complexGaussianIid] as const;
        expect(there).toEqual(instances(makeRng, make, families, exactLog, exactExp));
      } finally {
        await chrome.close();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000
);

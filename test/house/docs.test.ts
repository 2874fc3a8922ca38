/** The documents do what they say: command lines run, the library's example gives what its comments claim, paths and names exist. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as channels from "../../src/channels/index.ts";
import { make } from "../../src/core/parameters.ts";
import { writeNpy } from "../../src/io/npy.ts";
import { denseMatrix } from "../../src/linalg/dense.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import * as priors from "../../src/priors/index.ts";
import * as scenarios from "../../src/scenarios/index.ts";
import { built, spinodal } from "../cli/process.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "spinodal-docs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const examples = readdirSync(join(ROOT, "examples")).filter((name) => existsSync(join(ROOT, "examples", name, "README.md")));
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((f) => f.endsWith(".md"))
    .map((f) => `docs/${f}`),
  ...examples.map((name) => `examples/${name}/README.md`)
];
const text = (document: string) => readFileSync(join(ROOT, document), "utf8");

interface Block {
  readonly document: string;
  readonly language: string;
  readonly body: string;
}
const blocks: readonly Block[] = documents.flatMap((document) =>
  [...text(document).matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, language, body]) => ({ document, language, body }))
);
/** Lines of the shell blocks, continuations joined, comments cut. */
const lines = blocks
  .filter((b) => b.language === "sh" || /^(npx )?spinodal [a-z]+ /.test(b.body))
  .flatMap(({ document, body }) =>
    body
      .replace(/\\\n\s*/g, " ")
      .split("\n")
      .map((line) => ({ document, line: line.replace(/\s+#.*$/, "").trim() }))
      .filter(({ line }) => line !== "" && !/[A-Z]{2,} \[/.test(line))
  );

/** What a line would spend more than five seconds on is run smaller: the last value of a flag counts. */
const SMALLER: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^compare /, ["--size", "100", "--seeds", "2"]],
  [/^simulate /, ["--size", "200", "--seeds", "2"]]
];

describe("command lines", () => {
  const commands = lines.filter(({ line }) => /^(npx )?spinodal /.test(line));
  beforeAll(async () => {
    await built();
    // the matrix and the measurements that the pages call A.npy and y.npy: a tenth of 300 unknowns, 180 measurements, noise 0.01
    const rng = makeRng(1, "docs");
    const [rows, cols] = [180, 300];
    const x = new Float64Array(cols);
    make(priors.gaussBernoulli, { rho: 0.1 }).sample(rng.fork("x0"), x);
    const W = denseMatrix(rows, cols);
    W.fillNormal(rng.fork("W"), 1 / Math.sqrt(cols));
    const z = new Float64Array(rows);
    W.apply(x, z);
    const y = new Float64Array(rows);
    make(channels.gaussian, { noise: 0.01 }).sample(rng.fork("y"), z, y);
    writeFileSync(join(folder, "A.npy"), writeNpy({ data: Float64Array.from(W.data), shape: [rows, cols], scalar: "real" }));
    writeFileSync(join(folder, "y.npy"), writeNpy({ data: y, shape: [rows], scalar: "real" }));
    // the model that docs/models.md shows
    const [model] = blocks.filter((b) => b.document === "docs/models.md" && b.language === "json");
    writeFileSync(join(folder, "model.json"), model.body);
    writeFileSync(join(folder, "mine.mjs"), "export const density = (x) => Math.exp(-x * x / 2);\n");
  }, 120_000);

  test("there are some to run", () => expect(commands.length).toBeGreaterThan(8));

  for (const { document, line } of commands)
    test(`${document}: ${line}`, { timeout: 60_000 }, async () => {
      const words = (line.replace(/^(npx )?spinodal /, "").match(/'[^']*'|\S+/g) ?? []).map((w) => w.replace(/^'(.*)'$/, "$1"));
      const smaller = SMALLER.filter(([what]) => what.test(words.join(" "))).flatMap(([, flags]) => flags);
      // what runs until Ctrl-C is sent one
      const end = await spinodal([...words, ...smaller], { cwd: folder, ...(words[0] === "lab" ? { interruptAfter: 3000 } : {}) });
      expect(end.code, `${end.stdout}\n${end.stderr}`).toBe(0);
      expect(end.stdout).not.toMatch(/\bNaN\b|\bundefined\b/);
      const out = words.indexOf("--out");
      if (out >= 0) expect(readdirSync(join(folder, words[out + 1])).length).toBeGreaterThan(0);
      // numbers that the comment beside the line promises
      const promise = new RegExp(`${line.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s+#(.*)`).exec(text(document))?.[1] ?? "";
      for (const number of promise.match(/\d\.\d{6,}/g) ?? []) expect(end.stdout).toContain(number);
    });

  test("a density of one's own, as CONTRIBUTING.md has it, is a prior of solve", { timeout: 60_000 }, async () => {
    expect(text("CONTRIBUTING.md")).toContain("`--prior mine.mjs` in `spinodal solve`, with `export const density = (x) => ...`");
    const words = "solve --matrix A.npy --observations y.npy --prior mine.mjs --channel gaussian:noise=0.01 --json".split(" ");
    const end = await spinodal(words, { cwd: folder });
    expect(end.code, end.stderr).toBe(0);
    expect(JSON.parse(end.stdout).outcome.kind).toBe("converged");
  });
});

test("npm lines name scripts of package.json, vitest and node lines name files", () => {
  const { scripts } = JSON.parse(text("package.json")) as { scripts: Record<string, string> };
  for (const { document, line } of lines) {
    const script = /^npm (?:run )?([\w:]+)/.exec(line)?.[1];
    if (script) expect(scripts, `${document}: ${line}`).toHaveProperty(script);
    const path = /^npx vitest run (\S+)/.exec(line)?.[1] ?? /^node (\S+)/.exec(line)?.[1];
    if (path && path !== "bin/spinodal.js") expect(existsSync(join(ROOT, path)), `${document}: ${line}`).toBe(true);
    expect(line, document).toMatch(/^(npm|npx vitest|npx spinodal|spinodal|node) /);
  }
});

test("every example is followed line by line in test/cli/examples.test.ts, or run by a test of its own name", () => {
  const followed = text("test/cli/examples.test.ts");
  expect(examples.length).toBeGreaterThan(1);
  for (const name of examples.filter((e) => !existsSync(join(ROOT, "test/cli", `${e}.test.ts`))))
    expect(followed).toContain(`commands("${name}")`);
});

test("paths and links lead somewhere", () => {
  const broken: string[] = [];
  for (const document of documents) {
    const body = text(document);
    for (const [, target] of body.matchAll(/\]\(([^)#\s]+)[^)]*\)/g))
      if (!/^[a-z]+:/.test(target) && !existsSync(join(ROOT, dirname(document), target))) broken.push(`${document} links to ${target}`);
    for (const [, path] of body.matchAll(/`((?:src|test|docs|bench|scripts|examples|lab)\/[\w./-]+)`/g))
      if (!/yours/.test(path) && !existsSync(join(ROOT, path))) broken.push(`${document} names ${path}`);
  }
  expect(broken).toEqual([]);
});

describe("the README", () => {
  test("names every scenario, prior and channel", () => {
    const readme = text("README.md");
    const words = new Set(readme.match(/[a-z0-9]+(?:-[a-z0-9]+)*/g));
    const ids = [...Object.values(scenarios), ...Object.values(priors), ...Object.values(channels)].map((x) => x.id);
    expect(ids.filter((id) => !words.has(id))).toEqual([]);
  });

  test("its table lists exactly the scenarios there are, with the thresholds they report", () => {
    const rows = [...text("README.md").matchAll(/^\| `([\w-]+)` \|.*\| ([^|]+) \|$/gm)].map(([, id, thresholds]) => [
      id,
      thresholds.trim()
    ]);
    const all = Object.values(scenarios) as readonly { readonly id: string; readonly thresholdNames: readonly string[] }[];
    expect(rows.map(([id]) => id).sort()).toEqual(all.map((s) => s.id).sort());
    for (const [id, thresholds] of rows)
      if (thresholds !== "all that exist")
        expect(thresholds === "none" ? [] : thresholds.split(", ")).toEqual(all.find((s) => s.id === id)?.thresholdNames);
  });

  test("its TypeScript runs against the built library and gives what its comments say", { timeout: 60_000 }, async () => {
    await built();
    // each block in a scope of its own; `expression; // value` becomes a pair of the value found and the one told
    const program = blocks
      .filter((b) => b.document === "README.md" && b.language === "ts")
      .map(({ body }) => `{\n${body.replace(/^import \{(.*)\} from "spinodal";$/gm, "const {$1} = spinodal;")}}\n`)
      .join("")
      .replace(/^(\S.*); \/\/ (.*)$/gm, (_, expression: string, told: string) => `told.push([${expression}, ${JSON.stringify(told)}]);`)
      .replace(/console\.log\(/g, "logged.push(");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "readme.mjs");
    writeFileSync(
      file,
      `import * as spinodal from ${JSON.stringify(pathToFileURL(join(ROOT, "dist/index.js")).href)};\nexport const told = [];\nexport const logged = [];\n${program}`
    );
    const { told, logged } = (await import(pathToFileURL(file).href)) as {
      told: readonly (readonly [unknown, string])[];
      logged: readonly number[];
    };
    expect(told.length).toBe(4);
    for (const [found, claim] of told) expect(agrees(JSON.stringify(found), claim), `${JSON.stringify(found)}, not ${claim}`).toBe(true);
    expect(logged.length).toBe(1);
    expect(logged[0]).toBeGreaterThan(0);
    expect(logged[0]).toBeLessThan(0.1);
  });
});

/** Equal text, where `1.49...` stands for a number beginning so; keys unquoted, null or extra digits not forgiven. */
function agrees(found: string, claim: string): boolean {
  const pattern = claim
    .replace(/\s+/g, "")
    .replace(/[{}()[\]$^?+*|\\]/g, "\\$&")
    .split("...")
    .map((part) => part.replace(/\./g, "\\."))
    .join("\\d*");
  return new RegExp(`^${pattern}$`).test(claim.startsWith('"') ? found : found.replace(/"/g, ""));
}

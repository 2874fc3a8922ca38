/** The lab's rooms point one way, its page loads none of the heavy code, and its markup keeps to its policy. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const LAB = join(ROOT, "lab/src");

/**
 * From the ground up; a file may import from its own room and from any below. What workers do, and the examples they draw, are the
 * engine's; forms and words of "Your data" are a room below the views, which say the same of pictures, its components one above. Terms
 * are below the lessons that use them, the page that lists them with their lessons above.
 */
const FLOORS: readonly (readonly string[])[] = [
  ["design", "lessons/sandbox"],
  ["catalogue", "formula"],
  ["address", "engine"],
  ["shell"],
  ["controls", "figures", "glossary"],
  ["solve/forms"],
  ["views"],
  ["code"],
  ["scenario"],
  ["gallery", "solve", "lessons"],
  ["glossary/page"],
  ["App"]
];
const floorOf = (room: string) => FLOORS.findIndex((rooms) => rooms.includes(room));

function roomOf(file: string): string {
  const path = relative(LAB, file).split(sep).join("/");
  if (!path.includes("/")) return "App";
  if (/^solve\/(work\/|example)/.test(path)) return "engine";
  if (/^solve\/\w+\.ts$/.test(path)) return "solve/forms";
  if (/^glossary\/\w+Page\.svelte$/.test(path)) return "glossary/page";
  return path.startsWith("lessons/sandbox/") ? "lessons/sandbox" : path.slice(0, path.indexOf("/"));
}

interface Arrow {
  readonly file: string;
  readonly target: string;
  /** By `import type`, or by `import(...)`, when it is run. */
  readonly kind: "static" | "type" | "lazy";
}

const files = readdirSync(LAB, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));
const textOf = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
const arrows: readonly Arrow[] = files.flatMap((file) => {
  const text = textOf.get(file) ?? "";
  const found: Arrow[] = [];
  const add = (kind: Arrow["kind"], path: string) => found.push({ file, target: resolve(dirname(file), path.replace(/\?.*/, "")), kind });
  for (const [, words, path] of text.matchAll(/^\s*(?:import|export)\s+([^"';]*?)(?:\s*from\s+)?"(\.[^"]+)"/gm)) {
    // `import { type A, type B }` is a type's arrow too
    const names = /^\{([\s\S]*)\}$/.exec(words.trim())?.[1].split(",") ?? [];
    const types = names.filter((name) => name.trim() !== "");
    const typed = /^type\b/.test(words) || (types.length > 0 && types.every((name) => /^\s*type\s/.test(name)));
    add(typed ? "type" : "static", path);
  }
  for (const [, path] of text.matchAll(/import\(\s*"(\.[^"]+)"\s*\)/g)) add("lazy", path);
  return found;
});
const name = (path: string) => relative(ROOT, path).split(sep).join("/");

test("every room of the lab has a floor, and imports point down", () => {
  expect([...new Set(files.map(roomOf))].filter((room) => floorOf(room) < 0)).toEqual([]);
  expect(arrows.length).toBeGreaterThan(100);
  const wrong = arrows
    .filter(({ target }) => target.startsWith(LAB + sep))
    .filter(({ file, target }) => roomOf(file) !== roomOf(target) && floorOf(roomOf(target)) >= floorOf(roomOf(file)));
  expect(wrong.map(({ file, target, kind }) => `${name(file)} imports ${name(target)} (${kind})`)).toEqual([]);
});

test("the page's side imports core, experiments and io alone; the rest is loaded by workers, or when it is asked for", () => {
  // what main.ts reaches without asking a worker
  const reached = new Set([join(LAB, "main.ts")]);
  for (const file of reached)
    for (const arrow of arrows)
      if (arrow.file === file && arrow.kind !== "type" && arrow.target.startsWith(LAB + sep) && !/\.worker\.ts$/.test(arrow.target))
        if (existsSync(arrow.target)) reached.add(arrow.target);
  expect(reached.size).toBeGreaterThan(30);
  const light = ["src/algorithms/effectiveNoise.ts"]; // one function of an array, no WebAssembly
  const heavy = arrows.filter(({ file, target, kind }) => {
    const room = /^src\/(\w+)/.exec(name(target))?.[1];
    return (
      reached.has(file) &&
      kind === "static" &&
      room !== undefined &&
      !["core", "experiments", "io"].includes(room) &&
      !light.includes(name(target))
    );
  });
  expect(heavy.map(({ file, target }) => `${name(file)} imports ${name(target)}`)).toEqual([]);
});

test("nothing in src imports the lab", () => {
  const sources = (readdirSync(join(ROOT, "src"), { recursive: true }) as string[]).filter((file) => file.endsWith(".ts"));
  const guilty = sources.filter((file) => /from\s+"[^"]*\/lab\/(?:src|plugins)\//.test(readFileSync(join(ROOT, "src", file), "utf8")));
  expect(guilty).toEqual([]);
});

test("no style attribute in markup, no HTML but figures", () => {
  const components = files.filter((file) => file.endsWith(".svelte"));
  const markup = (file: string) =>
    (textOf.get(file) ?? "").replace(/<style[\s\S]*?<\/style>/g, "").replace(/<script[\s\S]*?<\/script>/g, "");
  expect(components.filter((file) => /\sstyle\s*=/.test(markup(file))).map(name)).toEqual([]);
  const raw = components.flatMap((file) => [...markup(file).matchAll(/\{@html\s+([^}]*)\}/g)].map(([, what]) => `${name(file)}: ${what}`));
  // each is an SVG that src/experiments/figures drew
  expect(raw.filter((one) => !/: svg$/.test(one))).toEqual([]);
});

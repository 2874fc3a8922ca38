import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/** Rooms from the ground up; a file may import from its own room and from any below. */
const FLOORS: readonly (readonly string[])[] = [
  ["core"],
  ["numerics", "io"],
  ["linalg"],
  ["activations"],
  ["priors", "channels", "ensembles", "losses"],
  ["modules"],
  ["models"],
  ["algorithms", "theory"],
  ["scenarios"],
  ["experiments"],
  ["cli"]
];
const SRC = resolve(import.meta.dirname, "../../src");
const floorOf = (room: string) => FLOORS.findIndex((rooms) => rooms.includes(room));
const files = (readdirSync(SRC, { recursive: true }) as string[]).filter(
  (f) => f.endsWith(".ts") && f.includes("/") && !f.includes("assembly/")
);

interface Arrow {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly target: string;
}
const arrows: Arrow[] = files.flatMap((file) => {
  const text = readFileSync(join(SRC, file), "utf8");
  const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g)].map((m) =>
    relative(SRC, resolve(SRC, dirname(file), m[1]))
  );
  return targets.map((target) => ({ file, from: file.split("/")[0], to: target.split("/")[0], target }));
});

test("every room of src has a floor", () => {
  expect([...new Set(files.map((f) => f.split("/")[0]))].filter((room) => floorOf(room) < 0)).toEqual([]);
  expect(arrows.length).toBeGreaterThan(100);
});

test("imports point down the floors, and never sideways between rooms of one floor", () => {
  const wrong = arrows.filter(({ from, to }) => from !== to && floorOf(to) >= floorOf(from));
  expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

test("simulation and theory are independent: algorithms and theory never meet below a scenario", () => {
  const meets = arrows.filter(({ from, to }) => (from === "algorithms" && to === "theory") || (from === "theory" && to === "algorithms"));
  expect(meets).toEqual([]);
});

test("what runs in a browser imports nothing of Node", () => {
  const nodeOnly = /^(cli\/|experiments\/node\/|io\/node\/|linalg\/native\/)/;
  const guilty = files.filter((f) => !nodeOnly.test(f) && /from\s+["']node:/.test(readFileSync(join(SRC, f), "utf8")));
  expect(guilty).toEqual([]);
});

/** examples/digits, run as its README says on a few digits: what the decoder as a prior gains over sparsity and total variation. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readArrayFile } from "../../src/io/node/readFile.ts";
import { built } from "./process.ts";

const example = fileURLToPath(new URL("../../examples/digits/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "spinodal-digits-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8" });
  expect(status, `${words.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout;
};

interface Row {
  readonly task: string;
  readonly mse: Readonly<Record<string, { readonly mean: number; readonly sem: number }>>;
  readonly bars: { readonly predicted: number; readonly within: readonly number[] };
  readonly ends: Readonly<Record<string, number>>;
}

const DIGITS = 12;

describe("examples/digits", () => {
  let table: readonly Row[] = [];
  beforeAll(async () => {
    await built();
    run(join(example, "make.mjs"), String(DIGITS), "out");
    table = (JSON.parse(readFileSync(join(folder, "out/table.json"), "utf8")) as { readonly table: readonly Row[] }).table;
  }, 300_000);
  const of = (task: string) => table.find((row) => row.task.startsWith(task)) as Row;

  test("the decoder has less than half the error of sparse pixels and of total variation, inpainting or sensing up to 32 projections", () => {
    expect(table).toHaveLength(6);
    for (const task of ["a block", "half", "32", "24", "16"]) {
      const { mse } = of(task);
      for (const other of ["sparse pixels", "total variation"]) expect(mse.decoder.mean, task).toBeLessThan(0.5 * mse[other].mean);
    }
  });
  test("expectation propagation on the decoder converges on all digits but two at most (591 of 600 do)", () => {
    for (const { task, ends } of table) expect(ends["decoder converged"], task).toBeGreaterThanOrEqual(DIGITS - 2);
  });
  test("two standard deviations hold 80 % of the missing pixels of a block and 90 % elsewhere", () => {
    for (const { task, bars } of table) expect(bars.within[1], task).toBeGreaterThan(task.startsWith("a block") ? 0.8 : 0.9);
  });
  test("figures are drawn", () => {
    for (const name of ["figure.png", "samples.png"]) expect(existsSync(join(folder, "out", name))).toBe(true);
  });
  test("train.mjs gives the same decoder twice, and learns from the first epochs on", () => {
    const train = (place: string) => run(join(example, "train.mjs"), "5", "16", "3", "0.1", "0.1", place);
    const said = train("one");
    expect(train("two")).toBe(said);
    const residual = Number(/held-out +residual ([\d.]+)/.exec(said)?.[1]);
    // with the mean of the training digits alone it is 0.0737
    expect(residual).toBeLessThan(0.072);
    for (const [name, shape] of [
      ["W1", [16, 5]],
      ["W2", [64, 16]]
    ] as const) {
      const [a, b] = ["one", "two"].map((place) => readArrayFile(join(folder, place, `${name}.csv`)));
      expect(a).toEqual(b);
      expect(a.shape).toEqual(shape);
    }
  }, 120_000);
  test("the decoder that is shipped has the sizes and the noise its README says", () => {
    const shapes = ["W1", "b1", "W2", "b2"].map((name) => readArrayFile(join(example, `decoder/${name}.csv`)).shape.slice(0, 2));
    expect(shapes[0]).toEqual([128, 20]);
    expect(shapes[2]).toEqual([64, 128]);
    const readme = readFileSync(join(example, "README.md"), "utf8");
    expect(readme).toContain(readFileSync(join(example, "decoder/noise.txt"), "utf8").trim());
  });
});

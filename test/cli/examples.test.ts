/** The worked examples of examples/, run as their READMEs say: each command is taken from the README itself. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readArrayFile } from "../../src/io/node/readFile.ts";
import { built } from "./process.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "spinodal-examples-"));
beforeAll(built);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The lines of the README's shell blocks. */
function commands(example: string): string[] {
  const text = readFileSync(join(root, "examples", example, "README.md"), "utf8");
  return [...text.matchAll(/```sh\n([^`]+)```/g)].flatMap(([, block]) => block.trim().split("\n"));
}

/** Runs `node file words` with the files in a folder of its own; the outputs go where that folder is. */
function follow(line: string): string {
  const [program, script, ...words] = line.split(" ");
  expect(program).toBe("node");
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...words], { cwd: folder, encoding: "utf8" });
  expect(status, `${line}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** Seconds each on a free machine; the limit is for one that is busy. */
const LIMIT = 180_000;

interface Report {
  readonly outcome: { readonly kind: string };
  readonly metrics: { readonly raw: { readonly nmseDb: number; readonly cosine: number } };
}

function report(place: string): Report {
  return JSON.parse(readFileSync(join(folder, place, "report.json"), "utf8")) as Report;
}

/** Share of the components within two standard deviations of the truth. */
function covered(place: string, truthPlace: string): number {
  const [estimate, deviation, truth] = [`${place}/estimate.npy`, `${place}/std.npy`, truthPlace].map(
    (name) => readArrayFile(join(folder, name)).data
  );
  let inside = 0;
  for (let i = 0; i < truth.length; i++) if (Math.abs(estimate[i] - truth[i]) < 2 * deviation[i]) inside++;
  return inside / truth.length;
}

const decibels = (text: string) => Number(/nmse.* (-?[\d.]+) dB/.exec(text)?.[1]);
const scaled = ({ metrics: { raw } }: Report) => 10 * Math.log10(1 - raw.cosine ** 2);

describe("examples/ecg", () => {
  const [make, solve, learn] = commands("ecg");
  let filled = Number.NaN;
  let made = "";
  beforeAll(() => {
    made = follow(make);
    filled = decibels(made);
  });
  test("make.mjs prints the prior that the README goes on with", () => {
    expect(solve).toContain(`--prior ${/prior: (\S+)/.exec(made)?.[1]} `);
  });
  test(
    "recovers the trace below -14 dB, where zero filling stays above -3, and L1 at its best rate above -13.5",
    () => {
      follow(solve);
      const { outcome, metrics } = report("out/ecg/recovered");
      expect(outcome.kind).toBe("converged");
      expect(metrics.raw.nmseDb).toBeLessThan(-14);
      expect(filled).toBeGreaterThan(-3);
      const l1 = JSON.parse(follow(solve.replace(/--prior \S+/, "--prior l1:rate=12").replace(/--out \S+/, "--json"))) as Report;
      expect(l1.metrics.raw.nmseDb).toBeGreaterThan(-13.5);
    },
    LIMIT
  );
  test("its error bars differ from sample to sample and hold at least 95 % of the truth within two", () => {
    expect(covered("out/ecg/recovered", "out/ecg/truth.csv")).toBeGreaterThan(0.95);
    const { data } = readArrayFile(join(folder, "out/ecg/recovered/std.npy"));
    expect(Math.max(...data)).toBeGreaterThan(1.5 * Math.min(...data));
    for (const end of ["svg", "png", "pdf"]) expect(existsSync(join(folder, `out/ecg/recovered/signal.${end}`))).toBe(true);
  });
  test(
    "with every parameter learned it stays below -13 dB",
    () => {
      follow(learn);
      expect(report("out/ecg/learned").outcome.kind).toBe("converged");
      expect(report("out/ecg/learned").metrics.raw.nmseDb).toBeLessThan(-13);
    },
    LIMIT
  );
});

describe("examples/one-bit", () => {
  const [make, solve] = commands("one-bit");
  test(
    "recovers the direction below -10.5 dB where the linear estimate stays above -4.5, with bars that hold 90 % within two",
    () => {
      const linear = decibels(follow(make));
      follow(solve);
      const found = report("out/one-bit/recovered");
      expect(found.outcome.kind).toBe("converged");
      expect(scaled(found)).toBeLessThan(-10.5);
      expect(linear).toBeGreaterThan(-4.5);
      expect(covered("out/one-bit/recovered", "out/one-bit/truth.csv")).toBeGreaterThan(0.9);
      const { shape } = readArrayFile(join(folder, "out/one-bit/recovered/estimate.npy"));
      expect(shape).toEqual([128, 128]);
      expect(readFileSync(join(folder, "out/one-bit/recovered/signal.svg"), "utf8")).toContain("posterior s.d.");
    },
    LIMIT
  );
});

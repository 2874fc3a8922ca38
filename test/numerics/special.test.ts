/** Every special function against 50-digit references (references/make.py), in relative error. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as special from "../../src/numerics/special/index.ts";

type Row = [(number | string)[], string[]];
const { tables } = JSON.parse(readFileSync(new URL("references/special.json", import.meta.url), "utf8")) as {
  tables: Record<string, Row[]>;
};

const argument = (a: number | string) => (a === "inf" ? Number.POSITIVE_INFINITY : a === "-inf" ? Number.NEGATIVE_INFINITY : Number(a));

function evaluate(name: string, args: number[]): number[] {
  if (name === "truncatedNormal") {
    const out = [0, 0, 0];
    special.truncatedNormal(args[0], args[1], out);
    return out;
  }
  const f = special[name as Exclude<keyof typeof special, "truncatedNormal">] as (...a: number[]) => number;
  return [f(...args)];
}

describe("special functions", () => {
  test("every exported function has a table", () => {
    expect(Object.keys(tables).sort()).toEqual(Object.keys(special).sort());
  });
  for (const [name, rows] of Object.entries(tables))
    test(`${name}: relative error at most 1e-14 at ${rows.length} arguments`, () => {
      const bad: string[] = [];
      for (const [raw, values] of rows) {
        const args = raw.map(argument);
        const got = evaluate(name, args);
        values.forEach((text, i) => {
          const want = Number(text);
          const error = want === 0 ? Math.abs(got[i]) : Math.abs(got[i] / want - 1);
          if (!(error <= 1e-14)) bad.push(`${name}(${args})[${i}] = ${got[i]}, want ${text}, relative error ${error}`);
        });
      }
      if (process.env.SHOW) console.log(name, bad.length, bad.slice(0, Number(process.env.SHOW)));
      expect(bad.slice(0, 5), `${bad.length} of ${rows.length} beyond 1e-14`).toEqual([]);
    });
});

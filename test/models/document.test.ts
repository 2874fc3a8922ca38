/** The examples of docs/models.md give what their comments say. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as spinodal from "../../src/index.ts";

const text = readFileSync(new URL("../../docs/models.md", import.meta.url), "utf8");
const examples = [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((m) => m[1]);

test("there are examples", () => expect(examples.length).toBeGreaterThan(1));

for (const [k, example] of examples.entries())
  test(`example ${k + 1} gives what its comments say`, () => {
    const told: [unknown, string][] = [];
    const program = example
      .replace(/^import (\{[^}]*\}) from "spinodal";/m, "const $1 = spinodal;")
      .replace(/^(\S.*); \/\/ (.*)$/gm, (_, expression: string, claim: string) => `told.push([${expression}, ${JSON.stringify(claim)}]);`);
    new Function("spinodal", "told", program)(spinodal, told);
    expect(told.length).toBeGreaterThan(2);
    for (const [found, claim] of told) expect(found).toEqual(JSON.parse(claim));
  });

test("every kind of the format has a row in its table", async () => {
  const { kinds } = await import("../../src/models/json/schema.ts");
  const table = text.slice(text.indexOf("### Version 1"));
  for (const kind of kinds) expect(table).toContain(`\`${kind}\``);
});

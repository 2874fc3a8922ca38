/** The address bar carries everything that is on the screen, and nothing that is not its own. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Address,
  FIRST_SEED,
  formatAddress,
  parseAddress,
  pathTroubles,
  RESERVED,
  SEEDS,
  type Setting,
  VIEWS,
  valueText
} from "../../lab/src/address/address.ts";
import { fileBehind, fileMark } from "../../lab/src/address/fileMarks.ts";
import { checked, trimmed } from "../../lab/src/address/checked.ts";
import type { Brick, Catalogue, Entry } from "../../lab/src/catalogue/types.ts";
import type { Param, Value } from "../../src/core/types.ts";
import { version } from "../../src/experiments/version.ts";
import * as lib from "../../src/index.ts";

// biome-ignore lint/suspicious/noExplicitAny: registries of every kind
const bricksOf = (registry: any): Brick[] => Object.values<any>(registry).filter((f) => typeof f?.id === "string" && f.params);
const bricks: Catalogue["bricks"] = {
  prior: bricksOf(lib.priors),
  channel: bricksOf(lib.channels),
  ensemble: bricksOf(lib.ensembles),
  activation: bricksOf(lib.activations),
  loss: bricksOf(lib.losses)
};
const entries = (Object.values(lib.scenarios) as unknown as Entry[]).map((s) => ({ ...s, hasLandscape: false }));
const entryOf = (id: string) => entries.find((e) => e.id === id);
const isParameter = (id: string, key: string) => key in (entryOf(id)?.params ?? {});

const number = (p: { readonly min: number; readonly max: number }) => fc.double({ min: p.min, max: p.max, noNaN: true });
function anyValue(p: Param): fc.Arbitrary<Value> {
  switch (p.kind) {
    case "real":
      return number(p);
    case "integer":
      return fc.integer({ min: p.min, max: Math.min(p.max, 2 ** 31 - 1) });
    case "choice":
      return fc.constantFrom(...p.options);
    case "list":
      return fc.array(number(p), { minLength: 1, maxLength: 5 });
    case "brick":
      return fc.constantFrom(...bricks[p.registry].map((b) => b.id));
    case "layers":
      return fc.constantFrom("relu:ratio=2,noise=0;linear:ratio=1,noise=0.1", "hard-tanh:ratio=0.5,noise=0.01");
    case "file":
      return fc.constantFrom('{"arrays":[{"name":"W","shape":[1],"data":[1]}]}', "[[1,2],[3,4]]", "");
  }
}
const word = fc.string({ unit: "grapheme", maxLength: 12 }).filter((s) => !/\p{Cs}/u.test(s)); // halves of a pair are no text
const settings = fc.constantFrom(...entries).chain((entry) =>
  fc.record({
    scenario: fc.constant(entry.id),
    view: fc.constantFrom(...VIEWS),
    params: fc
      .record(Object.fromEntries(Object.entries(entry.params).map(([k, p]) => [k, anyValue(p)])), { requiredKeys: [] })
      .map((chosen) => chosen as Record<string, Value>), // a key that is left out is absent, not undefined
    seed: fc.integer({ min: 0, max: 2 ** 40 }),
    seeds: fc.integer({ min: 1, max: 1000 }),
    options: fc.dictionary(
      word.filter((k) => k !== "" && !(RESERVED as readonly string[]).includes(k) && !(k in entry.params)),
      word,
      { maxKeys: 4 }
    )
  })
);
const scenarioAddress = (hash: string) => {
  const address = parseAddress(hash, isParameter);
  if (address.page !== "scenario") throw new Error(`${hash} is of page ${address.page}`);
  return address;
};

describe("address", () => {
  it("every parameter and option of every scenario survives the address bar", () => {
    fc.assert(
      fc.property(settings, fc.boolean(), (setting, embed) => {
        const hash = formatAddress({ page: "scenario", setting, embed });
        // what a browser does with it
        const fragment = new URL(`https://example.org/lab/${hash}`).hash;
        const back = scenarioAddress(fragment);
        expect(back.embed).toBe(embed);
        expect(back.madeBy).toBe(version);
        expect({ ...back.setting, params: texts(back.setting.params) }).toEqual({ ...setting, params: texts(setting.params) });
        expect(formatAddress({ page: "scenario", setting: back.setting, embed })).toBe(hash);
        // and what it checks is what was meant
        const entry = entryOf(setting.scenario) as Entry;
        expect(checked(back, entry, bricks).notices.filter((n) => !n.startsWith("The link has"))).toEqual([]);
        expect(trimmed(entry, checked(back, entry, bricks).setting.params)).toEqual(trimmed(entry, asText(setting.params)));
      }),
      { numRuns: 150 }
    );
  });
  const texts = (params: Setting["params"]) => Object.fromEntries(Object.entries(params).map(([k, v]) => [k, valueText(v)]));
  const asText = (params: Setting["params"]) =>
    Object.fromEntries(Object.entries(params).map(([k, v]) => [k, typeof v === "object" ? v.join("/") : String(v)]));

  it("the other pages survive it too", () => {
    const pages: Address[] = [
      { page: "gallery" },
      { page: "gallery", search: "Mézard & 50%" },
      { page: "solve", options: { prior: "gauss-bernoulli:rho=0.1", tv: "0.5" } },
      { page: "lessons" },
      { page: "lessons", lesson: "amp" },
      { page: "glossary", term: "state evolution" }
    ];
    for (const page of pages) expect(parseAddress(formatAddress(page), isParameter)).toEqual(page);
  });

  it("a file never travels: its digest does, and whoever has the file open finds it again", () => {
    const text = '{"arrays":[{"name":"secret","shape":[2],"data":[3.25,4]}]}';
    const setting: Setting = { scenario: "online-sgd", view: "curve", params: { initial: text }, seed: 1, seeds: 4, options: {} };
    const hash = formatAddress({ page: "scenario", setting, embed: false });
    expect(hash).not.toContain("secret");
    expect(hash).not.toContain("3.25");
    expect(hash).toContain(fileMark(text));
    expect(fileBehind(fileMark(text))).toBe(text);
    expect(checked(scenarioAddress(hash), entryOf("online-sgd") as Entry, bricks)).toEqual({ setting, notices: [] });
  });

  it("a file that was opened elsewhere is asked for in a sentence", () => {
    const { setting, notices } = checked(
      scenarioAddress("#/online-sgd/curve?initial=file:0123456789abcdef"),
      entryOf("online-sgd") as Entry,
      bricks
    );
    expect(setting.params).toEqual({});
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain("choose it again under initial");
  });

  it("no scenario has a parameter of a reserved name", () => {
    for (const e of entries) expect(Object.keys(e.params).filter((k) => (RESERVED as readonly string[]).includes(k))).toEqual([]);
  });

  it("what a link gets wrong is said and replaced by its default", () => {
    const hash = "#/glm/curv?alpha=-3&size=2.5&prior=gauss-bernouli&channel=sign:nois=1&damping=0.2&alhpa=2&seed=-1&seeds=0&v=0.0.1";
    const { setting, notices } = checked(scenarioAddress(hash), entryOf("glm") as Entry, bricks);
    expect(setting.params).toEqual({ damping: "0.2" });
    expect([setting.view, setting.seed, setting.seeds]).toEqual(["curve", FIRST_SEED, SEEDS]);
    const all = [...pathTroubles(hash), ...notices].join("\n");
    for (const part of [
      'no view "curv"',
      "seed must be",
      "seeds must be",
      "alpha must be a number in [0.001, 1000], got -3",
      "size must be an integer",
      "did you mean gauss-bernoulli?",
      "did you mean noise?",
      "did you mean alpha?",
      "version 0.0.1"
    ])
      expect(all).toContain(part);
  });

  it("nonsense is an address, never an exception", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        parseAddress(`#${text}`, isParameter);
        pathTroubles(`#${text}`);
      })
    );
    expect(parseAddress("#/100%/curve?a=%", isParameter)).toMatchObject({ page: "scenario", setting: { scenario: "100%" } });
  });
});

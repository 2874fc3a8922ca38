/**
 * What the page knows of every scenario and brick before any of their code is loaded, read off the registries when the lab is
 * built: nothing is written per scenario. `virtual:catalogue` is data; `virtual:scenarios` has one import per scenario,
 * `virtual:lesson-terms` says which lessons use a term of the glossary.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "vite";
import type { Catalogue, Entry } from "../src/catalogue/types.ts";
import { lessonTerms } from "./lessonTerms.ts";
import { shownByRuns } from "./shownByRuns.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const DATA = "virtual:catalogue";
const CODE = "virtual:scenarios";
const TERMS = "virtual:lesson-terms";

// biome-ignore lint/suspicious/noExplicitAny: the built library, read by its registries
type Library = any;

async function library(): Promise<Library> {
  return import(pathToFileURL(`${ROOT}/dist/index.js`).href);
}

function entryOf(lib: Library, s: Library): Entry {
  const { simulate, evolve, predict, thresholds, thresholdsNote, landscape, caveat, landmarks, agreement, ...declaration } = s;
  return {
    ...declaration,
    landmarks: landmarks.map(({ compute: _, ...landmark }: Library) => landmark),
    hasLandscape: typeof landscape === "function",
    ...shownByRuns(lib, s)
  };
}

function bricksOf(registry: Library) {
  return Object.values<Library>(registry)
    .filter((f) => typeof f?.id === "string" && f.params)
    .map(({ id, about, params }) => ({ id, about, params }));
}

export function catalogue(): Plugin {
  return {
    name: "spinodal-catalogue",
    resolveId: (id) => ([DATA, CODE, TERMS].includes(id) ? `\0${id}` : null),
    async load(id) {
      if (id === `\0${DATA}`) {
        const lib = await library();
        const data: Catalogue = {
          scenarios: Object.values<Library>(lib.scenarios).map((s) => entryOf(lib, s)),
          bricks: {
            prior: bricksOf(lib.priors),
            channel: bricksOf(lib.channels),
            ensemble: bricksOf(lib.ensembles),
            activation: bricksOf(lib.activations),
            loss: bricksOf(lib.losses)
          }
        };
        // parsed as JSON, several times faster than as an expression; infinities travel as the string below
        const text = JSON.stringify(data, (_, v) => (v === Number.POSITIVE_INFINITY ? "∞" : v === Number.NEGATIVE_INFINITY ? "-∞" : v));
        return `export default JSON.parse(${JSON.stringify(text)}, (_, v) => (v === "∞" ? Infinity : v === "-∞" ? -Infinity : v));`;
      }
      if (id === `\0${TERMS}`) return `export default ${JSON.stringify(lessonTerms())};`;
      if (id === `\0${CODE}`) {
        const lib = await library();
        const lines = readFileSync(`${ROOT}/src/scenarios/index.ts`, "utf8").matchAll(/export \{ (\w+) \} from "\.\/([^"]+)"/g);
        const loaders = [...lines].map(
          ([, name, file]) =>
            `${JSON.stringify(lib.scenarios[name].id)}: () => import(${JSON.stringify(`${ROOT}/src/scenarios/${file}`)}).then((m) => m.${name})`
        );
        return `export default {\n${loaders.join(",\n")}\n};`;
      }
      return null;
    }
  };
}

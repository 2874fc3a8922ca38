/**
 * What the address bar carries: everything that is on the screen. `#/perceptron/curve?alpha=1.2&seed=3&along=alpha=0.2:2:0.1&v=0.1.0`.
 * In the fragment, so that any static host, any base path and file:// work, and nothing of it reaches a server.
 */
import type { Value } from "../../../src/core/types.ts";
import { version } from "../../../src/experiments/version.ts";
import { fileMark, isFileText } from "./fileMarks.ts";

export const VIEWS = ["curve", "convergence", "landscape", "phase", "matrices", "pictures"] as const;
export type ViewId = (typeof VIEWS)[number];

/** What a view shows: enough to compute it again, bit for bit. Plain data. */
export interface Setting {
  readonly scenario: string;
  readonly view: ViewId;
  /** Parameters that differ from their defaults, as typed; the declaration fills in the rest. */
  readonly params: Readonly<Record<string, Value>>;
  /** The first seed, and how many runs a point has. */
  readonly seed: number;
  readonly seeds: number;
  /** What else a view wants to keep, by its own names: along, observable, x, logy, onsager, ... Never the name of a parameter, nor one of RESERVED. */
  readonly options: Readonly<Record<string, string>>;
}

export type Address =
  | { readonly page: "gallery"; readonly search?: string }
  | {
      readonly page: "scenario";
      readonly setting: Setting;
      /** One figure without chrome. */
      readonly embed: boolean;
      /** The version that wrote the link, where it says so. */
      readonly madeBy?: string;
    }
  | { readonly page: "solve"; readonly options: Readonly<Record<string, string>> }
  | { readonly page: "lessons"; readonly lesson?: string }
  | { readonly page: "glossary"; readonly term?: string };

/** Words of the query that are neither parameters nor options. No scenario has a parameter of these names. */
export const RESERVED = ["seed", "seeds", "v", "embed"] as const;
const PAGES = ["gallery", "solve", "lessons", "glossary"] as const;
export const FIRST_SEED = 1;
export const SEEDS = 4;

/** A percent sign that belongs to nothing stays one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Reads a fragment. No page gives the gallery; what a scenario does not know is kept as an option and refused by its view. */
export function parseAddress(hash: string, isParameter: (scenario: string, key: string) => boolean, embed = false): Address {
  const body = hash.replace(/^#\/?/, "");
  const mark = body.indexOf("?");
  const path = mark < 0 ? body : body.slice(0, mark);
  const words = new URLSearchParams(mark < 0 ? "" : body.slice(mark + 1));
  const [head = "", tail = ""] = path.split("/").map(decoded);
  const all = Object.fromEntries(words);
  if (head === "" || head === "gallery") return { page: "gallery", ...(all.search ? { search: all.search } : {}) };
  if (head === "solve") return { page: "solve", options: all };
  if (head === "lessons") return { page: "lessons", ...(tail ? { lesson: tail } : {}) };
  if (head === "glossary") return { page: "glossary", ...(tail ? { term: tail } : {}) };
  const params: Record<string, Value> = {};
  const options: Record<string, string> = {};
  for (const [key, value] of words) {
    if ((RESERVED as readonly string[]).includes(key)) continue;
    if (isParameter(head, key)) params[key] = value;
    else options[key] = value;
  }
  const whole = (text: string | null, least: number, most: number, fallback: number) =>
    text !== null && /^\d{1,16}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : fallback;
  const view = (VIEWS as readonly string[]).includes(tail) ? (tail as ViewId) : "curve";
  const setting = {
    scenario: head,
    view,
    params,
    seed: whole(words.get("seed"), 0, Number.MAX_SAFE_INTEGER - 1e6, FIRST_SEED),
    seeds: whole(words.get("seeds"), 1, 100_000, SEEDS),
    options
  };
  const madeBy = words.get("v");
  return { page: "scenario", setting, embed: embed || words.has("embed"), ...(madeBy ? { madeBy } : {}) };
}

/** What of the fragment is not understood and was replaced: a sentence each. */
export function pathTroubles(hash: string): string[] {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [head = "", tail = ""] = path.split("/").map(decoded);
  if (head === "" || (PAGES as readonly string[]).includes(head)) return [];
  const words = new URLSearchParams(query);
  const troubles: string[] = [];
  if (tail !== "" && !(VIEWS as readonly string[]).includes(tail))
    troubles.push(`There is no view ${JSON.stringify(tail)}; the views are ${VIEWS.join(", ")}. The curve is shown.`);
  const refused = (key: "seed" | "seeds", least: number, fallback: number) => {
    const text = words.get(key);
    if (text !== null && !(/^\d{1,16}$/.test(text) && Number(text) >= least))
      troubles.push(`${key} must be an integer of at least ${least}, got ${text}; ${fallback} is used.`);
  };
  refused("seed", 0, FIRST_SEED);
  refused("seeds", 1, SEEDS);
  return troubles;
}

/** A value as the address bar shows it. The text of a file never travels: its digest does. */
export function valueText(value: Value): string {
  const text = typeof value === "object" ? value.join("/") : String(value);
  return isFileText(text) ? fileMark(text) : text;
}

export function isFileValue(value: Value): boolean {
  return typeof value === "string" && isFileText(value);
}

/** The fragment of an address, the same for the same address: keys in the order they were set. */
export function formatAddress(address: Address): string {
  const escaped = (text: string) => encodeURIComponent(text).replace(/%(3A|3D|2C|2F|3B)/g, (code) => decodeURIComponent(code));
  const query = (pairs: readonly (readonly [string, string])[]) =>
    pairs.length ? `?${pairs.map(([k, v]) => `${encodeURIComponent(k)}=${escaped(v)}`).join("&")}` : "";
  switch (address.page) {
    case "gallery":
      return `#/${query(address.search ? [["search", address.search]] : [])}`;
    case "solve":
      return `#/solve${query(Object.entries(address.options))}`;
    case "lessons":
      return `#/lessons${address.lesson ? `/${encodeURIComponent(address.lesson)}` : ""}`;
    case "glossary":
      return `#/glossary${address.term ? `/${encodeURIComponent(address.term)}` : ""}`;
    default: {
      const { scenario, view, params, seed, seeds, options } = address.setting;
      return `#/${encodeURIComponent(scenario)}/${view}${query([
        ...Object.entries(params).map(([k, v]) => [k, valueText(v)] as const),
        ["seed", String(seed)],
        ["seeds", String(seeds)],
        ...Object.entries(options).filter(([k]) => !(RESERVED as readonly string[]).includes(k)),
        ...(address.embed ? [["embed", "1"] as const] : []),
        ["v", version]
      ])}`;
    }
  }
}

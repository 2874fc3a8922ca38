/**
 * What the address bar carries: everything that is on the screen. `#/perceptron/curve?alpha=1.2&seed=3&along=alpha=0.2:2:0.1`.
 * In the fragment, so that any static host, any base path and file:// work, and nothing of it reaches a server.
 */
import type { Value } from "../../../src/core/types.ts";

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
  /** What else a view wants to keep, by its own names: along, observable, x, logy, onsager, ... Never the name of a parameter. */
  readonly options: Readonly<Record<string, string>>;
}

export type Address =
  | { readonly page: "gallery"; readonly search?: string }
  | { readonly page: "scenario"; readonly setting: Setting; readonly embed: boolean }
  | { readonly page: "solve"; readonly options: Readonly<Record<string, string>> }
  | { readonly page: "lessons"; readonly lesson?: string }
  | { readonly page: "glossary"; readonly term?: string };

const KEYS = ["seed", "seeds"] as const;

/** Reads a fragment. Unknown pages give the gallery; what a scenario does not know is kept as an option and refused by its view. */
export function parseAddress(hash: string, isParameter: (scenario: string, key: string) => boolean, embed = false): Address {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [head = "", tail = ""] = path.split("/").map(decodeURIComponent);
  const words = new URLSearchParams(query);
  const all = Object.fromEntries(words);
  if (head === "" || head === "gallery") return { page: "gallery", ...(all.search ? { search: all.search } : {}) };
  if (head === "solve") return { page: "solve", options: all };
  if (head === "lessons") return { page: "lessons", ...(tail ? { lesson: tail } : {}) };
  if (head === "glossary") return { page: "glossary", ...(tail ? { term: tail } : {}) };
  const params: Record<string, Value> = {};
  const options: Record<string, string> = {};
  for (const [key, value] of words) {
    if ((KEYS as readonly string[]).includes(key)) continue;
    if (isParameter(head, key)) params[key] = value;
    else options[key] = value;
  }
  const whole = (text: string | null, fallback: number) => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : fallback);
  const view = (VIEWS as readonly string[]).includes(tail) ? (tail as ViewId) : "curve";
  const setting = { scenario: head, view, params, seed: whole(words.get("seed"), 1), seeds: whole(words.get("seeds"), 4), options };
  return { page: "scenario", setting, embed };
}

/** The fragment of an address, the same for the same address: keys in the order they were set. */
export function formatAddress(address: Address): string {
  const query = (pairs: readonly (readonly [string, string])[]) =>
    pairs.length
      ? `?${pairs.map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(v).replace(/%3A/g, ":").replace(/%3D/g, "=").replace(/%2C/g, ",").replace(/%2F/g, "/")}`).join("&")}`
      : "";
  switch (address.page) {
    case "gallery":
      return `#/${query(address.search ? [["search", address.search]] : [])}`;
    case "solve":
      return `#/solve${query(Object.entries(address.options))}`;
    case "lessons":
      return `#/lessons${address.lesson ? `/${address.lesson}` : ""}`;
    case "glossary":
      return `#/glossary${address.term ? `/${address.term}` : ""}`;
    default: {
      const { scenario, view, params, seed, seeds, options } = address.setting;
      const text = (v: Value) => (typeof v === "object" ? v.join("/") : String(v));
      return `#/${scenario}/${view}${query([
        ...Object.entries(params).map(([k, v]) => [k, text(v)] as const),
        ["seed", String(seed)],
        ["seeds", String(seeds)],
        ...Object.entries(options)
      ])}`;
    }
  }
}

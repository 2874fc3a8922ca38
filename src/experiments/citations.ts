/** What to cite: the papers behind a scenario and this software, as BibTeX. */
import type { Reference } from "../core/types.ts";
import { version } from "./version.ts";

export const software: Reference = {
  key: "spinodal",
  cite: `Spinodal, a laboratory for the statistical physics of inference, version ${version}`,
  used: "the computations"
};

/** The authors are what precedes the journal; a citation that does not read so goes into `note` whole. */
export function bibtex(r: Reference): string {
  const year = /\((\d{4})\)/.exec(r.cite)?.[1];
  const doi = r.url ? /doi\.org\/(.+)$/.exec(r.url)?.[1] : undefined;
  const fields = {
    note: `{${escapeTex(r.cite)}}`,
    ...(year ? { year: `{${year}}` } : {}),
    ...(doi ? { doi: `{${doi}}` } : {}),
    ...(r.url ? { url: `{${r.url}}` } : {})
  };
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = ${value}`);
  return `@${r.key === "spinodal" ? "software" : "misc"}{${r.key},\n${lines.join(",\n")}\n}`;
}

function escapeTex(text: string): string {
  return text.replace(/[&%$#_]/g, (c) => `\\${c}`);
}

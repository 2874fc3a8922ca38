/** How thresholds, branches and parameters are written in figures: the letters of the papers. */
import type { Declaration, Value } from "../../core/types.ts";
import { INK } from "./frame.ts";
import { symbolMarkup } from "./markup.ts";
import { plain } from "./scale.ts";

const SUBSCRIPTS: Readonly<Record<string, string>> = {
  informationTheoretic: "IT",
  algorithmic: "alg",
  weakRecovery: "WR",
  spinodalLow: "sp",
  spinodal: "sp",
  l1: "ℓ1",
  specialization: "spec",
  separability: "sep",
  capacity: "c",
  interpolation: "int",
  classical: "cl",
  critical: "c",
  noOde: "ODE",
  sparseAlgorithmic: "alg, sparse",
  sparseInformationTheoretic: "IT, sparse"
};
const SPOKEN: Readonly<Record<string, string>> = {
  informationTheoretic: "information-theoretic",
  algorithmic: "algorithmic",
  weakRecovery: "weak recovery",
  noOde: "no ODE",
  spinodalLow: "lower spinodal",
  l1: "ℓ_{1} minimisation",
  sparseAlgorithmic: "algorithmic, sparse prior",
  sparseInformationTheoretic: "information-theoretic, sparse prior",
  twoNN: "TwoNN"
};

/** `*α*_{IT}` for the threshold informationTheoretic of α. */
export function thresholdMarkup(symbol: string, name: string): string {
  return `${symbolMarkup(symbol)}_{${SUBSCRIPTS[name] ?? spoken(name)}}`;
}

/** informationTheoretic -> information-theoretic, someThing -> some thing. */
export function spoken(name: string): string {
  return SPOKEN[name] ?? name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`);
}

/** Stroke of each threshold: the algorithmic line is solid, the information-theoretic one dashed, the others dotted apart. */
export function thresholdStroke(name: string, k: number): { readonly stroke: string; readonly dash: string; readonly width: number } {
  switch (name) {
    case "informationTheoretic":
      return { stroke: INK.vermilion, dash: "7,4", width: 1.8 };
    case "algorithmic":
      return { stroke: INK.blue, dash: "", width: 1.8 };
    case "weakRecovery":
      return { stroke: INK.green, dash: "2,3", width: 1.8 };
    case "l1":
      return { stroke: INK.purple, dash: "9,3,2,3", width: 1.6 };
    default:
      return { stroke: INK.soft, dash: ["3,3", "1,3", "5,2,1,2"][k % 3], width: 1.4 };
  }
}

/** What STIX Two Text has glyphs for; double-struck letters, for one, it has not, and the name stands for them. */
const DRAWABLE = /^(?:[\u0020-\u017f\u0370-\u03ff\u2070-\u209f\u2113\u2212\u2217*]|\p{M})+$/u;

/** What a figure is at: the notable parameters that are not on its axes, with their letters. */
export function parametersMarkup(
  params: Readonly<Record<string, Value>>,
  symbols: Readonly<Record<string, string>>,
  notable: readonly string[],
  without: readonly string[]
): string {
  return notable
    .filter((k) => !without.includes(k) && params[k] !== undefined && params[k] !== "")
    .map((k) => {
      const v = params[k];
      return `${symbols[k] && DRAWABLE.test(symbols[k]) ? symbolMarkup(symbols[k]) : spoken(k)} = ${typeof v === "number" ? plain(v) : typeof v === "object" ? `{${v.join(", ")}}` : v}`;
    })
    .join(",  ");
}

/** The spoken name, with the letter of the papers behind it when that says more: overlap q/ρ. */
export function observableMarkup(name: string, symbol: string): string {
  const words = spoken(name);
  const label = words === "mse" ? "MSE" : words;
  const same = symbol.toLowerCase() === words || symbol.toLowerCase() === name.toLowerCase();
  return same ? label : `${label} ${symbolMarkup(symbol)}`;
}

/** What figures against time write under it, and whether it is logarithmic; nothing for iterations. */
export function timeAxis(time: Declaration["time"]): { readonly timeTitle?: string; readonly logX?: boolean } {
  if (!time) return {};
  return { timeTitle: `${symbolMarkup(time.symbol)}  (${time.about.replace(/\b[A-Za-z]\b/g, "*$&*")})`, logX: time.log === true };
}

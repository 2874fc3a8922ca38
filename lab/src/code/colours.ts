/** Code cut into runs of one colour: comments, strings, words of the language. Light, and never wrong about the text: the runs are it. */

export interface Ink {
  readonly text: string;
  readonly kind: "plain" | "comment" | "string" | "word" | "flag";
}

const TYPESCRIPT =
  /(\/\/[^\n]*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)|\b(import|from|const|let|for|of|while|await|if|else|new|return)\b/g;
const SHELL = /(^#[^\n]*)|('(?:[^']|'\\'')*')|((?<=^|\s)--[a-z][a-z0-9-]*)/gm;

export function inked(text: string, language: "shell" | "typescript"): Ink[] {
  const found: Ink[] = [];
  let at = 0;
  for (const match of text.matchAll(language === "shell" ? SHELL : TYPESCRIPT)) {
    if (match.index > at) found.push({ text: text.slice(at, match.index), kind: "plain" });
    const kind = match[1] !== undefined ? "comment" : match[2] !== undefined ? "string" : language === "shell" ? "flag" : "word";
    found.push({ text: match[0], kind });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ text: text.slice(at), kind: "plain" });
  return found;
}

/** Edits of the little editor, on text and selection alone. */

export interface Edit {
  /** Replaces what is between `from` and `to`; the caret goes behind it. */
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

const lineStart = (text: string, at: number) => text.lastIndexOf("\n", at - 1) + 1;

/** Tab: two spaces at the caret, or every selected line further in. */
export function indented(text: string, start: number, end: number): Edit {
  if (start === end) return { from: start, to: end, insert: "  " };
  const from = lineStart(text, start);
  return { from, to: end, insert: text.slice(from, end).replace(/^(?=.)/gm, "  ") };
}

/** Enter: the new line begins where the old one does, deeper after an opening brace. */
export function broken(text: string, start: number, end: number): Edit {
  const line = text.slice(lineStart(text, start), start);
  const margin = line.match(/^ */)?.[0] ?? "";
  return { from: start, to: end, insert: `\n${margin}${/[{([]\s*$/.test(line) ? "  " : ""}` };
}

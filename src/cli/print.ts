/** What the commands print: tables, numbers with sensible digits, and the one JSON object of --json. */
import { kebab } from "../core/specs.ts";
import type { Outcome, Value } from "../core/types.ts";

/** One object on stdout. Infinities and NaN do not exist in JSON: null. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, (_, v) => (typeof v === "number" && !Number.isFinite(v) ? null : v), 2)}\n`);
}

export function print(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** Six significant digits: 0.25, 1.23457, 3.1e-9; "-" for what does not exist. */
export function digits(x: number | null | undefined, significant = 6): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return "-";
  if (x !== 0 && (Math.abs(x) < 1e-4 || Math.abs(x) >= 1e7)) return x.toExponential(Math.min(3, significant - 1)).replace(/\.?0+e/, "e");
  return String(Number(x.toPrecision(significant)));
}

/** Columns, the first to the left and numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], left: readonly number[] = [0]): string {
  const width = head.map((h, j) => Math.max(letters(h), ...rows.map((row) => letters(row[j] ?? ""))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, j) => {
        const pad = " ".repeat(Math.max(0, width[j] - letters(cell)));
        return left.includes(j) ? cell + pad : pad + cell;
      })
      .join("  ")
      .trimEnd();
  return [line(head), line(width.map((w) => "─".repeat(w))), ...rows.map(line)].join("\n");
}

/** How wide `table` makes these lines. */
export function widthOf(lines: readonly (readonly string[])[]): number {
  const columns = lines[0].map((_, j) => Math.max(...lines.map((cells) => letters(cells[j] ?? ""))));
  return columns.reduce((s, w) => s + w, 2 * (columns.length - 1));
}

/** Letters as the eye counts them: combining marks take no room. */
function letters(text: string): number {
  return [...text.normalize("NFC")].filter((c) => !/\p{M}/u.test(c)).length;
}

/** Wrapped to the width of the screen, every line indented. */
export function wrap(text: string, indent = ""): string {
  const width = Math.min(process.stdout.columns ?? 100, 110) - indent.length;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((l) => indent + l).join("\n");
}

/** "converged after 12 iterations", with the advice when there is one. */
export function outcomeText(outcome: Outcome): string {
  const clipped = outcome.clipped ? `, ${outcome.clipped} values clipped` : "";
  const after = outcome.iterations > 0 ? ` after ${outcome.iterations} iterations` : "";
  return `${outcome.kind}${after} (residual ${digits(outcome.residual, 2)}${clipped})${outcome.advice ? `: ${outcome.advice}` : ""}`;
}

/** --alpha 1.5 --prior binary */
export function paramsText(params: Readonly<Record<string, Value>>): string {
  return Object.entries(params)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `--${kebab(key)} ${valueText(value)}`)
    .join(" ");
}

export function valueText(value: Value): string {
  if (typeof value === "object") return value.join("/");
  const text = String(value);
  return text.startsWith("{") || text.startsWith("[") ? `(a file of ${text.length} characters)` : text;
}

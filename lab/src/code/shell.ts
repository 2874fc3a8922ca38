/** Command lines: words quoted as a POSIX shell wants them, long ones broken at their flags. */

/** A word as it is where that is safe, else in single quotes. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

const WIDE = 88;

/** One line, or a flag a line where it would be too long. */
export function commandLine(words: readonly string[], flags: readonly (readonly string[])[]): string {
  const parts = [words.map(quoted).join(" "), ...flags.map((flag) => flag.map(quoted).join(" "))];
  const one = parts.join(" ");
  return one.length <= WIDE ? one : parts.join(" \\\n  ");
}

/** Formulas are declared one idea a line, some with two side by side; in a narrow column those stand below each other. */

const LONG = 60;

/** Parts between \qquad (and \quad where the line is long), if each stands by itself: braces, parentheses of \left \right and environments closed. */
export function formulaLines(tex: string): string[] {
  const at = tex.length > LONG ? /,?\s*\\q?quad(?![a-zA-Z])\s*/ : /,?\s*\\qquad(?![a-zA-Z])\s*/;
  const parts = tex
    .split(at)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return parts.every(closed) ? parts : [tex];
}

function closed(part: string): boolean {
  const count = (pattern: RegExp) => part.match(pattern)?.length ?? 0;
  const bare = part.replace(/\\[{}]/g, "");
  return (
    bare.split("{").length === bare.split("}").length &&
    count(/\\left(?![a-zA-Z])/g) === count(/\\right(?![a-zA-Z])/g) &&
    count(/\\begin\{/g) === count(/\\end\{/g)
  );
}

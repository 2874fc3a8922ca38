/** The times that the scrubber of the matrices goes through, and their table. Pure. */
import type { MatrixRun } from "../../../../src/experiments/figures/index.ts";

/** Indices of at most `most` frames, evenly, first and last among them. */
export function stops(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, k) => k);
  return Array.from({ length: most }, (_, k) => Math.round((k * (length - 1)) / (most - 1)));
}

/** The stop closest to a time that an address asks for; the last one where it asks for none. */
export function stopAt(times: readonly number[], asked: string | undefined): number {
  const t = asked === undefined || asked.trim() === "" ? Number.NaN : Number(asked);
  if (!Number.isFinite(t)) return Math.max(0, times.length - 1);
  return times.reduce((best, v, k) => (Math.abs(v - t) < Math.abs(times[best] - t) ? k : best), 0);
}

/** Tidy: one row for each entry of each matrix at each time of each source. */
export function matrixTable(sources: readonly { readonly name: string; readonly run: MatrixRun }[], names: readonly string[]): string {
  const rows: string[] = ["source,t,matrix,row,column,value"];
  for (const { name, run } of sources)
    for (const matrix of names)
      (run.matrices?.[matrix] ?? []).forEach((M, k) => {
        M.forEach((row, i) => {
          row.forEach((v, j) => {
            rows.push(`${name},${run.t[k]},${matrix},${i + 1},${j + 1},${v}`);
          });
        });
      });
  return `${rows.join("\n")}\n`;
}

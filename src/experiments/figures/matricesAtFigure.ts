/** Matrix order parameters at one time: matrices side by side, the theory's above the run's, on one scale of colours for all times. */
import { INK } from "./frame.ts";
import { round, text } from "./markup.ts";
import { divergingColour, type Matrix, type MatrixRequest, type MatrixRun, matched, namesOf, wrap } from "./matrixFigures.ts";
import { linearScale, minus } from "./scale.ts";

export interface MatricesAtRequest extends MatrixRequest {
  readonly at: number;
}

const LEFT = 64;
const BAR = 66;
const GAP = 18;
const LARGEST = 190;

/** White that says zero, not the white of the sheet: a dark theme leaves it. */
const onPaper = (colour: string) => (colour === "#ffffff" ? "#fefefe" : colour);

/** The frame closest to a time. */
function frameAt(run: MatrixRun, t: number): number {
  return run.t.reduce((best, v, k) => (Math.abs(v - t) < Math.abs(run.t[best] - t) ? k : best), 0);
}

interface Boxes {
  readonly size: number;
  readonly tall: number;
  readonly perRow: number;
  readonly rows: number;
  readonly block: number;
}

/** As many boxes side by side as the width has room for. */
function boxesOf(names: readonly string[], shapes: readonly Matrix[], sources: number, width: number): Boxes {
  const room = width - LEFT - BAR;
  const perRow = Math.max(1, Math.min(names.length, Math.floor((room + GAP) / (92 + GAP))));
  const size = Math.min(LARGEST, Math.floor((room + GAP) / perRow - GAP));
  const tall = Math.max(...shapes.map((M) => Math.max(26, Math.round(Math.min(size, (size * M.length) / (M[0]?.length || 1))))));
  const rows = Math.ceil(names.length / perRow);
  return { size, tall, perRow, rows, block: 26 + sources * (tall + 10) + 8 };
}

function sourcesOf(request: MatrixRequest) {
  return [
    ...(request.theory?.matrices ? [{ label: "theory", run: request.theory }] : []),
    ...(request.runs?.[0]?.matrices ? [{ label: "run", run: matched(request.runs[0], request.theory) }] : [])
  ];
}
const shapesOf = (names: readonly string[], run: MatrixRun) => names.map((n) => run.matrices?.[n]?.[0] ?? [[0]]);

/** What the figure needs at a width. */
export function matricesAtHeight(request: MatrixRequest, width: number): number {
  const [names, sources] = [namesOf(request), sourcesOf(request)];
  if (names.length === 0 || sources.length === 0) return 0;
  const { rows, block } = boxesOf(names, shapesOf(names, sources[0].run), sources.length, width);
  return 12 + (request.title ? 24 : 0) + rows * block;
}

/** Returns SVG; "" when there is nothing to draw. */
export function matricesAtFigure(request: MatricesAtRequest): string {
  const [names, sources] = [namesOf(request), sourcesOf(request)];
  if (names.length === 0 || sources.length === 0) return "";
  const width = request.width ?? 600;
  const height = matricesAtHeight(request, width);
  const { size, tall, perRow, block } = boxesOf(names, shapesOf(names, sources[0].run), sources.length, width);
  // the largest entry at any time, so that colours mean the same while time passes
  let most = 1e-12;
  for (const { run } of sources)
    for (const n of names)
      for (const M of run.matrices?.[n] ?? []) for (const row of M) for (const v of row) if (Math.abs(v) > most) most = Math.abs(v);
  let body = request.title ? text(LEFT, 24, request.title, { size: 15 }) : "";
  const top = 12 + (request.title ? 24 : 0);
  names.forEach((name, k) => {
    const x0 = LEFT + (k % perRow) * (size + GAP);
    const y0 = top + Math.floor(k / perRow) * block;
    body += text(x0 + size / 2, y0 + 16, `*${name}*`, { anchor: "middle", size: 16 });
    sources.forEach(({ label, run }, s) => {
      const y = y0 + 26 + s * (tall + 10);
      if (k % perRow === 0) body += text(LEFT - 10, y + tall / 2 + 4, label, { anchor: "end", size: 12, fill: INK.soft });
      const M = run.matrices?.[name]?.[frameAt(run, request.at)] ?? [];
      M.forEach((row, i) => {
        row.forEach((v, j) => {
          const [w, h] = [size / row.length, tall / M.length];
          body += `<rect x="${round(x0 + j * w)}" y="${round(y + i * h)}" width="${round(w)}" height="${round(h)}" fill="${onPaper(divergingColour(v / most))}"/>`;
          if (w >= 26 && h >= 14) {
            const ink = Math.abs(v) > 0.62 * most ? "#fefefe" : "#1b1b1b";
            body += text(x0 + (j + 0.5) * w, y + (i + 0.5) * h + 4, minus(v.toFixed(2).replace(/^-(0\.00)$/, "$1")), {
              anchor: "middle",
              size: Math.min(13, w / 2.8),
              fill: ink
            });
          }
        });
      });
      body += `<rect x="${round(x0)}" y="${round(y)}" width="${size}" height="${tall}" fill="none" stroke="${INK.frame}" stroke-width="0.8"/>`;
    });
  });
  const barX = LEFT + perRow * (size + GAP) + 4;
  const [high, low] = [top + 26, top + block - 18];
  const steps = 40;
  for (let k = 0; k < steps; k++)
    body += `<rect x="${barX}" y="${round(low - ((k + 1) * (low - high)) / steps)}" width="11" height="${round((low - high) / steps + 0.6)}" fill="${divergingColour((2 * (k + 0.5)) / steps - 1)}"/>`;
  body += `<rect x="${barX}" y="${round(high)}" width="11" height="${round(low - high)}" fill="none" stroke="${INK.frame}" stroke-width="0.8"/>`;
  const bar = linearScale([-most, most], [low, high], 4);
  for (const t of bar.ticks) body += text(barX + 15, bar.at(t.value) + 4, t.label, { size: 10.5 });
  return wrap(width, height, body);
}

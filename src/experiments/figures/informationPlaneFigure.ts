/** The information plane: I(X;T_l) against I(Y;T_l), one curve a layer, its points coloured by the epoch of training (Gabrié et al. 2018, figure 3). */
import type { FigureOptions } from "./comparisonFigure.ts";
import { axes, curve, dot, INK, type LegendEntry, lineKey, sheet, svg } from "./frame.ts";
import { round, text } from "./markup.ts";
import { extent, linearScale, path } from "./scale.ts";

/** A run of `layer-entropy`: its times, and its matrices informationX and informationY, one row of L numbers a time. */
export interface PlaneRun {
  readonly t: readonly number[];
  readonly matrices?: Readonly<Record<string, readonly (readonly (readonly number[])[])[]>>;
}

export interface InformationPlaneRequest extends FigureOptions {
  readonly theory?: PlaneRun | undefined;
  /** Instances, drawn as open circles. */
  readonly runs?: readonly PlaneRun[];
}

/** From the first epoch to the last: blue over purple to vermilion. */
const COLOURS = [
  [0, 114, 178],
  [143, 74, 134],
  [213, 94, 0]
] as const;

function colourAt(share: number): string {
  const at = Math.min(Math.max(share, 0), 1) * (COLOURS.length - 1);
  const k = Math.min(Math.floor(at), COLOURS.length - 2);
  const mix = COLOURS[k].map((c, i) => Math.round(c + (at - k) * (COLOURS[k + 1][i] - c)));
  return `#${mix.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly colour: string;
}

/** Points of each layer in order of time. */
function curvesOf({ t, matrices }: PlaneRun): Point[][] {
  const X = matrices?.informationX ?? [];
  const Y = matrices?.informationY ?? [];
  const end = Math.log1p(Math.max(...t, 0));
  return (X[0]?.[0] ?? []).map((_, l) =>
    X.map(([row], k) => ({ x: row[l], y: Y[k][0][l], colour: colourAt(end > 0 ? Math.log1p(t[k]) / end : 0) }))
  );
}

/** Returns SVG. */
export function informationPlaneFigure({ theory, runs = [], ...options }: InformationPlaneRequest): string {
  const lines = theory ? curvesOf(theory) : [];
  const circles = runs.flatMap((run) => curvesOf(run));
  const points = [...lines, ...circles].flat();
  const last = Math.max(0, ...(theory?.t ?? []), ...runs.flatMap((r) => r.t));
  const legend: LegendEntry[] = [];
  if (theory)
    legend.push({ label: "theory", key: { width: 26, draw: (x, y) => lineKey(INK.grey, 1.4).draw(x, y) + dot(x + 13, y, INK.purple) } });
  if (runs.length)
    legend.push({
      label: runs.length === 1 ? "one run" : `${runs.length} runs`,
      key: { width: 9, draw: (x, y) => ring(x + 4.5, y, INK.purple) }
    });
  if (last > 0) legend.push({ label: `epoch 0 … ${last}`, key: { width: 60, draw: ramp } });
  // both axes start at 0: no information is a place of the plane
  const span = (of: (p: Point) => number) => extent([0, ...points.map(of).filter(Number.isFinite)], 0.06);
  const makeY = (range: readonly [number, number]) =>
    linearScale(
      span((p) => p.y),
      range
    );
  const { layout, head } = sheet({
    width: options.width ?? 600,
    height: options.height ?? 420,
    title: options.title ?? "",
    subtitle: options.subtitle ?? "",
    legend,
    yLabels: makeY([0, 1]).ticks.map((tick) => tick.label)
  });
  const x = linearScale(
    span((p) => p.x),
    [layout.left, layout.right],
    7
  );
  const y = makeY([layout.bottom, layout.top]);
  // I(Y;T) <= I(X;T): nothing lies above the diagonal
  let marks = curve(
    path([
      [x.at(0), y.at(0)],
      [x.at(y.domain[1]), y.at(y.domain[1])]
    ]),
    INK.grey,
    0.8,
    "3 4"
  );
  lines.forEach((line, l) => {
    marks += curve(path(line.map((p) => [x.at(p.x), y.at(p.y)])), INK.grey, 1.4);
    for (const p of line) marks += dot(x.at(p.x), y.at(p.y), p.colour, 4);
    const first = line[0];
    if (first) marks += text(x.at(first.x) + 8, y.at(first.y) + 15, `*T*_{${l + 1}}`, { size: 14 });
  });
  for (const circle of circles) for (const p of circle) marks += ring(x.at(p.x), y.at(p.y), p.colour);
  return svg(layout, head, "", marks, axes(layout, x, y, "*I*(*X*; *T*)/*n*_{0}  (nats)", "*I*(*Y*; *T*)/*n*_{0}  (nats)"));
}

function ring(x: number, y: number, stroke: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="3.6" fill="none" stroke="${stroke}" stroke-width="1.2"/>`;
}

function ramp(x: number, y: number): string {
  return Array.from(
    { length: 12 },
    (_, k) => `<rect x="${round(x + 5 * k)}" y="${round(y - 4)}" width="5.2" height="8" fill="${colourAt(k / 11)}"/>`
  ).join("");
}

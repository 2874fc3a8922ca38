/** The factor graph of a model as SVG: circles for variables (grey where observed), squares for factors, priors left, data right. */
import type { Placed } from "./arrange.ts";
import { short } from "./describe.ts";
import type { ModelVariable } from "./expression.ts";
import { layout } from "./layout.ts";
import type { Model } from "./model.ts";
import { shapeWords } from "./shape.ts";

export interface DrawOptions {
  /** Parameters beneath the factors, true by default. */
  readonly parameters?: boolean;
  /** Sizes beneath the variables, true by default. */
  readonly sizes?: boolean;
}

const FONT = "'STIX Two Text', 'Times New Roman', serif";
const INK = "#1a1a1a";
const SOFT = "#5a5a5a";
const RADIUS = 14;
const HALF = 6;
const SIZE = { name: 14, label: 12, small: 10.5 } as const;
const GAP = 26;

interface Mark {
  readonly shape: "circle" | "observed" | "square";
  readonly name: string;
  readonly below: readonly string[];
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? c);
}

/** Set in STIX Two Text, a character is half its size wide on average, and seldom more than 0.58. */
function widthOf(text: string, size: number): number {
  return 0.53 * size * [...text].length;
}

function text(x: number, y: number, body: string, size: number, fill = INK): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" font-size="${size}" text-anchor="middle" fill="${fill}">${body}</text>`;
}

function fixed(x: number): string {
  return String(Math.round(x * 100) / 100);
}

/** x0 as an italic letter with a subscript; words stand upright. */
function nameMarkup(name: string): string {
  const split = /^(\p{L})_?([\p{N}_]*)('*)$/u.exec(name);
  if (!split) return escaped(name);
  const [, letter, digits, primes] = split;
  const sub = digits ? `<tspan dy="3" font-size="${0.72 * SIZE.name}">${digits}</tspan>` : "";
  const after = primes ? `<tspan${digits ? ' dy="-3"' : ""}>${"′".repeat(primes.length)}</tspan>` : "";
  return `<tspan font-style="italic">${escaped(letter)}</tspan>${sub}${after}`;
}

function parameterLines({ factor }: Placed): string[] {
  return Object.entries(factor.knobs)
    .filter(([key, { value }]) => key !== "size" && !(value === 0 && /^(noiseBefore|noiseAfter|mean)$/.test(key)))
    .map(([key, { symbol, value }]) => {
      const mark = key === "noiseAfter" ? "Δ′" : symbol;
      return `${mark.includes("\\") ? key : mark} = ${short(value).replace("-", "−")}`;
    });
}

function shapeLabel(v: ModelVariable): string {
  return shapeWords(v).replace(/x/g, "×").replace(" comple×", " complex");
}

/** Nodes 0 ... V - 1 are the variables, then the factors, then what is observed. */
function marksOf(model: Model, { parameters = true, sizes = true }: DrawOptions): { marks: Mark[]; edges: [number, number][] } {
  const { placed, variables, names } = model.plan;
  const at = new Map(variables.map((v, k) => [v, k]));
  const marks: Mark[] = variables.map((v) => ({ shape: "circle", name: names.get(v) as string, below: sizes ? [shapeLabel(v)] : [] }));
  const edges: [number, number][] = [];
  const ends: Mark[] = [];
  placed.forEach((p, k) => {
    const me = variables.length + k;
    marks.push({ shape: "square", name: p.factor.label, below: parameters ? parameterLines(p) : [] });
    for (const v of p.inputs) edges.push([at.get(v) as number, me]);
    for (const v of p.outputs) edges.push([me, at.get(v) as number]);
    if (p.end?.end !== "observe") return;
    edges.push([me, variables.length + placed.length + ends.length]);
    ends.push({ shape: "observed", name: p.owner, below: [] });
  });
  return { marks: [...marks, ...ends], edges };
}

/** A name fits into its circle, or stands above it. */
function inside(name: string): boolean {
  return [...name.replace(/(\p{L})[\d_]+$/u, "$1")].length <= 2 && [...name].length <= 4;
}

export function draw(model: Model, options: DrawOptions = {}): string {
  const { marks, edges } = marksOf(model, options);
  const spots = layout(marks.length, edges);
  const columns = Math.max(...spots.map((s) => s.column)) + 1;
  const wide = new Array<number>(columns).fill(2 * HALF);
  marks.forEach(({ shape, name, below }, k) => {
    const circle = shape !== "square";
    const title = circle && inside(name) ? 2 * RADIUS : widthOf(name, circle ? SIZE.name : SIZE.label);
    const most = Math.max(circle ? 2 * RADIUS : 2 * HALF, title, ...below.map((line) => widthOf(line, SIZE.small)));
    wide[spots[k].column] = Math.max(wide[spots[k].column], most);
  });
  const lines = Math.max(...marks.map((m) => m.below.length));
  const rowHeight = 2 * RADIUS + 26 + 12 * lines;
  const centres: number[] = [];
  let edge = 12;
  for (const w of wide) {
    centres.push(edge + w / 2);
    edge += w + GAP;
  }
  const top = Math.min(...spots.map((s) => s.row));
  const bottom = Math.max(...spots.map((s) => s.row));
  const width = edge - GAP + 12;
  const height = (bottom - top) * rowHeight + 2 * RADIUS + 34 + 12 * lines;
  const X = (k: number) => centres[spots[k].column];
  const Y = (k: number) => (spots[k].row - top) * rowHeight + RADIUS + 20;

  const wires = edges.map(([a, b]) => {
    // the bend is beside the end nearer the root; the rest runs along the row of the other
    const [parent, child] = spots[b].parent === a ? [a, b] : [b, a];
    const side = Math.sign(spots[child].column - spots[parent].column);
    // between two columns there are no labels: the curve stays there
    const from = centres[spots[parent].column] + (side * wide[spots[parent].column]) / 2;
    const [x0, y0, y1] = [X(parent), Y(parent), Y(child)];
    if (y0 === y1) return `<path d="M${fixed(x0)} ${fixed(y0)}H${fixed(X(child))}"/>`;
    const to = from + side * GAP;
    const middle = (from + to) / 2;
    const curve = `C${fixed(middle)} ${fixed(y0)} ${fixed(middle)} ${fixed(y1)} ${fixed(to)} ${fixed(y1)}`;
    return `<path d="M${fixed(x0)} ${fixed(y0)}H${fixed(from)}${curve}H${fixed(X(child))}"/>`;
  });
  const bodies = marks.map(({ shape, name, below }, k) => {
    const [x, y] = [X(k), Y(k)];
    const notes = (from: number) => below.map((line, i) => text(x, y + from + 12 * i, escaped(line), SIZE.small, SOFT)).join("");
    if (shape === "square") {
      const box = `<rect x="${fixed(x - HALF)}" y="${fixed(y - HALF)}" width="${2 * HALF}" height="${2 * HALF}" fill="${INK}"/>`;
      return `${box}${text(x, y - HALF - 8, escaped(name), SIZE.label)}${notes(HALF + 14)}`;
    }
    const fill = shape === "observed" ? "#d9d9d9" : "#ffffff";
    const ring = `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="${RADIUS}" fill="${fill}" stroke="${INK}" stroke-width="1.2"/>`;
    return `${ring}${text(x, inside(name) ? y + 4.5 : y - RADIUS - 6, nameMarkup(name), SIZE.name)}${notes(RADIUS + 12)}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${fixed(width)}" height="${fixed(height)}" viewBox="0 0 ${fixed(width)} ${fixed(height)}" font-family="${FONT}">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<g fill="none" stroke="${INK}" stroke-width="1.2">${wires.join("")}</g>`,
    ...bodies,
    "</svg>"
  ].join("\n");
}

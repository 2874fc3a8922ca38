import fc from "fast-check";
import { expect, test } from "vitest";
import { layout } from "../../src/models/layout.ts";
import { likelihoods, model, observe, priors } from "../../src/models/index.ts";

type Point = readonly [number, number];

/** The corners of an edge as it is drawn: a bend in the column beside the parent, then a row of the child's own. */
function polyline(spots: ReturnType<typeof layout>, a: number, b: number): Point[] {
  const [parent, child] = spots[b].parent === a ? [spots[a], spots[b]] : [spots[b], spots[a]];
  const side = Math.sign(child.column - parent.column);
  const edge = parent.column + 0.9 * side;
  return [
    [parent.column, parent.row],
    [parent.column + 0.1 * side, parent.row],
    [edge, child.row],
    [child.column, child.row]
  ];
}

function cross([a, b]: readonly [Point, Point], [c, d]: readonly [Point, Point]): boolean {
  const turn = (p: Point, q: Point, r: Point) =>
    Math.sign(Math.round(1e9 * ((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))));
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** Any tree whose edges go either way: node k hangs on an earlier one. */
const trees = fc
  .array(fc.tuple(fc.nat(), fc.boolean()), { minLength: 1, maxLength: 30 })
  .map((steps) => steps.map(([n, up], k): readonly [number, number] => (up ? [n % (k + 1), k + 1] : [k + 1, n % (k + 1)])));

test("any tree is drawn with every edge to the right, no two nodes on one spot, no edge over a node or another edge", () => {
  fc.assert(
    fc.property(trees, (edges) => {
      const count = edges.length + 1;
      const spots = layout(count, edges);
      const wrong: string[] = [];
      for (const [a, b] of edges) if (!(spots[b].column > spots[a].column)) wrong.push(`edge ${a}-${b} goes left`);
      for (let i = 0; i < count; i++)
        for (let j = 0; j < i; j++)
          if (spots[i].column === spots[j].column && Math.abs(spots[i].row - spots[j].row) < 0.999) wrong.push(`nodes ${i} and ${j} meet`);
      const lines = edges.map(([a, b]) => polyline(spots, a, b));
      lines.forEach((line, i) => {
        for (let k = 0; k < line.length - 1; k++) {
          for (let j = 0; j < i; j++)
            for (let l = 0; l < line.length - 1; l++)
              if (cross([line[k], line[k + 1]], [lines[j][l], lines[j][l + 1]])) wrong.push(`edges ${i} and ${j} cross`);
          if (line[k][1] !== line[k + 1][1]) continue;
          // along rows: nobody else's spot
          const [from, to] = [Math.min(line[k][0], line[k + 1][0]), Math.max(line[k][0], line[k + 1][0])];
          spots.forEach((s, n) => {
            if (!edges[i].includes(n) && s.row === line[k][1] && s.column > from && s.column < to)
              wrong.push(`edge ${i} runs over node ${n}`);
          });
        }
      });
      expect(wrong).toEqual([]);
    }),
    { numRuns: 300 }
  );
});

test("separate trees are stacked", () => {
  const spots = layout(4, [
    [0, 1],
    [2, 3]
  ]);
  expect(spots[2].row).toBeGreaterThanOrEqual(spots[0].row + 1);
});

test("names from outside are escaped, and the drawing says names, sizes and parameters", () => {
  const prior = priors.gaussBernoulli({ rho: 0.1 });
  const svg = model(observe(likelihoods.gaussian(), prior.variable("latent", [28, 28]), null, { name: "seen" })).draw();
  for (const word of ["latent", "seen", "28×28", "ρ = 0.1", "gauss-bernoulli"]) expect(svg).toContain(word);
  expect(svg).not.toMatch(/NaN|undefined/);
  const wicked = model(observe({ ...likelihoods.gaussian(), id: '<script>&"' }, prior.variable("x", 3))).draw();
  expect(wicked).not.toContain("<script>");
  expect(wicked).toContain("&lt;script&gt;&amp;&quot;");
  expect(model(prior.variable("x", 3)).draw({ parameters: false, sizes: false })).not.toContain("ρ");
});

/**
 * On a manifold of how many dimensions do the points lie? Three estimates from neighbours, as the number of points doubles: exact theory
 * on a sphere, dimension in the limit elsewhere, and the user's own data beside a sphere sampled as often (Facco et al. 2017; decks on
 * the hidden manifold).
 */
import {
  CORRELATION_WINDOW,
  type DimensionEstimate,
  FEWEST_POINTS,
  intrinsicDimension as estimate
} from "../algorithms/neighbours/index.ts";
import { readArraysText } from "../core/files.ts";
import { outcome } from "../core/outcome.ts";
import { ParameterError } from "../core/parameters.ts";
import { defineScenario } from "../core/scenario.ts";
import type { Frame, Observable, Outcome, Rng, SimulationEnd, Values, Vec } from "../core/types.ts";
import { sphereNeighbours } from "../theory/neighbours/index.ts";
import { predictionLandmark } from "./family/landmark.ts";

const params = {
  manifold: {
    kind: "choice",
    default: "sphere",
    options: ["sphere", "cube", "gaussian", "swiss-roll", "hidden-manifold"],
    symbol: "M",
    about:
      "where points are drawn: uniform on a sphere, a cube or a rolled sheet (of dimension 2); N(0, 1); tanh of random projections of N(0, 1)"
  },
  dimension: { kind: "integer", default: 3, min: 1, max: 50, symbol: "d", about: "dimension of the manifold; 2 for swiss-roll" },
  features: {
    kind: "integer",
    default: 100,
    min: 2,
    max: 10_000,
    symbol: "N",
    about: "coordinates of a point of the hidden manifold, x = tanh(F c/√d); the other manifolds have as many as they need"
  },
  size: { kind: "integer", default: 1024, min: FEWEST_POINTS, max: 100_000, symbol: "n", about: "number of points (of a file: at most)" },
  data: {
    kind: "file",
    default: "",
    symbol: "X",
    about: "the user's own points, one a row; the theory is then that of a sphere of the dimension given, sampled as often",
    accepts: "a matrix, one point a row, such as points.npy"
  }
} as const;
type P = Values<typeof params>;
type O = "twoNN" | "correlationDimension" | "nearestNeighbour";

const dimension = (symbol: string, about: string): Observable => ({ symbol, about, range: [0, Number.POSITIVE_INFINITY] });

interface Points {
  readonly x: Vec;
  readonly rows: number;
  readonly cols: number;
}

function check(p: P): void {
  if (p.manifold === "swiss-roll" && p.data === "" && p.dimension !== 2)
    throw new ParameterError(`intrinsic-dimension: dimension must be 2 for the swiss-roll, got ${p.dimension}; for example --dimension 2`);
  if (p.manifold === "hidden-manifold" && p.data === "" && p.features < p.dimension)
    throw new ParameterError(
      `intrinsic-dimension: features must be at least the dimension ${p.dimension}, got ${p.features}; for example ${10 * p.dimension}`
    );
}

function fromFile(p: P): Points {
  const X = readArraysText(p.data, "intrinsic-dimension: data").find((a) => a.shape.length === 2);
  if (!X) throw new ParameterError("intrinsic-dimension: data must hold a matrix, one point a row, got vectors only");
  const [rows, cols] = X.shape;
  if (rows < FEWEST_POINTS)
    throw new ParameterError(`intrinsic-dimension: data must have at least ${FEWEST_POINTS} points (rows), got ${rows} x ${cols}`);
  return { x: Float64Array.from(X.data), rows, cols };
}

/** `n` points; the rows of a file in a random order, since files are often sorted. */
function draw(p: P, rng: Rng): Points {
  const source = rng.fork("points");
  if (p.data !== "") {
    const { x, rows, cols } = fromFile(p);
    const order = Uint32Array.from({ length: rows }, (_, k) => k);
    for (let k = rows - 1; k > 0; k--) {
      const other = Math.floor(source.uniform() * (k + 1));
      [order[k], order[other]] = [order[other], order[k]];
    }
    const kept = Math.min(rows, p.size) & ~1;
    const mixed = new Float64Array(kept * cols);
    for (let k = 0; k < kept; k++) mixed.set(x.subarray(order[k] * cols, (order[k] + 1) * cols), k * cols);
    return { x: mixed, rows: kept, cols };
  }
  const rows = p.size & ~1;
  const d = p.dimension;
  switch (p.manifold) {
    case "sphere": {
      const x = new Float64Array(rows * (d + 1));
      source.fillNormal(x);
      for (let k = 0; k < rows; k++) {
        const row = x.subarray(k * (d + 1), (k + 1) * (d + 1));
        const norm = Math.sqrt(row.reduce((s, v) => s + v * v, 0));
        for (let c = 0; c <= d; c++) row[c] /= norm;
      }
      return { x, rows, cols: d + 1 };
    }
    case "cube": {
      const x = new Float64Array(rows * d);
      source.fillUniform(x);
      return { x, rows, cols: d };
    }
    case "gaussian": {
      const x = new Float64Array(rows * d);
      source.fillNormal(x);
      return { x, rows, cols: d };
    }
    case "swiss-roll": {
      // the sheet is rolled up along the spiral (t cos t, t sin t), 3 pi/2 < t < 9 pi/2, and 21 wide
      const x = new Float64Array(rows * 3);
      for (let k = 0; k < rows; k++) {
        const t = 1.5 * Math.PI * (1 + 2 * source.uniform());
        x[3 * k] = t * Math.cos(t);
        x[3 * k + 1] = t * Math.sin(t);
        x[3 * k + 2] = 21 * source.uniform();
      }
      return { x, rows, cols: 3 };
    }
    default: {
      const N = p.features;
      const F = new Float64Array(N * d);
      rng.fork("F").fillNormal(F, 1 / Math.sqrt(d));
      const c = new Float64Array(d);
      const x = new Float64Array(rows * N);
      for (let k = 0; k < rows; k++) {
        source.fillNormal(c);
        for (let i = 0; i < N; i++) {
          let u = 0;
          for (let j = 0; j < d; j++) u += F[i * d + j] * c[j];
          x[k * N + i] = Math.tanh(u);
        }
      }
      return { x, rows, cols: N };
    }
  }
}

/** Numbers of points at which estimates are made: n halved as long as 64 are left, in increasing order. */
function countsOf(n: number): number[] {
  const out = [n & ~1];
  while (out[0] / 2 >= FEWEST_POINTS) out.unshift((out[0] / 2) & ~1);
  return out;
}

/** How many points there are: a file may have fewer than `size`. */
const pointsOf = (p: P): number => (p.data === "" ? p.size : Math.min(p.size, fromFile(p).rows)) & ~1;

/** Null (points that coincide) is dimension 0, and the outcome says so. */
const see = (e: DimensionEstimate) => ({
  twoNN: e.twoNN ?? 0,
  correlationDimension: e.correlation ?? 0,
  nearestNeighbour: e.nearestNeighbour ?? 0
});

function theoryAt(p: P, n: number) {
  if (p.manifold !== "sphere" && p.data === "")
    return { twoNN: p.dimension, correlationDimension: p.dimension, nearestNeighbour: p.dimension };
  const { twoNN, correlation, nearestNeighbour } = sphereNeighbours(p.dimension, n, CORRELATION_WINDOW);
  return { twoNN, correlationDimension: correlation, nearestNeighbour };
}

function caveat(p: P): string | null {
  if (p.data !== "")
    return `of these data no theory is known: this is a sphere of dimension ${p.dimension} with ${pointsOf(p)} points; compare dimensions`;
  return p.manifold === "sphere"
    ? null
    : "the limit of many points; at finite n boundaries and curvature bias the estimates, the more the higher the dimension (n^(-1/d))";
}

function told(p: P): Outcome {
  return outcome("converged", 0, 0, { advice: caveat(p) ?? undefined });
}

const itself = () => intrinsicDimension;

export const intrinsicDimension = defineScenario({
  id: "intrinsic-dimension",
  title: "Intrinsic dimension of data",
  summary:
    "Images fill a space of few dimensions inside that of their pixels. Distances between nearest neighbours tell how many: two estimates from neighbours and the correlation integral, as the number of points doubles.",
  formulas: [
    String.raw`\hat d_{2NN} = \frac{n - 1}{\sum_i \ln (r_2^{(i)}/r_1^{(i)})}, \qquad \hat d_C = \frac{d \ln C(r)}{d \ln r}, \qquad \langle r_1 \rangle \sim n^{-1/d}`,
    String.raw`E \ln\frac{r_2}{r_1} = \int (n-1)\, C (1 - C)^{n-2}\, d\ln r \quad \text{on a homogeneous space}`
  ],
  family: "data structure",
  params,
  sized: true,
  time: { symbol: "t", about: "doublings of the number of points" },
  observables: {
    twoNN: dimension("d_2NN", "dimension from the ratio of the distances to the two nearest neighbours"),
    correlationDimension: dimension("d_C", "slope of the correlation integral between 4/n and 32/n of all pairs"),
    nearestNeighbour: dimension("d_NN", "from the decrease of the mean distance to the nearest neighbour between n/2 and n points")
  },
  thresholdNames: [],
  references: [
    {
      key: "facco2017",
      cite: "E. Facco, M. d'Errico, A. Rodriguez, A. Laio, Scientific Reports 7, 12140 (2017)",
      url: "https://doi.org/10.1038/s41598-017-11873-y",
      used: "the ratio r_2/r_1 is Pareto with exponent d (eq. 3); here in maximum-likelihood form"
    },
    {
      key: "grassberger1983",
      cite: "P. Grassberger, I. Procaccia, Physica D 9, 189 (1983)",
      url: "https://doi.org/10.1016/0167-2789(83)90298-1",
      used: "the correlation integral and its slope"
    },
    {
      key: "goldt2020",
      cite: "S. Goldt, M. Mézard, F. Krzakala, L. Zdeborová, Phys. Rev. X 10, 041044 (2020)",
      url: "https://doi.org/10.1103/PhysRevX.10.041044",
      used: "the hidden manifold x = f(F c/√d)"
    }
  ],
  landmarks: [
    predictionLandmark(
      itself,
      { manifold: "sphere", dimension: 2, size: 400 },
      "twoNN",
      {
        name: "two-dimensional sphere: the estimate from two neighbours is exact at every n",
        value: 2,
        tolerance: 1e-10,
        source: "C = r²/4 is uniform, so E ln(r_2/r_1) = (ψ(2) - ψ(1))/2 = 1/2"
      },
      "algorithmic"
    )
  ],
  agreement: [
    { at: "every-t", bias: 6, params: { manifold: "sphere", dimension: 2, size: 512 } },
    { at: "every-t", bias: 30, params: { manifold: "sphere", dimension: 6, size: 512 } }
  ],

  *simulate(p: P, rng: Rng): Generator<Frame<O>, SimulationEnd> {
    check(p);
    const { x, rows, cols } = draw(p, rng);
    const estimates = estimate(x, rows, cols, countsOf(rows));
    for (let k = 0; k < estimates.length; k++) yield { t: k, ...see(estimates[k]) };
    const { twoNN, correlation, nearestNeighbour, duplicates } = estimates[estimates.length - 1];
    const extra = { points: rows, duplicates };
    if (twoNN === null || correlation === null || nearestNeighbour === null)
      return {
        ...outcome("diverged", 1, estimates.length, {
          advice: `${duplicates} of ${rows} points coincide with another, so not every dimension can be told; 0 stands for it: remove duplicates`
        }),
        extra
      };
    return { ...outcome("converged", 0, estimates.length), extra };
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    check(p);
    const counts = countsOf(pointsOf(p));
    for (let k = 0; k < counts.length; k++) yield { t: k, ...theoryAt(p, counts[k]) };
    return told(p);
  },

  caveat,

  predict(p: P) {
    check(p);
    const n = pointsOf(p);
    return { branches: { algorithmic: { outcome: told(p), observables: theoryAt(p, n) } }, phase: null };
  }
});

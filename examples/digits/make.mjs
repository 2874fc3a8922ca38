// Recovers held-out digits from some of their pixels or from random projections, in four ways; prints a table of mean square
// errors, checks the error bars, draws the figure. From the top folder of Spinodal, after npm run build:
// node examples/digits/make.mjs [digits] [folder]
import { mkdirSync, writeFileSync } from "node:fs";
import { makeRng, svd } from "spinodal";
import { toPng } from "spinodal/node";
import { readDigits } from "./data.mjs";
import { decode, LATENT, withDecoder, withGaussianPixels, withSparsePixels, withTotalVariation } from "./recover.mjs";

const count = Number(process.argv[2] ?? 100);
const folder = process.argv[3] ?? "out/digits";
const pixels = 64;
const noise = 1e-3; // variance of the observations' noise: half a grey level of the seventeen, r.m.s.
const rng = makeRng(1, "digits to recover");
const { training, validation, heldOut } = readDigits();
const sub = (x, i) => x.subarray(i * pixels, (i + 1) * pixels);

// ---------------------------------------------------------------- what each prior learns from the training digits
const N = training.length / pixels;
const lit = training.filter((v) => v > 0);
const level = lit.reduce((s, v) => s + v, 0) / lit.length;
const sparse = { rho: lit.length / training.length, mean: level, variance: lit.reduce((s, v) => s + (v - level) ** 2, 0) / lit.length };
const centre = new Float64Array(pixels);
for (let i = 0; i < training.length; i++) centre[i % pixels] += training[i] / N;
const covariance = new Float64Array(pixels * pixels);
for (let mu = 0; mu < N; mu++)
  for (let i = 0; i < pixels; i++)
    for (let j = 0; j < pixels; j++) covariance[i * pixels + j] += ((training[mu * pixels + i] - centre[i]) * (training[mu * pixels + j] - centre[j])) / N;

// ---------------------------------------------------------------- what is seen
const masked = (keep) => {
  const seen = Array.from({ length: pixels }, (_, p) => p).filter(keep);
  const A = new Float64Array(seen.length * pixels);
  seen.forEach((p, r) => {
    A[r * pixels + p] = 1;
  });
  return { A, rows: seen.length, seen };
};
const projected = (rows, draw) => {
  const G = new Float64Array(rows * pixels);
  draw.fillNormal(G);
  return { A: svd({ rows, cols: pixels, data: G }, { backend: "wasm" }).Vh, rows, seen: null };
};
const inBlock = (p) => p >> 3 >= 2 && p >> 3 < 6 && (p & 7) >= 2 && (p & 7) < 7;
const tasks = [
  ["a block of 20 pixels missing", () => masked((p) => !inBlock(p))],
  ["half of the pixels missing", (draw) => masked(() => draw.uniform() < 0.5)],
  ["48 projections", (draw) => projected(48, draw)],
  ["32 projections", (draw) => projected(32, draw)],
  ["24 projections", (draw) => projected(24, draw)],
  ["16 projections", (draw) => projected(16, draw)]
];
const observed = (x, { A, rows }, draw) => {
  const y = new Float64Array(rows);
  draw.fillNormal(y, Math.sqrt(noise));
  for (let r = 0; r < rows; r++) for (let p = 0; p < pixels; p++) y[r] += A[r * pixels + p] * x[p];
  return y;
};

/** Mean square error over the pixels that are not seen (all of them for projections). */
const error = (estimate, x, { seen }) => {
  let [sum, n] = [0, 0];
  for (let p = 0; p < pixels; p++)
    if (!seen?.includes(p)) {
      sum += (estimate[p] - x[p]) ** 2;
      n++;
    }
  return n === 0 ? 0 : sum / n;
};

// ---------------------------------------------------------------- every method on every digit
const names = ["sparse pixels", "total variation", "Gaussian pixels", "decoder"];
const rates = [0.1, 0.3, 1, 3, 10, 30];
const table = [];
const pictures = [];
for (const [t, [task, see]] of tasks.entries()) {
  const at = (i, set) => {
    const draw = rng.fork(`${task}, ${set} ${i}`);
    const view = see(draw.fork("view"));
    const x = sub(set === "validation" ? validation : heldOut, i);
    return { x, view, y: observed(x, view, draw.fork("noise")) };
  };
  // the weight of the total variation is the best one for 30 validation digits
  const trials = rates.map((rate) => {
    let sum = 0;
    for (let i = 0; i < 30; i++) {
      const { x, view, y } = at(i, "validation");
      sum += error(withTotalVariation(view.A, view.rows, y, noise, rate).mean, x, view);
    }
    return sum;
  });
  const rate = rates[trials.indexOf(Math.min(...trials))];
  const errors = names.map(() => []);
  const bars = { inside: [0, 0, 0], pixels: 0, square: 0 };
  const ends = {};
  for (let i = 0; i < count; i++) {
    const { x, view, y } = at(i, "held-out");
    const { A, rows, seen } = view;
    const found = [
      withSparsePixels(A, rows, y, noise, sparse, seen),
      withTotalVariation(A, rows, y, noise, rate),
      withGaussianPixels(A, rows, y, noise, { centre, covariance }),
      withDecoder(A, rows, y, noise)
    ];
    found.forEach(({ mean, outcome }, m) => {
      errors[m].push(error(mean, x, view));
      const kind = `${names[m]} ${outcome.kind}`;
      ends[kind] = (ends[kind] ?? 0) + 1;
    });
    const { mean, deviation } = found[3];
    for (let p = 0; p < pixels; p++)
      if (!seen?.includes(p)) {
        const z = Math.abs(mean[p] - x[p]) / deviation[p];
        for (const k of [1, 2, 3]) if (z < k) bars.inside[k - 1]++;
        bars.square += deviation[p] ** 2;
        bars.pixels++;
      }
    if ([0, 1].some((k) => i === (2 * t + k) % count)) pictures.push({ task, x, view, y, found });
  }
  const summary = errors.map((e) => {
    const mean = e.reduce((s, v) => s + v, 0) / e.length;
    return { mean, sem: Math.sqrt(e.reduce((s, v) => s + (v - mean) ** 2, 0) / (e.length - 1) / e.length) };
  });
  table.push({
    task,
    rate,
    mse: Object.fromEntries(names.map((name, m) => [name, summary[m]])),
    bars: { predicted: bars.square / bars.pixels, within: bars.inside.map((n) => n / bars.pixels) },
    ends
  });
  const cells = summary.map(({ mean, sem }) => `${mean.toFixed(4)} ± ${sem.toFixed(4)}`);
  const { predicted, within } = table[table.length - 1].bars;
  console.log(`| ${task} | ${cells.join(" | ")} | ${predicted.toFixed(4)} | ${within.slice(0, 2).map((v) => `${Math.round(100 * v)} %`).join(", ")} |`);
}
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/table.json`, `${JSON.stringify({ count, noise, sparse, table }, null, 2)}\n`);

// ---------------------------------------------------------------- the figure
const [cell, gap, left, top] = [72, 10, 178, 34];
const columns = ["truth", "observed", ...names, "s.d. (0 to 0.4)"];
const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const grey = (v) => {
  const g = Math.round(255 * (1 - Math.max(0, Math.min(1, v))));
  return `rgb(${g},${g},${g})`;
};
const image = (values, x, y, colour) => {
  const side = cell / 8;
  const squares = Array.from(values, (v, p) => (v === null ? "" : `<rect x="${x + (p % 8) * side}" y="${y + (p >> 3) * side}" width="${side + 0.1}" height="${side + 0.1}" fill="${colour(v)}"/>`));
  return `<rect x="${x}" y="${y}" width="${cell}" height="${cell}" fill="#dbe7f3"/>${squares.join("")}<rect x="${x}" y="${y}" width="${cell}" height="${cell}" fill="none" stroke="#888" stroke-width="0.6"/>`;
};
const label = (x, y, text, anchor = "middle") => `<text x="${x}" y="${y}" text-anchor="${anchor}" font-family="STIX Two Text" font-size="12.5" fill="#222">${escape(text)}</text>`;
const marks = columns.map((name, c) => label(left + c * (cell + gap) + cell / 2, top - 10, name));
pictures.forEach(({ task, x, view, y, found }, r) => {
  const v = top + r * (cell + gap);
  const seen = view.seen
    ? Array.from({ length: pixels }, (_, p) => (view.seen.includes(p) ? y[view.seen.indexOf(p)] : null))
    : Array.from({ length: pixels }, (_, p) => y.reduce((s, value, i) => s + view.A[i * pixels + p] * value, 0)); // A^T y
  const shown = [x, seen, ...found.map(({ mean }) => mean)];
  if (r % 2 === 0) marks.push(label(left - 12, v + cell / 2, task, "end"));
  shown.forEach((values, c) => {
    marks.push(image(values, left + c * (cell + gap), v, grey));
  });
  marks.push(image(found[3].deviation, left + 6 * (cell + gap), v, (s) => grey(s / 0.4)));
});
const [width, height] = [left + columns.length * (cell + gap) + 4, top + pictures.length * (cell + gap) + 4];
const figure = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="#fff"/>${marks.join("")}</svg>`;
writeFileSync(`${folder}/figure.png`, await toPng(figure, { scale: 1.2 }));

// what the decoder makes of codes drawn from its prior, in four rows of twelve, above twelve training digits
const draw = rng.fork("samples");
const tiles = Array.from({ length: 60 }, (_, i) => {
  const z = new Float64Array(LATENT);
  draw.fillNormal(z);
  return image(i < 48 ? decode(z) : sub(training, i), 4 + (i % 12) * (cell + 4), 4 + Math.floor(i / 12) * (cell + 4) + (i < 48 ? 0 : 10), grey);
});
const [across, down] = [12 * (cell + 4) + 4, 5 * (cell + 4) + 14];
const samples = `<svg xmlns="http://www.w3.org/2000/svg" width="${across}" height="${down}" viewBox="0 0 ${across} ${down}"><rect width="100%" height="100%" fill="#fff"/>${tiles.join("")}</svg>`;
writeFileSync(`${folder}/samples.png`, await toPng(samples, { scale: 1 }));

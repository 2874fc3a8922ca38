// Odd against even digits from random relu features: learning curves of ridge and of logistic regression on the real digits, and the
// theory that knows nothing of them but covariances (scenario gaussian-covariate). Prints a table, draws learningCurve.png. From the
// top folder of Spinodal, after npm run build: node examples/digits/learningCurve.mjs [seeds] [folder]
import { mkdirSync, writeFileSync } from "node:fs";
import { average, evolveRun, final, makeRng, multiply, scenarios, simulateRun } from "spinodal";
import { toPng } from "spinodal/node";
import { readDigits } from "./data.mjs";

const seeds = Number(process.argv[2] ?? 20);
const folder = process.argv[3] ?? "out/digits";
const scenario = scenarios.gaussianCovariate;
const pixels = 64;
const features = 200;

// ---------------------------------------------------------------- x = relu(F^T c/sqrt 64), c the pixels, centred, of variance 1 on average
const { training, validation, heldOut, labels } = readDigits();
const c = Float64Array.of(...training, ...validation, ...heldOut);
const rows = labels.length;
const mean = new Float64Array(pixels);
for (let k = 0; k < c.length; k++) mean[k % pixels] += c[k] / rows;
for (let k = 0; k < c.length; k++) c[k] -= mean[k % pixels];
const norm = Math.sqrt(c.reduce((s, v) => s + v * v, 0) / c.length);
for (let k = 0; k < c.length; k++) c[k] /= norm;
const F = new Float64Array(pixels * features);
makeRng(1, "features of digits").fillNormal(F, 1 / Math.sqrt(pixels));
const x = new Float64Array(rows * features);
multiply(rows, features, pixels, c, F, x);
for (let k = 0; k < x.length; k++) x[k] = Math.max(0, x[k]);
const data = JSON.stringify({
  arrays: [
    { name: "X", shape: [rows, features], data: Array.from(x) },
    { name: "y", shape: [rows], data: Array.from(labels) }
  ]
});

// ---------------------------------------------------------------- curves
const tasks = [
  { name: "ridge: mean squared error", params: { loss: "square", labels: "linear" }, lambdas: [0.01, 1] },
  { name: "logistic: label error", params: { loss: "logistic", labels: "sign" }, lambdas: [0.01, 1] }
];
const alphas = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4.5, 6.5];
const fine = Array.from({ length: 41 }, (_, k) => 0.2 * (7 / 0.2) ** (k / 40));
const table = [];
for (const { name, params, lambdas } of tasks)
  for (const lambda of lambdas) {
    const at = (alpha) => ({ ...params, data, lambda, alpha });
    const theory = (alpha) => final(evolveRun(scenario, at(alpha)));
    const dots = alphas.map((alpha) => {
      const ends = Array.from({ length: seeds }, (_, k) => final(simulateRun(scenario, at(alpha), k + 1, makeRng)));
      const measured = (key) => average(ends.map((end) => end[key]));
      return { alpha, test: measured("generalizationError"), training: measured("trainingLoss"), theory: theory(alpha) };
    });
    table.push({ name, lambda, dots, line: fine.map((alpha) => [alpha, theory(alpha).generalizationError]) });
    console.log(`\n${name}, lambda = ${lambda}\n| n/p | runs | theory | training loss of runs | theory |\n|---|---|---|---|---|`);
    for (const { alpha, test, training: loss, theory: told } of dots) {
      const cell = ({ mean: m, sem }) => `${m.toFixed(4)} ± ${(sem ?? 0).toFixed(4)}`;
      console.log(`| ${alpha} | ${cell(test)} | ${told.generalizationError.toFixed(4)} | ${cell(loss)} | ${told.trainingLoss.toFixed(4)} |`);
    }
  }
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/learningCurve.json`, `${JSON.stringify({ seeds, features, table }, null, 2)}\n`);

// ---------------------------------------------------------------- the figure
const [width, height, left, top, bottom] = [330, 260, 52, 34, 44];
const colours = ["#1f5fa8", "#c0541a"];
const text = (px, py, words, anchor = "middle", size = 12.5) =>
  `<text x="${px}" y="${py}" text-anchor="${anchor}" font-family="STIX Two Text" font-size="${size}" fill="#222">${words}</text>`;
const panels = tasks.map(({ name }, t) => {
  const curves = table.filter((row) => row.name === name);
  const highest = 1.08 * Math.max(...curves.flatMap(({ dots }) => dots.map((d) => Math.max(d.test.mean, d.theory.generalizationError))));
  const step = highest > 0.8 ? 0.4 : 0.1;
  const x0 = left + t * (width + left + 16);
  const X = (alpha) => x0 + (width * Math.log(alpha / 0.2)) / Math.log(7 / 0.2);
  const Y = (e) => top + height * (1 - Math.min(1, e / highest));
  const marks = [`<rect x="${x0}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#888" stroke-width="0.7"/>`];
  for (const alpha of [0.2, 0.5, 1, 2, 5]) marks.push(text(X(alpha), top + height + 16, alpha));
  for (let e = 0; e < highest; e += step) marks.push(text(x0 - 7, Y(e) + 4, e.toFixed(1), "end"));
  marks.push(text(x0 + width / 2, top - 12, name), text(x0 + width / 2, top + height + 34, "training digits per feature, n/p"));
  curves.forEach(({ lambda, dots, line }, k) => {
    const path = line.map(([alpha, e]) => `${X(alpha).toFixed(1)},${Y(e).toFixed(1)}`).join(" ");
    marks.push(`<polyline points="${path}" fill="none" stroke="${colours[k]}" stroke-width="1.5"/>`);
    for (const { alpha, test } of dots) {
      const [px, up, down] = [X(alpha), Y(test.mean + 2 * (test.sem ?? 0)), Y(test.mean - 2 * (test.sem ?? 0))];
      marks.push(
        `<line x1="${px}" x2="${px}" y1="${up}" y2="${down}" stroke="${colours[k]}"/><circle cx="${px}" cy="${Y(test.mean)}" r="3" fill="${colours[k]}"/>`
      );
    }
    marks.push(`<circle cx="${x0 + width - 76}" cy="${top + 16 + 18 * k}" r="3" fill="${colours[k]}"/>`, text(x0 + width - 66, top + 20 + 18 * k, `λ = ${lambda}`, "start"));
  });
  return marks.join("");
});
const [w, h] = [2 * (width + left) + 28, top + height + bottom];
writeFileSync(
  `${folder}/learningCurve.png`,
  await toPng(`<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}"><rect width="100%" height="100%" fill="#fff"/>${panels.join("")}</svg>`, { scale: 1.5 })
);

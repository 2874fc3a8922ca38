// Emulates the recorder: reads ecg.csv, writes truth.csv and y.csv to out/ecg, and prints the prior of the calibration stretch.
// Run from the top folder of Spinodal, after npm run build: node examples/ecg/make.mjs [measurements]
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeOperator, makeRng } from "spinodal";
import { readArrayFile } from "spinodal/node";

const rows = Number(process.argv[2] ?? 819);
const samples = 2048;
const noise = 0.0025; // mV^2: 0.05 mV r.m.s., as the electronics' data sheet would state it
const out = "out/ecg";

// two columns: the stretch to be measured, and an earlier one of the same patient that calibrates the prior
const { data } = readArrayFile(fileURLToPath(new URL("ecg.csv", import.meta.url)));
const [truth, calibration] = [0, 1].map((column) => {
  const mv = Float64Array.from({ length: samples }, (_, i) => data[2 * i + column]);
  const mean = mv.reduce((sum, v) => sum + v, 0) / samples;
  return mv.map((v) => v - mean); // the amplifier is AC-coupled
});

// what the hardware does: flip random signs, transform, keep some rows, add noise
const recorder = makeOperator(`subsampled-dct:rows=${rows},cols=${samples},seed=1,signs=random`);
const y = new Float64Array(rows);
recorder.apply(truth, y);
const error = new Float64Array(rows);
makeRng(1, "recorder noise").fillNormal(error, Math.sqrt(noise));
for (let i = 0; i < rows; i++) y[i] += error[i];

mkdirSync(out, { recursive: true });
writeFileSync(`${out}/truth.csv`, `${truth.join("\n")}\n`);
writeFileSync(`${out}/y.csv`, `${y.join("\n")}\n`);

// zero filling: the rows are orthonormal, so it is also the least-squares solution of least norm
const filled = new Float64Array(samples);
recorder.adjoint(y, filled);
const energy = (v) => v.reduce((sum, x) => sum + x * x, 0);
console.log(`wrote ${out}/truth.csv (${samples} samples) and ${out}/y.csv (${rows} measurements)`);
console.log(`zero filling (least squares): nmse ${(10 * Math.log10(energy(filled.map((x, i) => x - truth[i])) / energy(truth))).toFixed(2)} dB`);

// the prior of the wavelet coefficients: Gaussians a decade apart, weights by expectation maximisation on the calibration stretch
const variances = [10, 1, 0.1, 0.01, 0.001];
const coefficients = new Float64Array(samples);
makeOperator(`subsample:rows=${samples},cols=${samples},basis=haar1d`).adjoint(calibration, coefficients);
let weights = variances.map(() => 1 / variances.length);
for (let round = 0; round < 200; round++) {
  const total = variances.map(() => 0);
  for (const c of coefficients) {
    const density = variances.map((v, k) => (weights[k] * Math.exp((-c * c) / (2 * v))) / Math.sqrt(v));
    const sum = density.reduce((a, b) => a + b, 0);
    for (let k = 0; k < total.length; k++) total[k] += density[k] / sum;
  }
  weights = total.map((t) => t / samples);
}
const list = (values) => values.map((v) => Number(v.toPrecision(2))).join("/");
console.log(`prior: gaussian-mixture:weights=${list(weights)},means=0/0/0/0/0,variances=${list(variances)}`);

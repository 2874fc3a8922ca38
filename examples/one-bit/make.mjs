// Emulates the camera: reads camera.png, writes truth.csv and y.csv to out/one-bit: each measurement is one sign, +1 or -1.
// Run from the top folder of Spinodal, after npm run build: node examples/one-bit/make.mjs [measurements]
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeOperator, makeRng } from "spinodal";
import { readArrayFile } from "spinodal/node";

const side = 128;
const pixels = side * side;
const rows = Number(process.argv[2] ?? pixels);
const noise = 0.05; // variance of the comparator's noise, where the signal at its input has variance 1
const out = "out/one-bit";

// contrast: mean removed (AC-coupled), power one (no sign can tell the power, so it is a convention)
const { data } = readArrayFile(fileURLToPath(new URL("camera.png", import.meta.url)));
const mean = data.reduce((sum, v) => sum + v, 0) / pixels;
const power = data.reduce((sum, v) => sum + (v - mean) ** 2, 0) / pixels;
const truth = Float64Array.from(data, (v) => (v - mean) / Math.sqrt(power));

const optics = makeOperator(`subsampled-hadamard:rows=${rows},cols=${pixels},seed=1,signs=random`);
const y = new Float64Array(rows);
optics.apply(truth, y);
const error = new Float64Array(rows);
makeRng(1, "comparator noise").fillNormal(error, Math.sqrt(noise));
for (let i = 0; i < rows; i++) y[i] = y[i] + error[i] < 0 ? -1 : 1;

mkdirSync(out, { recursive: true });
const image = Array.from({ length: side }, (_, i) => truth.subarray(i * side, (i + 1) * side).join(","));
writeFileSync(`${out}/truth.csv`, `${image.join("\n")}\n`);
writeFileSync(`${out}/y.csv`, `${y.join("\n")}\n`);

// the linear estimate A^T y; the best scale for it, which needs the truth, leaves 1 - cosine^2 of the power as error
const linear = new Float64Array(pixels);
optics.adjoint(y, linear);
const dot = (a, b) => a.reduce((sum, v, i) => sum + v * b[i], 0);
const cosine = dot(linear, truth) / Math.sqrt(dot(linear, linear) * dot(truth, truth));
console.log(`wrote ${out}/truth.csv (${side} x ${side} pixels) and ${out}/y.csv (${rows} signs)`);
console.log(`linear estimate: cosine ${cosine.toFixed(3)}, nmse after the best scale ${(10 * Math.log10(1 - cosine ** 2)).toFixed(2)} dB`);

// How many dimensions do the digits have, all of them and each class? Estimates beside those of spheres sampled as often.
// node examples/digits/dimension.mjs
import { CORRELATION_WINDOW, intrinsicDimension, makeRng, sphereNeighbours } from "spinodal";
import { readDigits } from "./data.mjs";

const pixels = 64;
const { training, validation, heldOut, labels } = readDigits();
const all = new Float64Array(labels.length * pixels);
for (const [x, at] of [
  [training, 0],
  [validation, 1200],
  [heldOut, 1500]
])
  all.set(x, at * pixels);

/** Estimates of the digits of these numbers, in a random order, with the standard error d/sqrt(n) of two neighbours. */
function estimate(rows) {
  const rng = makeRng(1, "order");
  const order = rows.map((row) => ({ row, key: rng.uniform() })).sort((a, b) => a.key - b.key);
  const x = new Float64Array(rows.length * pixels);
  order.forEach(({ row }, k) => x.set(all.subarray(row * pixels, (row + 1) * pixels), k * pixels));
  const [e] = intrinsicDimension(x, rows.length, pixels, [rows.length & ~1]);
  return { ...e, error: e.twoNN / Math.sqrt(rows.length) };
}

/** The dimension of the sphere whose correlation integral, at as many points, has this slope: what is left of the bias is curvature and density. */
function matched(correlation, n) {
  for (let d = 1; d < 50; d++) if (sphereNeighbours(d, n, CORRELATION_WINDOW).correlation >= correlation) return d;
  return 50;
}

const f = (v) => v.toFixed(1).padStart(7);
console.log("digits      n   two-NN   s.e.   d_C   d_NN   sphere with that d_C");
const groups = [["all", labels.map((_, k) => k)]];
for (let c = 0; c < 10; c++) groups.push([String(c), labels.flatMap((label, k) => (label === c ? [k] : []))]);
for (const [name, rows] of groups) {
  const e = estimate(rows);
  const line = [e.twoNN, e.error, e.correlation, e.nearestNeighbour].map(f).join("");
  console.log(`${name.padEnd(6)}${String(rows.length).padStart(7)}${line}${String(matched(e.correlation, rows.length)).padStart(9)}`);
}

// Does structure in the inputs change how a network learns? Two independent students on unstructured inputs, on a hidden manifold, and on
// handwritten digits, odd against even: is there a plateau, and have the two learnt the same function?
// From the top folder of Spinodal, after npm run build: node examples/hidden-manifold/compare.mjs [seeds] [folder] [size]
import { mkdirSync, writeFileSync } from "node:fs";
import { evolveRun, makeRng, scenarios, simulateRun } from "spinodal";
import { readDigits } from "../digits/data.mjs";

const seeds = Number(process.argv[2] ?? 3);
const folder = process.argv[3] ?? "out/hidden-manifold";
const size = Number(process.argv[4] ?? 500);
const { hiddenManifold } = scenarios;

const { training, validation, heldOut, labels } = readDigits();
const file = JSON.stringify({
  arrays: [
    { name: "X", shape: [labels.length, 64], data: [...training, ...validation, ...heldOut] },
    { name: "y", shape: [labels.length], data: labels.map((d) => (d % 2 ? 1 : -1)) }
  ]
});
const students = { studentUnits: 2, teacherUnits: 2, learningRate: 0.2, frames: 40 };
const tasks = {
  "unstructured inputs, teacher on them": { ...students, task: "unstructured", size, time: 1000 },
  "hidden manifold, D = N/50": { ...students, task: "hidden-manifold", latentRatio: 0.02, size, time: 100 },
  "hidden manifold, D = 0.3 N": { ...students, task: "hidden-manifold", size, time: 100 },
  "digits, odd against even": { ...students, task: "data", file, time: 300 }
};

/**
 * The longest plateau: from t1 to t2 > 3 t1 the error falls more slowly than t^-0.1, once three quarters of it are gone, and by more
 * than a factor 2 afterwards. null where there is none.
 */
function plateau(t, e) {
  let best = null;
  for (let k = e.findIndex((x) => x < e[0] / 4); k >= 0 && k < t.length; k++) {
    let end = k;
    while (end < t.length - 1 && Math.log(e[end] / e[end + 1]) < 0.1 * Math.log(t[end + 1] / t[end])) end++;
    if (t[end] > 3 * t[k] && Math.min(...e.slice(end)) < e[end] / 2 && (!best || t[end] / t[k] > best.to / best.from))
      best = { from: t[k], to: t[end], height: e[end] };
  }
  return best;
}

const round = (x) => Number(x.toPrecision(3));
const table = Object.entries(tasks).map(([name, params]) => {
  const theory = evolveRun(hiddenManifold, params);
  const runs = Array.from({ length: seeds }, (_, s) => simulateRun(hiddenManifold, params, s + 1, makeRng));
  const mean = (key) => theory.t.map((_, k) => runs.reduce((sum, run) => sum + run.series[key][k], 0) / seeds);
  const [error, apart, elsewhere] = ["generalizationError", "disagreement", "disagreementIid"].map(mean);
  const last = theory.t.length - 1;
  // the first student has learnt most of it when the error has fallen to a quarter
  const early = error.findIndex((e) => e < error[0] / 4);
  const at = (k) => ({ t: round(theory.t[k]), error: round(error[k]), theory: round(theory.series.generalizationError[k]), disagreement: round(apart[k]), elsewhere: round(elsewhere[k]) });
  return { name, plateau: plateau(theory.t, theory.series.generalizationError), early: at(early < 0 ? last : early), end: at(last) };
});

for (const { name, plateau: p, early, end } of table) {
  console.log(name);
  console.log(`  plateau: ${p ? `e_g = ${round(p.height)} from t = ${round(p.from)} to ${round(p.to)}` : "none"}`);
  for (const f of [early, end])
    console.log(`  t = ${f.t}: e_g ${f.error} (theory ${f.theory}); students apart by ${f.disagreement} on the inputs, ${f.elsewhere} on Gaussian inputs`);
}
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/table.json`, JSON.stringify(table));

/** `npm run bench`: the ratios the README claims, measured here and now. `npm run bench -- gamp` runs one part. */
import { benchCommittee } from "./committee.ts";
import { benchGamp } from "./gamp.ts";
import { benchGraph } from "./graph.ts";
import { benchLearning } from "./learning.ts";
import { benchOperators } from "./operators.ts";
import { benchPeers } from "./peers.ts";
import { benchSgd } from "./sgd.ts";
import { benchStartup } from "./startup.ts";
import { benchTheory } from "./theory.ts";
import type { Line } from "./timing.ts";

const root = process.argv[2];
const only = process.argv.slice(3);
const parts: Record<string, () => Line[] | Promise<Line[]>> = {
  gamp: benchGamp,
  theory: benchTheory,
  graph: benchGraph,
  operators: benchOperators,
  learning: benchLearning,
  sgd: benchSgd,
  committee: () => benchCommittee(`file://${root}dist/index.js`),
  peers: () => benchPeers(`${root}bench/peer.py`),
  startup: () => benchStartup(`${root}bin/spinodal.js`)
};
let missed = 0;
for (const [name, run] of Object.entries(parts)) {
  if (only.length && !only.includes(name)) continue;
  console.log(`\n${name}`);
  for (const { what, measured, aim, met } of await run()) {
    if (!met) missed++;
    console.log(`  ${met ? " " : "!"} ${what.padEnd(100)} ${measured.padStart(24)}   ${aim}`);
  }
}
console.log(missed ? `\n${missed} aims missed (marked !)` : "\nevery aim met");

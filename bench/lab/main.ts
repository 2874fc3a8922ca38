/** `npm run bench:lab`: what the lab promises of its speed and size, measured in a real Chromium here and now. */
import { cpus, loadavg } from "node:os";
import type { Line } from "../timing.ts";
import { firstFigure, sizes } from "./arrival.ts";
import { cancelling, dragging, longestTask } from "./liveliness.ts";
import { openPage, type Place } from "./page.ts";
import { ampRate, instances } from "./workers.ts";

const [, , root, folder, singleFile, ...only] = process.argv;
const parts: Record<string, (place: Place) => Promise<Line[]>> = {
  first: firstFigure,
  sizes: (place) => sizes(place, singleFile),
  tasks: longestTask,
  drag: dragging,
  cancel: cancelling,
  amp: ampRate,
  instances
};
const place = await openPage(folder, root);
let missed = 0;
try {
  for (const [name, part] of Object.entries(parts)) {
    if (only.length && !only.includes(name)) continue;
    for (const { what, measured, aim, met } of await part(place)) {
      if (!met) missed++;
      console.log(`  ${met ? " " : "!"} ${what.padEnd(76)} ${measured.padStart(34)}   ${aim}`);
    }
  }
} finally {
  await place.close();
}
const [load] = loadavg();
console.log(missed ? `\n${missed} wishes missed (marked !)` : "\nevery wish met");
if (load > 1.5 * cpus().length)
  console.log(`the machine was busy with other work (load ${load.toFixed(1)} on ${cpus().length} cores): times are too long`);

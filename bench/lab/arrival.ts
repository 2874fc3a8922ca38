/** How soon something is there, and how much has to come for it. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type Line, line, median } from "../timing.ts";
import { drawn, type Place } from "./page.ts";

const DEFAULT = "#/perceptron/curve";
const WISH = { figure: 1000, download: 250 };

/** Navigation start to a theory line in the document, nothing cached; median of 5. */
export async function firstFigure(place: Place): Promise<Line[]> {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const page = await place.open(DEFAULT);
    times.push(await drawn(page));
    await page.context().close();
  }
  const all = [...times].sort((a, b) => a - b).map((t) => t.toFixed(0));
  const measured = `${median(times).toFixed(0)} ms (${all[0]} to ${all[4]})`;
  return [line("time to the first figure of the default scenario, cold", measured, "<= 1000 ms", median(times) <= WISH.figure)];
}

/** What was asked of the server until the first figure, once per file, gzipped; and what there is in all. */
export async function sizes(place: Place, singleFile: string): Promise<Line[]> {
  const page = await place.open(DEFAULT);
  await drawn(page);
  const files = [...new Set(place.asked)].filter((path) => existsSync(`${place.folder}/${path}`));
  await page.context().close();
  const squeezed = (path: string) => gzipSync(readFileSync(path), { level: 9 }).length / 1e3;
  const weighed = files.map((path) => ({
    path,
    kB: /\.(woff2|png)$/.test(path) ? statSync(`${place.folder}/${path}`).size / 1e3 : squeezed(`${place.folder}/${path}`)
  }));
  const total = weighed.reduce((s, f) => s + f.kB, 0);
  const heaviest = [...weighed].sort((a, b) => b.kB - a.kB).slice(0, 6);
  const fonts = weighed.filter(({ path }) => path.endsWith(".woff2")).reduce((s, f) => s + f.kB, 0);
  const everything = readdirSync(place.folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  const folder = everything.reduce((s, e) => s + statSync(`${e.parentPath}/${e.name}`).size, 0) / 1e6;
  const of = fonts > 0 ? `, ${fonts.toFixed(0)} of them type` : "";
  const lines = [
    line(
      `download until the first figure, gzip, ${files.length} files${of}`,
      `${total.toFixed(0)} kB`,
      "<= 250 kB",
      total <= WISH.download
    ),
    ...heaviest.map(({ path, kB }) => line(`  ${path.replace("assets/", "")}`, `${kB.toFixed(1)} kB`, "", true)),
    line(`the whole folder, ${everything.length} files`, `${folder.toFixed(2)} MB`, "", true)
  ];
  if (existsSync(singleFile)) lines.push(line("the single file", `${(statSync(singleFile).size / 1e6).toFixed(2)} MB`, "", true));
  return lines;
}

/** Committee machines: curves of theory along alpha and the thresholds, cold, in a process of their own for each (the tables are kept). */
import { spawnSync } from "node:child_process";
import { type Line, line, median } from "./timing.ts";

/** Milliseconds that `script`, a module's text, prints; median of three processes. */
function cold(script: string): number {
  return median(
    [1, 2, 3].map(() => {
      const run = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
      if (run.status !== 0) throw new Error(`bench: committee: ${run.stderr}`);
      return Number(run.stdout);
    })
  );
}

/** `library` is the file URL of the built library. */
export function benchCommittee(library: string): Line[] {
  const timed = (work: string) =>
    cold(`
      import { parse, scenarios } from ${JSON.stringify(library)};
      const { committee } = scenarios;
      const start = performance.now();
      ${work}
      console.log(performance.now() - start);`);
  const curve = (prior: string) =>
    timed(`for (let k = 0; k < 40; k++) committee.predict(parse(committee, { prior: "${prior}", alpha: 0.5 + 0.0875 * k }));`);
  const lines: Line[] = [];
  for (const prior of ["gaussian", "binary"]) {
    const ms = curve(prior);
    lines.push(
      line(
        `committee, K = 2, ${prior} weights: a curve of 40 points, all fixed points and errors, cold`,
        `${(ms / 1000).toFixed(2)} s`,
        "< 5 s",
        ms < 5000
      )
    );
  }
  const ms = timed(`committee.thresholds(parse(committee, { hidden: 3 }));`);
  lines.push(line("committee, K = 3, Gaussian weights: its three transitions, cold", `${(ms / 1000).toFixed(2)} s`, "< 10 s", ms < 10_000));
  return lines;
}

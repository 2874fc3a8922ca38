/** How long the command line takes to say something. */
import { spawnSync } from "node:child_process";
import { type Line, line, median, once } from "./timing.ts";

export function benchStartup(bin: string): Line[] {
  return [["--version"], ["list"], ["thresholds", "perceptron", "--prior", "binary"]].map((words) => {
    const run = () => void spawnSync(process.execPath, [bin, ...words]);
    run();
    const ms = median(Array.from({ length: 7 }, () => once(run)));
    const bare = median(Array.from({ length: 7 }, () => once(() => void spawnSync(process.execPath, ["-e", "0"]))));
    const aim = words[0] === "thresholds" ? 500 : 300;
    return line(`spinodal ${words.join(" ")} (bare node: ${bare.toFixed(0)} ms)`, `${ms.toFixed(0)} ms`, `< ${aim} ms`, ms < aim);
  });
}

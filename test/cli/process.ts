/** Runs the built command line as a process of its own, as a user would. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../bin/spinodal.js", import.meta.url));
const builder = new URL("../../scripts/build.mjs", import.meta.url).href;

/** Builds dist when it is out of date. */
export async function built(): Promise<void> {
  const { build } = (await import(builder)) as { build(): Promise<boolean> };
  await build();
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `interruptAfter` sends SIGINT that many milliseconds after the start. */
export function spinodal(
  words: readonly string[],
  options: { readonly cwd?: string; readonly interruptAfter?: number } = {}
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...words], { cwd: options.cwd, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (s: string) => {
      stdout += s;
    });
    child.stderr.setEncoding("utf8").on("data", (s: string) => {
      stderr += s;
    });
    child.on("error", reject);
    const timer = options.interruptAfter === undefined ? undefined : setTimeout(() => child.kill("SIGINT"), options.interruptAfter);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

/** The one object of --json: stdout holds nothing else, and no NaN was written. */
export function json({ stdout }: Ended): Record<string, never> {
  return JSON.parse(stdout) as Record<string, never>;
}

/** Against NumPy and SciPy, in alternating runs of the same work, one thread each; left out where Python is not present. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { gamp } from "../src/algorithms/gamp.ts";
import { make } from "../src/core/parameters.ts";
import { makeFromSpec } from "../src/core/specs.ts";
import type { Channel, Prior } from "../src/core/types.ts";
import * as channels from "../src/channels/index.ts";
import * as ensembles from "../src/ensembles/index.ts";
import { describeBackend, useBackend } from "../src/linalg/backend.ts";
import { makeRng } from "../src/numerics/random/index.ts";
import * as priors from "../src/priors/index.ts";
import { stateEvolution } from "../src/theory/index.ts";
import { type Line, line, median, once } from "./timing.ts";

const ITERATIONS = 20;

function python(): string | null {
  for (const name of ["/usr/bin/python3", "python3"]) if (spawnSync(name, ["-c", "import numpy, scipy"]).status === 0) return name;
  return null;
}

async function* peer(script: string): AsyncGenerator<{ seconds: number; value: number }, void, string> {
  const found = python();
  if (!found) return;
  const env = { ...process.env, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };
  const child: ChildProcessWithoutNullStreams = spawn(found, [script], { env });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  let command = yield { seconds: 0, value: 0 };
  while (command) {
    child.stdin.write(`${command}\n`);
    const [seconds, value] = String((await lines.next()).value)
      .split(" ")
      .map(Number);
    command = yield { seconds, value };
  }
  child.kill();
}

export async function benchPeers(script: string): Promise<Line[]> {
  const other = peer(script);
  if ((await other.next()).done) return [line("against NumPy and SciPy", "no Python with NumPy and SciPy here", "", true)];

  const rng = makeRng(1, "peer");
  const size = 2000;
  const operator = make(ensembles.gaussianIid).sample(rng.fork("W"), size, size);
  const prior = makeFromSpec<Prior>(priors, "gauss-bernoulli:rho=0.2");
  const channel = makeFromSpec<Channel>(channels, "gaussian:noise=0.01");
  const truth = new Float64Array(size);
  const z = new Float64Array(size);
  const y = new Float64Array(size);
  prior.sample(rng.fork("x"), truth);
  operator.apply(truth, z);
  channel.sample(rng.fork("y"), z, y);
  const ours = () => {
    const sweeps = gamp({ operator, y, prior, channel }, { iterations: ITERATIONS, tolerance: 1e-300 });
    while (!sweeps.next().done);
  };
  const sign = makeFromSpec<Channel>(channels, "sign");
  let q = 0;
  const evolve = () => {
    for (const o of stateEvolution(2, { prior, channel: sign }, undefined, { iterations: ITERATIONS, tolerance: 0 })) q = o.q;
  };

  const lines: Line[] = [];
  const native = describeBackend().name === "openblas";
  const withOpenblas = () => {
    useBackend("openblas");
    ours();
    useBackend("auto");
  };
  for (const [command, work, what, aim] of [
    ["gamp", ours, `GAMP, ${ITERATIONS} iterations, dense 2000 x 2000: NumPy (OpenBLAS) / Spinodal (WebAssembly)`, null],
    ...(native ? ([["gamp", withOpenblas, "the same, Spinodal with the same OpenBLAS, one thread each", 1]] as const) : []),
    ["se", evolve, `state evolution, ${ITERATIONS} steps, Gauss-Bernoulli and sign: scipy.integrate.quad / Spinodal`, 50]
  ] as const) {
    work();
    await other.next(command);
    const ratios: number[] = [];
    let value = 0;
    for (let k = 0; k < 7; k++) {
      const mine = once(work);
      const theirs = await other.next(command);
      if (theirs.done) break;
      value = theirs.value.value;
      ratios.push((1000 * theirs.value.seconds) / mine);
    }
    const r = median(ratios);
    const same = command === "se" ? `, q agrees to ${Math.abs(q - value).toExponential(0)}` : "";
    lines.push(line(what, `${r.toFixed(command === "se" ? 0 : 2)}x${same}`, aim === null ? "" : `>= ${aim}`, aim === null || r >= aim));
  }
  await other.next("");
  return lines;
}

/** Runs what a reader wrote, in strict mode, with nothing in reach but mathematics. Whoever started it ends it when it takes too long. */
import { evaluator, type Maker } from "./evaluate.ts";
import { lockdown } from "./lockdown.ts";
import type { Request } from "./protocol.ts";

const post = self.postMessage.bind(self) as (message: unknown) => void;
const Compiler = Function; // kept: the global one goes
const make: Maker = (...parts) => new Compiler(...parts) as (...args: unknown[]) => unknown;
const reader = evaluator(make);

self.addEventListener("message", ({ data }: MessageEvent<Request>) => {
  post(data.kind === "load" ? reader.load(data.code, data.name) : reader.call(data.inputs));
});
lockdown(self);
post("ready");

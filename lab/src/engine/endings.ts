/** How a question to a worker can end other than with its answer, as errors that views can tell apart. */
import type { Answer } from "./protocol.ts";

/** The parameters, or a file, were refused: one sentence for the reader. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly usage: boolean;
  constructor(message: string, usage: boolean) {
    super(message);
    this.usage = usage;
  }
}
/** The question is withdrawn: its desk was dropped. Whoever dropped it may pass over this. */
export class Dropped extends Error {
  override name = "Dropped";
  constructor() {
    super("no longer asked for");
  }
}
/** The worker is gone: it could not start, ran out of memory, or failed outside of any question. */
export class Died extends Error {
  override name = "Died";
  constructor(reason: string) {
    super(`the worker that computed this stopped${reason ? ` (${reason})` : ""}; try again, with a smaller size if it was large`);
  }
}

export function accepted<T>(answer: Answer<T>): T {
  if ("error" in answer) throw new Refusal(answer.error, answer.usage);
  return answer.value;
}

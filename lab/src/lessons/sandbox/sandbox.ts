/** The page's side of the sandbox: one worker for one text, ended when an answer takes longer than a second. */
import type { Argument, Loaded, Request, Results } from "./protocol.ts";
import { sandboxType, sandboxUrl } from "./sandboxUrl.ts";

export type { Argument, Loaded, Results, Trouble } from "./protocol.ts";

export const TOO_LONG = "stopped after 1 s: does a loop end?";
const LIMIT = 1000;
/** A slow machine may take long to start a worker; that is not the reader's loop. */
const START = 20_000;

export interface Session {
  readonly loaded: Loaded;
  /** One value per list of arguments. After trouble of the kind "stopped" the session is over. */
  call(inputs: readonly (readonly Argument[])[]): Promise<Results>;
  close(): void;
}

const stopped = { trouble: { message: TOO_LONG, line: null }, printed: [], values: [] } as const;

/** Starts a worker, gives it the text, and says how that went. */
export async function openSandbox(code: string, name: string): Promise<Session> {
  const worker = new Worker(sandboxUrl, { type: sandboxType });
  let over = false;
  const close = () => {
    over = true;
    worker.terminate();
  };
  const next = <T>(limit: number, request?: Request) =>
    new Promise<T | null>((resolve, reject) => {
      const timer = setTimeout(() => {
        close();
        resolve(null);
      }, limit);
      worker.onmessage = ({ data }: MessageEvent<T>) => {
        clearTimeout(timer);
        resolve(data);
      };
      worker.onerror = (event) => {
        clearTimeout(timer);
        close();
        reject(new Error(event.message || "the sandbox could not be started"));
      };
      if (request) worker.postMessage(request);
    });
  if ((await next<string>(START)) === null) throw new Error("the sandbox did not start");
  const loaded = (await next<Loaded>(LIMIT, { kind: "load", code, name })) ?? stopped;
  return {
    loaded,
    call: async (inputs) => (over ? stopped : ((await next<Results>(LIMIT, { kind: "call", inputs })) ?? stopped)),
    close
  };
}

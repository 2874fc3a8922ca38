/**
 * A reader's function, compiled and called. Bundled into the sandbox's worker alone: the one script of the page in which code may be
 * made from text.
 */
import type { Loaded, Results, Trouble } from "./protocol.ts";

export type Maker = (...parameters: string[]) => (...args: unknown[]) => unknown;
type Callable = (...args: unknown[]) => unknown;

const LINES = 40;
const WIDTH = 240;

/** What the reader's console prints, a little of it. */
export function capture(): { readonly console: Readonly<Record<string, Callable>>; take(): string[] } {
  let lines: string[] = [];
  const shown = (v: unknown) => {
    if (typeof v === "string") return v;
    if (ArrayBuffer.isView(v)) return `[${Array.from(v as unknown as ArrayLike<number>).join(", ")}]`;
    if (typeof v !== "object" || v === null) return String(v);
    try {
      return JSON.stringify(v);
    } catch {
      return Object.prototype.toString.call(v);
    }
  };
  const print = (...args: unknown[]) => {
    if (lines.length === LINES) lines.push("…");
    if (lines.length < LINES) lines.push(args.map(shown).join(" ").slice(0, WIDTH));
  };
  const console = { log: print, info: print, warn: print, error: print, debug: print };
  return {
    console,
    take() {
      const all = lines;
      lines = [];
      return all;
    }
  };
}

const messageOf = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

/** Line of the innermost frame that is the reader's; engines count the header that `new Function` writes, so it is measured once. */
export function lineFinder(make: Maker): (error: unknown) => number | null {
  const lineIn = (stack: string | undefined) => {
    const at = stack?.match(/exercise\.js:(\d+)/);
    return at ? Number(at[1]) : null;
  };
  let header = 0;
  try {
    make("throw new Error('probe');\n//# sourceURL=exercise.js")();
  } catch (error) {
    header = (lineIn((error as Error).stack) ?? 1) - 1;
  }
  return (error) => {
    const line = lineIn((error as Error | undefined)?.stack);
    return line === null ? null : Math.max(1, line - header);
  };
}

/**
 * Engines do not say where a text given to `new Function` is wrong. The first line from which on every longer beginning of the text fails
 * in the same way is it; a text that is merely not finished fails like an open brace, and has no such line.
 */
export function syntaxLine(code: string, make: Maker): number | null {
  const failure = (text: string) => {
    try {
      make(`"use strict"; ${text}\n`);
      return null;
    } catch (error) {
      return messageOf(error);
    }
  };
  const lines = code.split("\n");
  const last = failure(code);
  if (last === null || last === failure("{") || last === failure("(")) return null;
  let line = lines.length;
  while (line > 1 && failure(lines.slice(0, line - 1).join("\n")) === last) line--;
  return line;
}

const isNumber = (v: unknown): v is number => typeof v === "number";

/** Only numbers and plain arrays of numbers leave. */
function plain(value: unknown, name: string): number | number[] {
  if (isNumber(value)) return value;
  if (Array.isArray(value) || value instanceof Float64Array) {
    const list = Array.from(value as ArrayLike<unknown>);
    if (list.every(isNumber)) return list;
  }
  const what = value === undefined ? "nothing; is there a return?" : value === null ? "null" : `a ${typeof value}`;
  throw new TypeError(`${name} should return a number, it returned ${what}`);
}

export function evaluator(make: Maker) {
  const { console, take } = capture();
  const lineOf = lineFinder(make);
  let call: Callable | null = null;
  let name = "";
  const trouble = (error: unknown, line: number | null): Trouble => ({ message: messageOf(error), line });
  return {
    load(code: string, wanted: string): Loaded {
      call = null;
      name = wanted;
      // import() is syntax, not a property that can be taken away
      if (/\bimport\b/.test(code)) return { trouble: { message: "import is not available here", line: null }, printed: [] };
      let program: Callable;
      try {
        program = make(
          "console",
          `"use strict"; ${code}\n;return typeof ${wanted} === "function" ? ${wanted} : null;\n//# sourceURL=exercise.js`
        );
      } catch (error) {
        const line = syntaxLine(code, make);
        const { message } = trouble(error, line);
        return { trouble: { message: line === null ? `${message}; is every bracket closed?` : message, line }, printed: [] };
      }
      try {
        call = program(console) as Callable | null;
      } catch (error) {
        return { trouble: trouble(error, lineOf(error)), printed: take() };
      }
      if (!call) return { trouble: { message: `there is no function called ${wanted}`, line: null }, printed: take() };
      return { trouble: null, printed: take() };
    },
    /** One value for each list of arguments, or the first that went wrong and where. */
    call(inputs: readonly (readonly (number | readonly number[])[])[]): Results {
      const values: (number | number[])[] = [];
      try {
        for (const input of inputs) {
          if (!call) throw new Error("nothing is loaded");
          values.push(plain(call(...input.map((v) => (typeof v === "number" ? v : [...v]))), name));
        }
      } catch (error) {
        return { values, trouble: trouble(error, lineOf(error)), printed: take() };
      }
      return { values, trouble: null, printed: take() };
    }
  };
}

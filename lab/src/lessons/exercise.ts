/** An exercise as data, and the check of what a reader's function answered. */
import type { Argument, Results } from "./sandbox/protocol.ts";

export type Answer = number | readonly number[];

export interface ExerciseSpec {
  readonly id: string;
  readonly title: string;
  /** The function to write, and its parameters by the letters that a message shows: `f_a`, `["R", "Σ", "ρ"]`. */
  readonly name: string;
  readonly letters: readonly string[];
  readonly start: string;
  readonly solution: string;
  /** From a nudge to nearly the answer. */
  readonly hints: readonly string[];
  /** Where it is checked: ordinary points first, extreme ones last. */
  readonly inputs: readonly (readonly Argument[])[];
  /** The library's own answer, loaded when it is first needed. */
  reference(): Promise<(...args: Argument[]) => Answer>;
  /** |got − expected| <= tolerance (1 + |expected|). */
  readonly tolerance: number;
}

export interface Verdict {
  readonly passed: boolean;
  readonly right: number;
  readonly of: number;
  /** One sentence: what was wrong first, or that all is well. */
  readonly sentence: string;
}

const short = (x: number) => (Number.isInteger(x) && Math.abs(x) < 1e6 ? String(x) : String(Number(x.toPrecision(6)))).replace("-", "−");
const shown = (a: Argument): string => (typeof a === "number" ? short(a) : `[${a.map(short).join(", ")}]`);

function agrees(expected: Answer, got: Answer, tolerance: number): boolean {
  if (typeof expected === "number" || typeof got === "number")
    return typeof expected === "number" && typeof got === "number" && Math.abs(got - expected) <= tolerance * (1 + Math.abs(expected));
  return got.length === expected.length && expected.every((e, k) => agrees(e, got[k], tolerance));
}

const asked = (spec: ExerciseSpec, input: readonly Argument[]) =>
  `${spec.name}(${input.map((v, k) => `${spec.letters[k]} = ${shown(v)}`).join(", ")})`;

/** Compares answer by answer; the sentence tells of the first input that failed. */
export function judge(spec: ExerciseSpec, expected: readonly Answer[], results: Results): Verdict {
  const of = spec.inputs.length;
  const good = spec.inputs.map((_, k) => k < results.values.length && agrees(expected[k], results.values[k], spec.tolerance));
  const right = good.filter(Boolean).length;
  if (results.trouble) {
    const { message, line } = results.trouble;
    const where = line === null ? "" : `line ${line}: `;
    const input = results.values.length > 0 ? `, at ${asked(spec, spec.inputs[results.values.length])}` : "";
    return { passed: false, right, of, sentence: `${where}${message}${input}` };
  }
  const first = good.indexOf(false);
  if (first < 0) return { passed: true, right, of, sentence: `All ${of} inputs agree with the library.` };
  const count = right === 0 ? "no input agrees yet" : `${right} of ${of} inputs agree`;
  return {
    passed: false,
    right,
    of,
    sentence: `${asked(spec, spec.inputs[first])} should be ${shown(expected[first])}, yours is ${shown(results.values[first])}; ${count}.`
  };
}

/** A function that a reader wrote and that passed: values for lists of arguments, computed in the sandbox. */
import type { Argument } from "./sandbox/protocol.ts";

/** Rejects with a sentence when the function fails or takes longer than a second. */
export type ReaderFunction = (inputs: readonly (readonly Argument[])[]) => Promise<readonly (number | readonly number[])[]>;

/** Of a function that returns one number. */
export async function numbersFrom(reader: ReaderFunction, inputs: readonly (readonly Argument[])[]): Promise<number[]> {
  return (await reader(inputs)).map((v) => (typeof v === "number" ? v : Number.NaN));
}

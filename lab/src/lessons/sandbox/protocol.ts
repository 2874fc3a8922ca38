/** What passes between the page and the sandbox: text in once, then numbers and plain arrays of numbers, both ways. */

export type Argument = number | readonly number[];

/** In the reader's own words where the engine has them; `line` counts from 1, null where it is not known. */
export interface Trouble {
  readonly message: string;
  readonly line: number | null;
}
export interface Loaded {
  readonly trouble: Trouble | null;
  /** Lines of console.log. */
  readonly printed: readonly string[];
}
export interface Results extends Loaded {
  /** As many as there were before trouble. */
  readonly values: readonly (number | readonly number[])[];
}
export type Request =
  | { readonly kind: "load"; readonly code: string; readonly name: string }
  | { readonly kind: "call"; readonly inputs: readonly (readonly Argument[])[] };

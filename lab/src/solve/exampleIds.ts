/** Names of the examples, as the address carries them. */
export const EXAMPLES = ["sparse", "complex", "signs"] as const;
export type ExampleId = (typeof EXAMPLES)[number];

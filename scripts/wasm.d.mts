/** Types of wasm.mjs for the test that recompiles. */
export function sources(): string[];
export function target(source: string): string;
export function compile(source: string): Promise<string>;

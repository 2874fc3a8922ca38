/** The version of this package, part of every cell's key: a new version never reuses old numbers. */
import manifest from "../../package.json" with { type: "json" };

export const version: string = manifest.version;

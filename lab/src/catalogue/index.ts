/** Scenarios and bricks, as data. */
import catalogue from "virtual:catalogue";
import type { Entry } from "./types.ts";

export type { Brick, BrickKind, Catalogue, Entry, PublishedNumber } from "./types.ts";
export const scenarios: readonly Entry[] = catalogue.scenarios;
export const bricks = catalogue.bricks;

export function entryOf(id: string): Entry | undefined {
  return scenarios.find((s) => s.id === id);
}

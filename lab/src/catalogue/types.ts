/** What the page knows of the house without loading its code. */
import type { Declaration, Params } from "../../../src/core/types.ts";

export interface PublishedNumber {
  readonly name: string;
  readonly value: number;
  readonly tolerance: number;
  readonly source: string;
}
/** A scenario as data: its declaration, its published numbers, whether it draws a landscape, and what its runs have to show beside numbers. */
export interface Entry extends Declaration {
  readonly landmarks: readonly PublishedNumber[];
  readonly hasLandscape: boolean;
  readonly hasMatrices: boolean;
  readonly hasPictures: boolean;
  readonly hasEffectiveNoise: boolean;
}
export type BrickKind = "prior" | "channel" | "ensemble" | "activation" | "loss";
export interface Brick {
  readonly id: string;
  readonly about: string;
  readonly params: Params;
}
export interface Catalogue {
  readonly scenarios: readonly Entry[];
  readonly bricks: Readonly<Record<BrickKind, readonly Brick[]>>;
}

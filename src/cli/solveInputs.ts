/** What `solve` is given on its command line: files of arrays, and specs of bricks or modules that export them. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Learnable } from "../algorithms/learn.ts";
import { channelFromDensity, type DensityChannel } from "../channels/fromDensity.ts";
import { ParameterError } from "../core/parameters.ts";
import type { Channel, Family, Prior } from "../core/types.ts";
import { channelOf, type Given, priorOf } from "../experiments/solveInputs.ts";
import { readArrayFile } from "../io/node/readFile.ts";
import { priorFromModule } from "../priors/fromDensity.ts";

/** The array in a file, called by its place. Throws ParameterError. */
export function arrayFrom(place: string): Given {
  return { place, array: readArrayFile(place) };
}

const MODULE = /\.(mjs|js|cjs)$/;

/** A spec such as gauss-bernoulli:rho=0.1, or a file that exports density or logDensity. */
export async function priorFrom(text: string): Promise<Learnable<Prior>> {
  return MODULE.test(text) ? fixed(text, priorFromModule(await moduleOf(text), text)) : priorOf(text);
}

/** A spec such as gaussian:noise=0.01, or a file that exports logDensity(y, z) and labels. */
export async function channelFrom(text: string): Promise<Learnable<Channel>> {
  return MODULE.test(text) ? fixed(text, channelFromModule(await moduleOf(text), text)) : channelOf(text);
}

/** Reads an imported module, or its default export. Throws ParameterError when what a channel needs is not there. */
function channelFromModule(module: unknown, name: string): Channel {
  const whole = module as Partial<DensityChannel> & { readonly default?: Partial<DensityChannel> };
  const { logDensity, labels, ...rest } = typeof whole.logDensity === "function" ? whole : (whole.default ?? {});
  if (
    typeof logDensity !== "function" ||
    labels === null ||
    typeof labels !== "object" ||
    !("discrete" in labels || ("from" in labels && "to" in labels))
  )
    throw new ParameterError(
      `${name}: must export logDensity(y, z), normalised over y, and labels, such as export const labels = { discrete: [-1, 1] } or { from: -Infinity, to: Infinity }`
    );
  const { breaks, scale, even, sampler } = rest;
  return channelFromDensity({
    id: name,
    logDensity,
    labels,
    ...(breaks ? { breaks } : {}),
    ...(scale ? { scale } : {}),
    ...(even ? { even } : {}),
    ...(sampler ? { sampler } : {})
  });
}

function fixed<T>(id: string, brick: T): Learnable<T> {
  const family: Family<T, Record<string, never>> = { id, about: `read from ${id}`, params: {}, build: () => brick };
  return { family, values: {} };
}

async function moduleOf(path: string): Promise<unknown> {
  if (!existsSync(path))
    throw new ParameterError(`${path}: no such file; a prior or channel is a spec such as gauss-bernoulli:rho=0.1, or a module`);
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw new ParameterError(
      `${path}: the module cannot be loaded: ${error instanceof Error ? error.message.split("\n")[0] : "unknown reason"}`
    );
  }
}

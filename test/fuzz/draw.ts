/** Random parameters from the declared ranges: corners, defaults, even and logarithmic draws, brick specs from the registries. */
import fc from "fast-check";
import * as channels from "../../src/channels/index.ts";
import { make, ParameterError } from "../../src/core/parameters.ts";
import { kebab } from "../../src/core/specs.ts";
import type { Channel, Family, Param, Params, Prior } from "../../src/core/types.ts";
import * as priors from "../../src/priors/index.ts";

export type Raw = Record<string, number | string | readonly number[]>;

/** The smallest numbers a range that touches zero is asked for, besides zero itself. */
const SMALL = 1e-14;

// without fast-check's bias toward zero: the corners are drawn on purpose, below
const unit = fc.noBias(fc.integer({ min: 0, max: 2 ** 30 })).map((k) => k / 2 ** 30);
const positive = (low: number, high: number) => unit.map((u) => Math.min(high, Math.max(low, low * (high / low) ** u)));

/** A number of [min, max]: an end or the default one time in four, else evenly or over the orders of magnitude. */
export function numberOf(p: Param & { readonly kind: "real" | "integer" }): fc.Arbitrary<number> {
  const { min, max } = p;
  const corners = fc.constantFrom(...new Set([min, max, p.default]));
  const even = unit.map((u) => Math.min(max, min + (max - min) * u));
  const scaled =
    min > 0
      ? positive(min, max)
      : min === 0
        ? fc.oneof(
            { weight: 8, arbitrary: positive(SMALL * max, max) },
            { weight: 1, arbitrary: fc.constantFrom(1e-300, Number.MIN_VALUE) }
          )
        : fc.tuple(fc.constantFrom(-1, 1), positive(SMALL * max, max)).map(([sign, x]) => Math.max(min, sign * x));
  const drawn = fc.oneof({ weight: 1, arbitrary: corners }, { weight: 1, arbitrary: even }, { weight: 2, arbitrary: scaled });
  return p.kind === "integer" ? drawn.map(Math.round) : drawn;
}

/** Raw values of one parameter. `brick` draws specs for brick parameters. */
function drawnOf(p: Param): fc.Arbitrary<Raw[string]> {
  switch (p.kind) {
    case "choice":
      return fc.constantFrom(...p.options);
    case "list":
    case "layers":
    case "file":
    case "brick":
      return fc.constant(p.default);
    default:
      return numberOf(p);
  }
}

/** Lists of one family have one length, drawn together. */
function listsOf(params: Params): fc.Arbitrary<Raw> {
  const lists = Object.entries(params).flatMap(([key, p]) => (p.kind === "list" ? [[key, p] as const] : []));
  if (lists.length === 0) return fc.constant({});
  const item = (p: (typeof lists)[number][1]) => numberOf({ ...p, kind: "real", default: p.default[0] });
  return fc
    .integer({ min: 1, max: 4 })
    .chain((n) => fc.tuple(...lists.map(([, p]) => fc.array(item(p), { minLength: n, maxLength: n }))))
    .map((values) => Object.fromEntries(lists.map(([key], k) => [key, values[k]])));
}

/** Raw parameters inside the declared ranges. `fixed` replaces some. */
export function rawOf(params: Params, fixed: Readonly<Record<string, fc.Arbitrary<Raw[string]>>> = {}): fc.Arbitrary<Raw> {
  const singles = Object.entries(params).filter(([key, p]) => p.kind !== "list" || key in fixed);
  return fc
    .tuple(listsOf(params), ...singles.map(([key, p]) => fixed[key] ?? drawnOf(p)))
    .map(([lists, ...values]) => ({ ...lists, ...Object.fromEntries(singles.map(([key], k) => [key, values[k]])) }));
}

export interface Drawn<T> {
  readonly spec: string;
  readonly brick: T;
}

/** A brick of a registry with parameters from its own ranges; what a cross-parameter rule refuses is not drawn. */
function brickOf<T>(registry: readonly Family<T>[]): fc.Arbitrary<Drawn<T>> {
  return fc
    .constantFrom(...registry)
    .chain((family) => rawOf(family.params).map((raw) => ({ family, raw })))
    .map(({ family, raw }) => {
      const words = Object.entries(raw).map(([k, v]) => `${kebab(k)}=${typeof v === "object" ? v.join("/") : v}`);
      try {
        return { spec: words.length ? `${family.id}:${words.join(",")}` : family.id, brick: make(family, raw) };
      } catch (error) {
        if (error instanceof ParameterError) return null;
        throw error;
      }
    })
    .filter((drawn) => drawn !== null);
}

const priorFamilies = Object.values(priors) as unknown as readonly Family<Prior>[];
const channelFamilies = Object.values(channels) as unknown as readonly Family<Channel>[];
export const priorSpec = brickOf(priorFamilies);
export const channelSpec = brickOf(channelFamilies);

/** Brick parameters of `glm`, one field throughout and labels the student understands; matched three times in four. */
export const glmBricks: fc.Arbitrary<Raw> = fc.constantFrom("real", "real", "real", "complex").chain((scalar) => {
  const laws = priorFamilies.filter((f) => make(f).scalar === scalar && make(f).rule === "bayes");
  const estimators = priorFamilies.filter((f) => make(f).scalar === scalar);
  const through = channelFamilies.filter((f) => make(f).scalar === scalar);
  const matched = fc.tuple(brickOf(laws), brickOf(through)).map(([prior, channel]) => ({ prior: prior.spec, channel: channel.spec }));
  const mismatched = fc.constantFrom(...through).chain((family) =>
    fc
      .tuple(brickOf(estimators), brickOf([family]), brickOf(laws), brickOf([family]))
      .map(([prior, channel, teacherPrior, teacherChannel]) => ({
        prior: prior.spec,
        channel: channel.spec,
        teacherPrior: teacherPrior.spec,
        teacherChannel: teacherChannel.spec
      }))
  );
  return fc.oneof({ weight: 3, arbitrary: matched }, { weight: 1, arbitrary: mismatched });
});

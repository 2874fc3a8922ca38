/**
 * Theory on graphs of modules against references/graphs.json: values derived and computed apart from this library
 * (references/graphs.py: multi-layer AMP and mutual informations instead of messages between modules, the R-transform instead of
 * precisions, brute-force integrals over omega, y and z, another language), read through the public contracts only.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as activations from "../../src/activations/index.ts";
import { parse } from "../../src/core/parameters.ts";
import { makeFromSpec } from "../../src/core/specs.ts";
import type { Activation, Prediction, Scenario } from "../../src/core/types.ts";
import * as registry from "../../src/scenarios/index.ts";

interface Entry {
  readonly scenario: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** branch.observable, branch.mse[layer] or thresholds.name. */
  readonly quantity: string;
  readonly value: number;
  /** Relative; what the reference itself is good for. */
  readonly accuracy: number;
}
interface Point {
  readonly activation: string;
  readonly V: number;
  readonly ax: number;
  readonly tau: number;
  readonly vz: number;
  readonly vx: number;
  readonly freeEntropy: number;
  readonly accuracy: number;
}

const { scenarios: entries, activations: points } = JSON.parse(
  readFileSync(new URL("./references/graphs.json", import.meta.url), "utf8")
) as { readonly scenarios: readonly Entry[]; readonly activations: readonly Point[] };
const scenarios = Object.values(registry) as unknown as readonly Scenario[];
/**
 * What the library promises beyond the reference's own accuracy: relative, with an absolute floor for values that vanish. Entropies are
 * sums of terms of order one that may cancel: their unit is max(1, |value|) nats.
 */
const RELATIVE = 1e-8;
const FLOOR = 1e-12;

const predictions = new Map<string, Prediction>();

function read(s: Scenario, e: Entry): number | null | undefined {
  const [where, name] = e.quantity.split(".");
  const p = parse(s, e.params);
  if (where === "thresholds") return s.thresholds?.(p)[name];
  const key = s.id + JSON.stringify(e.params);
  if (!predictions.has(key)) predictions.set(key, s.predict(p));
  const branch = predictions.get(key)?.branches[where as "algorithmic"];
  const layer = /^mse\[(\d+)\]$/.exec(name);
  if (layer) return branch?.matrices?.mse[0][Number(layer[1])];
  return name === "freeEntropy" ? branch?.freeEntropy : branch?.observables[name];
}

/** Empty when got agrees; `deviation` is in units of what it is compared with. */
function compare(label: string, got: number | null | undefined, value: number, accuracy: number, nats: boolean) {
  if (typeof got !== "number") return { miss: `${label}: ${got}, reference ${value}`, deviation: 0 };
  const unit = nats ? Math.max(1, Math.abs(value)) : Math.abs(value);
  const off = Math.abs(got - value);
  const miss =
    off <= unit * Math.max(RELATIVE, accuracy) + FLOOR ? null : `${label}: ${got}, reference ${value}, off by ${off.toExponential(1)}`;
  return { miss, deviation: off > FLOOR ? off / unit : 0 };
}

function report(what: string, compared: readonly { readonly miss: string | null; readonly deviation: number }[]) {
  const worst = Math.max(0, ...compared.map((c) => c.deviation));
  console.log(`${what}: largest relative deviation ${worst.toExponential(2)} over ${compared.length} values`);
  expect(compared.map((c) => c.miss).filter((m) => m !== null)).toEqual([]);
}

describe("the theory on graphs agrees with references of another derivation", () => {
  for (const id of new Set(entries.map((e) => e.scenario))) {
    const mine = entries.filter((e) => e.scenario === id);
    test(`${id}: ${mine.length} values`, () => {
      const s = scenarios.find((c) => c.id === id) as Scenario;
      report(
        id,
        mine.map((e) =>
          compare(
            `${e.quantity} at ${JSON.stringify(e.params)}`,
            read(s, e),
            e.value,
            e.accuracy,
            /entropy|Entropy|Information$/.test(e.quantity)
          )
        )
      );
    });
  }
  test.each([
    ["multilayer", { prior: "gaussian", layers: "abs:ratio=3,noise=0.1" }],
    ["multilayer", { prior: "gauss-bernoulli:rho=0.3", layers: "relu:ratio=2,noise=0;abs:ratio=3,noise=0.1" }],
    ["rotational-glm", { prior: "gaussian", channel: "abs:noise=0.1", ensemble: "row-orthogonal", alpha: 2 }]
  ])("%s with an even likelihood beyond weak recovery: state evolution leaves zero for the predicted branch, %o", (id, params) => {
    const s = scenarios.find((c) => c.id === id) as Scenario;
    const p = parse(s, params);
    const { algorithmic } = s.predict(p).branches;
    expect(algorithmic.outcome.kind).toBe("converged");
    let mse = Number.NaN;
    for (const frame of s.evolve(p)) mse = frame.mse;
    expect(Math.abs(mse - algorithmic.observables.mse)).toBeLessThan(1e-8);
    expect(mse).toBeLessThan(0.8);
  });
  test(`hidden activations: ${points.length} points`, () => {
    report(
      "hidden activations",
      points.flatMap((r) => {
        const errors = makeFromSpec<Activation>(activations, r.activation, "activation").errors(r.V, r.ax, r.tau);
        return (["vz", "vx", "freeEntropy"] as const).map((q) =>
          compare(`${q} of ${r.activation} at ${r.V}, ${r.ax}, ${r.tau}`, errors[q], r[q], r.accuracy, q === "freeEntropy")
        );
      })
    );
  });
});

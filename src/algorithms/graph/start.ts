/** Where expectation propagation starts, variable by variable: from the priors, near the truth, from a given estimate, or from the spectral one. */
import { ParameterError, suggestion } from "../../core/parameters.ts";
import type { Graph, Rng, Vec } from "../../core/types.ts";
import { INFORMED_GAP, SPARK } from "../start.ts";
import { norm2 } from "../workspace.ts";
import type { EpInit, EpOptions, EpState } from "./expectationPropagation.ts";
import { symmetricWhenZero } from "./runWatch.ts";
import { spectralEdge } from "./spectralEdge.ts";
import { sendLeaves, type Sweeper } from "./sweep.ts";
import type { Edge } from "./wiring.ts";

/** Fills the messages of frame 0. Throws ParameterError on unknown variables, wrong lengths, missing truth or rng. */
export function begin(s: Sweeper, { init = "uninformed", truth = {}, rng, warm }: EpOptions): void {
  const { edges } = s.wiring;
  for (const edge of edges) if (Object.hasOwn(truth, edge.name)) checkVector(`truth.${edge.name}`, truth[edge.name], edge.mean.length);
  checkNames("truth", truth, edges);
  if (warm) {
    resume(s, warm);
    return;
  }
  const each = startPerVariable(init, edges);
  for (const edge of edges) {
    const how = each(edge);
    if (how === "uninformed") continue;
    if (how === "spectral") {
      if (!rng) throw new ParameterError("expectationPropagation: init spectral needs rng, a source of random numbers");
      spectralEdge(s, edge, rng);
    } else if (how === "informed") {
      if (!Object.hasOwn(truth, edge.name)) {
        if (typeof init === "string") continue;
        throw new ParameterError(`expectationPropagation: init informed of ${edge.name} needs truth.${edge.name}, the signal itself`);
      }
      if (!rng) throw new ParameterError("expectationPropagation: init informed needs rng, a source of random numbers");
      plant(edge, truth[edge.name], rng);
    } else hold(edge, how);
  }
  if (init === "informed" && !edges.some((e) => e.held))
    throw new ParameterError("expectationPropagation: init informed needs truth, the signals by the names of their variables");
  sendLeaves(s);
}

/** Messages of zero with a tiny random mean: a symmetric model could never leave exact zero. */
export function spark(s: Sweeper, rng: Rng): void {
  for (const edge of s.wiring.edges) {
    edge.backward.a = 0;
    edge.backward.b.fill(0);
  }
  sendLeaves(s);
  for (const edge of s.wiring.edges) {
    if (!edge.leaf || !(edge.variance > 0)) continue;
    rng.fork(`spark ${edge.name}`).fillNormal(edge.mean, Math.sqrt((SPARK * edge.scale) / edge.width));
    for (let i = 0; i < edge.mean.length; i++) edge.forward.b[i] = edge.mean[i] * edge.forward.a;
    edge.held = true;
  }
}

type Start = Exclude<EpInit, string> | "uninformed" | "informed" | "spectral";

function startPerVariable(init: NonNullable<EpOptions["init"]>, edges: readonly Edge[]): (edge: Edge) => Start {
  const named = (x: unknown, name: string): Start => {
    if (x === "uninformed" || x === "informed" || x === "spectral") return x;
    if (typeof x === "object" && x !== null && "mean" in x && "variance" in x) return x as Start;
    throw new ParameterError(
      `expectationPropagation: init${name} must be uninformed, informed, spectral or {mean, variance}, got ${JSON.stringify(x)}`
    );
  };
  if (typeof init === "string") {
    const how = named(init, "");
    if (how !== "spectral") return () => how;
    const leaves = edges.filter((e) => e.leaf);
    if (leaves.length !== 1)
      throw new ParameterError(
        `expectationPropagation: init spectral needs to know which variable; write init: { ${leaves[0]?.name ?? "x"}: "spectral" }, there are ${leaves.length} signals`
      );
    return (edge) => (edge === leaves[0] ? "spectral" : "uninformed");
  }
  checkNames("init", init, edges);
  return (edge) => (Object.hasOwn(init, edge.name) ? named(init[edge.name], `.${edge.name}`) : "uninformed");
}

function hold(edge: Edge, { mean, variance }: { readonly mean: Vec; readonly variance: number }): void {
  checkVector(`init.${edge.name}.mean`, mean, edge.mean.length);
  if (!(variance > 0 && variance < Number.POSITIVE_INFINITY))
    throw new ParameterError(`expectationPropagation: init.${edge.name}.variance must be > 0 and finite, such as 1, got ${variance}`);
  edge.mean.set(mean);
  edge.variance = variance;
  edge.forward.a = 1 / variance;
  for (let i = 0; i < mean.length; i++) edge.forward.b[i] = mean[i] / variance;
  edge.held = true;
}

/** mean = s x0 + sqrt(s (1 - s) P) noise, variance (1 - s) P, P = |x0|^2/size: a Bayes estimate of overlap s = 1 - INFORMED_GAP. */
function plant(edge: Edge, truth: Vec, rng: Rng): void {
  const power = norm2(truth) / edge.size || edge.scale;
  const s = 1 - INFORMED_GAP;
  const mean = new Float64Array(edge.mean.length);
  rng.fork(`start ${edge.name}`).fillNormal(mean, Math.sqrt((s * (1 - s) * power) / edge.width));
  for (let i = 0; i < mean.length; i++) mean[i] += s * truth[i];
  hold(edge, { mean, variance: INFORMED_GAP * power });
}

/** Takes over the messages of an earlier run on a graph of the same variables. */
function resume(s: Sweeper, warm: Pick<EpState, "variables">): void {
  for (const edge of s.wiring.edges) {
    const old = warm.variables.find((v) => v.name === edge.name);
    if (!old || old.mean.length !== edge.mean.length)
      throw new ParameterError(
        `expectationPropagation: warm must be a state of a graph with the same variables, ${edge.name} ${old ? `has ${old.mean.length} numbers there and ${edge.mean.length} here` : "is missing"}`
      );
    edge.mean.set(old.mean);
    edge.variance = old.variance;
    for (const side of ["forward", "backward"] as const) {
      edge[side].a = old[side].a;
      edge[side].b.set(old[side].b);
    }
  }
  sendLeaves(s);
}

function checkNames(option: string, given: object, edges: readonly Edge[]): void {
  const names = edges.map((e) => e.name);
  for (const name of Object.keys(given))
    if (!names.includes(name))
      throw new ParameterError(
        `expectationPropagation: ${option} names an unknown variable ${name}${suggestion(name, names) || ";"} there are ${names.join(", ")}`
      );
}

function checkVector(name: string, x: Vec, length: number): void {
  if (x.length !== length) throw new ParameterError(`expectationPropagation: ${name} must have ${length} numbers, got ${x.length}`);
  for (let i = 0; i < length; i++)
    if (!Number.isFinite(x[i])) throw new ParameterError(`expectationPropagation: ${name} must be finite, got ${x[i]} at index ${i}`);
}

/** True after a sweep in which nothing was learned about the mean of any signal: the model is symmetric. */
export function satAtZero({ wiring, graph }: Sweeper): boolean {
  const judged = symmetricWhenZero(wiring.edges, hasMap(graph));
  return judged.every((e) => e.power <= 1e-20 * (e.power + e.variance) && norm2(e.mean) <= 1e-20 * e.size * e.scale);
}

/** A graph with a MAP module has no free energy, and its variances are no error bars. */
export function hasMap(graph: Graph): boolean {
  return graph.modules.some((m) => m.map === true);
}

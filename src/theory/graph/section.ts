/**
 * A part of a graph cut out at variables, and one iteration of state evolution on it: forward sweep over its modules in order,
 * then backward sweep (expectation propagation with one precision a message; Baker, Aubin, Krzakala and Zdeborova 2020).
 * Where a variable has lost its producer or its consumer, the message that came from there is given and stays.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Graph, Precision } from "../../core/types.ts";

/** Precisions per variable of the graph: `forward` from its producer, `backward` from its consumer. */
export interface Precisions {
  readonly forward: Precision[];
  readonly backward: Precision[];
}

export interface Section {
  readonly graph: Graph;
  /** Second moment per component of every variable of the whole graph. */
  readonly tau: readonly number[];
  /** Indices of the modules kept, ascending. */
  readonly modules: readonly number[];
  /** Variable at each port of each module of the graph, inputs first. */
  readonly plugs: readonly (readonly number[])[];
  /** Per variable: does its producer (consumer) belong to the section? */
  readonly produced: readonly boolean[];
  readonly consumed: readonly boolean[];
  /** Variables with both ends inside: their backward precisions are the unknowns. */
  readonly inner: readonly number[];
  /** Messages that enter at the cuts, per variable of the graph (0 where nothing enters). */
  readonly entering: Precisions;
}

/** Second moments of every variable, from the priors down. Throws ParameterError where a module leaves one that is not positive. */
export function secondMoments(graph: Graph): number[] {
  const plugs = plugsOf(graph);
  const tau = new Array<number>(graph.variables.length).fill(Number.NaN);
  graph.modules.forEach((module, k) => {
    const ports = plugs[k].map((i) => tau[i]);
    module.secondMoments(ports);
    for (let p = module.inputs.length; p < ports.length; p++) {
      const variable = graph.variables[plugs[k][p]];
      if (!(ports[p] > 0 && Number.isFinite(ports[p])))
        throw new ParameterError(
          `graph: the second moment of ${variable.name} must be a positive number, got ${ports[p]} from its ${module.kind} module; for example a prior of unit variance`
        );
      tau[plugs[k][p]] = ports[p];
    }
  });
  return tau;
}

function plugsOf(graph: Graph): number[][] {
  const plugs = graph.modules.map((m) => new Array<number>(m.inputs.length + m.outputs.length).fill(-1));
  graph.variables.forEach((v, i) => {
    plugs[v.producer.module][v.producer.port] = i;
    if (v.consumer) plugs[v.consumer.module][v.consumer.port] = i;
  });
  graph.modules.forEach((m, k) => {
    const open = plugs[k].indexOf(-1);
    if (open >= 0)
      throw new ParameterError(`graph: every port must be plugged into a variable, got none at port ${open} of module ${k} (${m.kind})`);
  });
  return plugs;
}

/** The part of `graph` made of `modules` (all by default). `entering`: precisions of the messages that come in where variables are cut. */
export function sectionOf(
  graph: Graph,
  modules: readonly number[] = graph.modules.map((_, k) => k),
  entering: { readonly forward?: ReadonlyMap<number, Precision>; readonly backward?: ReadonlyMap<number, Precision> } = {},
  tau: readonly number[] = secondMoments(graph)
): Section {
  const kept = new Set(modules);
  const produced = graph.variables.map((v) => kept.has(v.producer.module));
  const consumed = graph.variables.map((v) => v.consumer !== null && kept.has(v.consumer.module));
  return {
    graph,
    tau,
    modules: [...kept].sort((a, b) => a - b),
    plugs: plugsOf(graph),
    produced,
    consumed,
    inner: graph.variables.flatMap((_, i) => (produced[i] && consumed[i] ? [i] : [])),
    entering: {
      forward: graph.variables.map((_, i) => entering.forward?.get(i) ?? 0),
      backward: graph.variables.map((_, i) => entering.backward?.get(i) ?? 0)
    }
  };
}

/** The same section with other messages at its cuts. */
export function entering(section: Section, messages: Partial<Record<"forward" | "backward", ReadonlyMap<number, Precision>>>): Section {
  const change = (old: readonly Precision[], by?: ReadonlyMap<number, Precision>) => old.map((a, i) => by?.get(i) ?? a);
  return {
    ...section,
    entering: {
      forward: change(section.entering.forward, messages.forward),
      backward: change(section.entering.backward, messages.backward)
    }
  };
}

/** Before anything was computed: forward 1/tau, backward 0, the given ones at the cuts. */
export function startOf(section: Section): Precisions {
  const { tau, produced, consumed, entering } = section;
  return {
    forward: tau.map((t, i) => (produced[i] ? 1 / t : entering.forward[i])),
    backward: tau.map((_, i) => (consumed[i] ? 0 : entering.backward[i]))
  };
}

/** What arrives at the ports of module k. */
function arriving(section: Section, k: number, at: Precisions): { a: Precision[]; tau: number[] } {
  const inputs = section.graph.modules[k].inputs.length;
  return {
    a: section.plugs[k].map((i, port) => (port < inputs ? at.forward[i] : at.backward[i])),
    tau: section.plugs[k].map((i) => section.tau[i])
  };
}

/** Updates every forward precision in place. Precisions that rounding makes negative are 0. */
export function sweepForward(section: Section, at: Precisions): void {
  for (const k of section.modules) {
    const module = section.graph.modules[k];
    if (module.outputs.length === 0) continue;
    const { a, tau } = arriving(section, k, at);
    for (let port = module.inputs.length; port < a.length; port++) {
      at.forward[section.plugs[k][port]] = positive(module.error(port, a, tau).extrinsic);
    }
  }
}

/** Updates every backward precision in place. */
export function sweepBackward(section: Section, at: Precisions): void {
  for (let n = section.modules.length - 1; n >= 0; n--) {
    const k = section.modules[n];
    const module = section.graph.modules[k];
    if (module.inputs.length === 0) continue;
    const { a, tau } = arriving(section, k, at);
    for (let port = 0; port < module.inputs.length; port++)
      at.backward[section.plugs[k][port]] = positive(module.error(port, a, tau).extrinsic);
  }
}

function positive(a: Precision): Precision {
  return a < 0 ? 0 : a;
}

/** Posterior variance 1/(forward + backward) of each variable. */
export function variancesOf(at: Precisions): number[] {
  return at.forward.map((f, i) => 1 / (f + at.backward[i]));
}

/** E ln Z of the section less its sum of a tau/2, per module: arguments of the free entropy. */
export function moduleFreeEntropies(section: Section, at: Precisions): number[] {
  return section.modules.map((k) => {
    const { a, tau } = arriving(section, k, at);
    return section.graph.modules[k].freeEntropy(a, tau);
  });
}

/** Index of a variable by its name. Throws ParameterError for an unknown one. */
export function variableIndex(graph: Graph, name: string): number {
  const i = graph.variables.findIndex((v) => v.name === name);
  if (i < 0) throw new ParameterError(`graph: unknown variable ${name}; it has ${graph.variables.map((v) => v.name).join(", ")}`);
  return i;
}

/** Modules on the consumer's ("forward") or the producer's ("backward") side of a variable of a tree, when it is cut. */
export function modulesBehind(graph: Graph, i: number, side: "forward" | "backward"): number[] {
  const { producer, consumer } = graph.variables[i];
  const first = side === "forward" ? consumer?.module : producer.module;
  if (first === undefined) return [];
  const kept = new Set<number>([first]);
  const todo = [first];
  for (let k = todo.pop(); k !== undefined; k = todo.pop())
    graph.variables.forEach((v, j) => {
      if (j === i || !v.consumer) return;
      for (const [here, there] of [
        [v.producer.module, v.consumer.module],
        [v.consumer.module, v.producer.module]
      ])
        if (here === k && !kept.has(there)) {
          kept.add(there);
          todo.push(there);
        }
    });
  return [...kept];
}

/** The variables of a graph with their two live messages, and for each module the messages that arrive at its ports. */
import { ParameterError } from "../../core/parameters.ts";
import type { Graph, Message, Module, Plug, Scalar, Variable, Vec } from "../../core/types.ts";

/** A message that is overwritten in place. */
export interface LiveMessage extends Message {
  a: number;
  readonly b: Vec;
}

/** Everything a run keeps about one variable; sized once. `width`: reals per component. */
export interface Edge {
  readonly name: string;
  readonly scalar: Scalar;
  readonly size: number;
  readonly width: 1 | 2;
  readonly producer: Plug;
  readonly consumer: Plug | null;
  /** True when the producer has no inputs: a prior, whose posterior is the estimate of the signal. */
  readonly leaf: boolean;
  /** Second moment per component before any data, 1 where the priors give none: the scale of floors and ceilings. */
  readonly scale: number;
  readonly mean: Vec;
  variance: number;
  readonly forward: LiveMessage;
  readonly backward: LiveMessage;
  /** The backward message of the previous iteration, which damping averages with. */
  readonly oldB: Vec;
  oldA: number;
  /** The first sweep sends what the start says instead of what the producer would. */
  held: boolean;
  /** Squared change of the mean per component, |mean|^2 and variances before and after, of the last backward sweep. */
  change: number;
  power: number;
  before: number;
  after: number;
}

export interface Wiring {
  readonly edges: readonly Edge[];
  /** By module, by port. */
  readonly incoming: readonly (readonly LiveMessage[])[];
  readonly edgeAt: readonly (readonly Edge[])[];
  /** Scratch as long as the longest port of a kind. */
  readonly mean: (edge: Edge) => Vec;
  readonly b: (edge: Edge) => Vec;
}

/** Checks that the graph can be run on an instance, and sizes every buffer. Throws ParameterError. */
export function wire(graph: Graph): Wiring {
  const tau = secondMomentsOf(graph);
  const ports = graph.modules.map((m) => m.inputs.length + m.outputs.length);
  const incoming: LiveMessage[][] = ports.map((n) => new Array<LiveMessage>(n));
  const edgeAt: Edge[][] = ports.map((n) => new Array<Edge>(n));
  const scratch = new Map<number, readonly [Vec, Vec]>();
  const edges = graph.variables.map((variable, i): Edge => {
    const { name, scalar, size, producer, consumer } = variable;
    if (!Number.isInteger(size) || size < 1)
      throw new ParameterError(
        `expectationPropagation: variable ${name} must have an integer size >= 1 to run on data, got ${size}; models made for theory alone may have any`
      );
    const width = scalar === "complex" ? 2 : 1;
    const n = width * size;
    const vec = () => new Float64Array(n);
    if (!scratch.has(n)) scratch.set(n, [vec(), vec()]);
    const edge: Edge = {
      name,
      scalar,
      size,
      width,
      producer,
      consumer,
      leaf: graph.modules[producer.module]?.inputs.length === 0,
      scale: tau[i],
      mean: vec(),
      variance: tau[i],
      forward: { a: 0, b: vec() },
      backward: { a: 0, b: vec() },
      oldB: vec(),
      oldA: 0,
      held: false,
      change: 0,
      power: 0,
      before: 0,
      after: 0
    };
    plug(graph, variable, producer, edge, edge.backward, incoming, edgeAt);
    if (consumer) {
      if (consumer.module <= producer.module)
        throw new ParameterError(
          `expectationPropagation: variable ${name} must be produced before it is consumed, got producer ${producer.module} and consumer ${consumer.module}; order the modules`
        );
      plug(graph, variable, consumer, edge, edge.forward, incoming, edgeAt);
    }
    return edge;
  });
  graph.modules.forEach((m, k) => {
    for (let p = 0; p < ports[k]; p++)
      if (!edgeAt[k][p])
        throw new ParameterError(`expectationPropagation: port ${p} of module ${k} (${m.kind}) must be plugged into a variable, got none`);
  });
  const room = (edge: Edge) => scratch.get(edge.mean.length) as readonly [Vec, Vec];
  return { edges, incoming, edgeAt, mean: (edge) => room(edge)[0], b: (edge) => room(edge)[1] };
}

function plug(
  graph: Graph,
  variable: Variable,
  { module, port }: Plug,
  edge: Edge,
  message: LiveMessage,
  incoming: LiveMessage[][],
  edgeAt: Edge[][]
): void {
  const m: Module | undefined = graph.modules[module];
  const p = m && [...m.inputs, ...m.outputs][port];
  if (!p)
    throw new ParameterError(
      `expectationPropagation: variable ${variable.name} is plugged into port ${port} of module ${module}, which does not exist`
    );
  if (p.scalar !== variable.scalar || p.size !== variable.size)
    throw new ParameterError(
      `expectationPropagation: variable ${variable.name} has ${variable.size} ${variable.scalar} components but port ${port} of module ${module} (${m.kind}) has ${p.size} ${p.scalar}`
    );
  if (edgeAt[module][port])
    throw new ParameterError(
      `expectationPropagation: variables ${edgeAt[module][port].name} and ${variable.name} are both plugged into port ${port} of module ${module}; use a duplicate module`
    );
  incoming[module][port] = message;
  edgeAt[module][port] = edge;
}

/** Second moment of every variable before any data, propagated from the priors; 1 where it is not a positive number (improper or MAP priors). */
function secondMomentsOf({ modules, variables }: Graph): number[] {
  const tau = new Array<number>(variables.length).fill(1);
  modules.forEach((m, k) => {
    const ports = new Array<number>(m.inputs.length + m.outputs.length).fill(0);
    variables.forEach((v, i) => {
      if (v.consumer?.module === k) ports[v.consumer.port] = tau[i];
    });
    if (m.outputs.length > 0) m.secondMoments(ports);
    variables.forEach((v, i) => {
      if (v.producer.module !== k) return;
      const t = ports[v.producer.port];
      tau[i] = t > 1e-300 && t < 1e300 ? t : 1;
    });
  });
  return tau;
}

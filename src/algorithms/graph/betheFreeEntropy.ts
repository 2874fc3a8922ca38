/**
 * Bethe free entropy of an instance on a tree of modules (Baker, Aubin, Krzakala and Zdeborova 2020, section 2): an estimate of the
 * log-evidence, ln Z = sum_k ln Z_k(messages that arrive) - sum_i ln int exp(-(a+ + a-) |x|^2/2 + (b+ + b-).x) dx.
 *
 * Stationary in every message at a fixed point: d/da of a module and of its variable are both -(sum of v + |mean|^2)/2.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Graph, Message, Scalar, Vec } from "../../core/types.ts";
import type { EpState } from "./expectationPropagation.ts";

/** The part of a state the free entropy depends on. */
export interface Messages {
  readonly variables: readonly {
    readonly name: string;
    readonly scalar: Scalar;
    readonly size: number;
    readonly forward: Message;
    readonly backward: Message;
  }[];
}

/** Terms of size S leave this times S to rounding; beyond half a nat the sum says nothing. */
const ROUNDING = 2 ** -52;

/**
 * Nats of the whole instance. Null where it is undefined (MAP modules), infinite (exact recovery of a continuous signal), or lost:
 * at precisions near the ceiling its terms cancel to fewer digits than there are.
 */
export function betheFreeEntropy(graph: Graph, state: Messages): number | null {
  if (graph.modules.some((m) => m.map)) return null;
  const incoming = incomingOf(graph, state);
  let sum = 0;
  let size = 0;
  const add = (term: number) => {
    sum += term;
    size += Math.abs(term);
  };
  graph.modules.forEach((m, k) => {
    add(m.logPartition(incoming[k]));
  });
  graph.variables.forEach((v, i) => {
    // a variable that only one module touches has one belief: it counts in that module alone
    if (v.consumer) add(-logGaussian(v.scalar, v.size, state.variables[i].forward, state.variables[i].backward));
  });
  return ROUNDING * size < 0.5 ? sum : null;
}

/** ln int exp(-a |x|^2/2 + b.x) dx over all components (complex: exp(-a |x|^2 + 2 Re b^* x)), (a, b) the sum of the two messages. */
function logGaussian(scalar: Scalar, size: number, forward: Message, backward: Message): number {
  const a = forward.a + backward.a;
  let b2 = 0;
  for (let i = 0; i < forward.b.length; i++) b2 += (forward.b[i] + backward.b[i]) ** 2;
  return scalar === "complex" ? size * Math.log(Math.PI / a) + b2 / a : 0.5 * (size * Math.log((2 * Math.PI) / a) + b2 / a);
}

/** The messages that arrive at every port of every module. Throws ParameterError when the state is not one of this graph. */
export function incomingOf(graph: Graph, { variables }: Messages): Message[][] {
  const incoming = graph.modules.map((m) => new Array<Message>(m.inputs.length + m.outputs.length));
  graph.variables.forEach((v, i) => {
    const belief = variables[i];
    if (belief?.name !== v.name || belief.size !== v.size)
      throw new ParameterError(
        `betheFreeEntropy: the state must be one of this graph, variable ${i} is ${v.name} of size ${v.size} here and ${belief ? `${belief.name} of size ${belief.size}` : "missing"} there`
      );
    incoming[v.producer.module][v.producer.port] = belief.backward;
    if (v.consumer) incoming[v.consumer.module][v.consumer.port] = belief.forward;
  });
  return incoming;
}

/**
 * Posterior variance of each component of a variable, real length `size`: the error bars. `side` says which module is asked:
 * by default the one that sees components apart, the prior of a signal or the likelihood of what is measured.
 */
export function errorBars(graph: Graph, state: EpState, name: string, side?: "producer" | "consumer"): Vec {
  const variable = graph.variables.find((v) => v.name === name);
  if (!variable)
    throw new ParameterError(`errorBars: unknown variable ${name}; there are ${graph.variables.map((v) => v.name).join(", ")}`);
  const { producer, consumer } = variable;
  const leaf = graph.modules[producer.module].inputs.length === 0;
  const asked = side ?? (!leaf && consumer && graph.modules[consumer.module].outputs.length === 0 ? "consumer" : "producer");
  if (asked === "consumer" && !consumer) throw new ParameterError(`errorBars: variable ${name} has no consumer; use side producer`);
  const plug = asked === "consumer" && consumer ? consumer : producer;
  const out = new Float64Array(variable.size);
  graph.modules[plug.module].variances(plug.port, incomingOf(graph, state)[plug.module], out);
  return out;
}

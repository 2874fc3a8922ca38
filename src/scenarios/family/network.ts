/**
 * A known network h_l = phi_l(W_l h_(l-1) + noise), l = 1..L, ending in observations: the same network as a graph of ensembles (for
 * theory: sizes are ratios) and as a sampled instance.
 */
import { piecewiseLinearChannel } from "../../channels/piecewiseLinear.ts";
import * as channels from "../../channels/index.ts";
import { ParameterError, make } from "../../core/parameters.ts";
import type { Channel, Ensemble, Graph, LinearOperator, Module, Prior, Rng, Vec } from "../../core/types.ts";
import { chainGraph } from "../../models/chain.ts";
import { activationModule, ensembleModule, likelihoodModule, linearModule, priorModule } from "../../modules/index.ts";
import type { Layer } from "./layers.ts";

export interface Network {
  readonly prior: Prior;
  /** Of every hidden weight matrix. */
  readonly weights: Ensemble;
  readonly hidden: readonly Layer[];
  readonly output: { readonly ratio: number; readonly channel: Channel; readonly weights: Ensemble };
}

/** Names of the variables, input first: x, z1, h1, z2, ... the last one is what the likelihood sees. */
export function namesOf({ hidden }: Network): string[] {
  return ["x", ...hidden.flatMap((_, l) => [`z${l + 1}`, `h${l + 1}`]), `z${hidden.length + 1}`];
}

/** Names of the input and the hidden layers, h_0 = x first. */
export function layerNames({ hidden }: Network): string[] {
  return ["x", ...hidden.map((_, l) => `h${l + 1}`)];
}

/** Layers from n0 components on, each with `linear(rows, cols, l)` for its weights. */
function assemble(net: Network, sizes: readonly number[], linear: (rows: number, cols: number, l: number) => Module, y?: Vec): Graph {
  const modules: Module[] = [priorModule(net.prior, sizes[0])];
  net.hidden.forEach(({ activation, noise }, l) => {
    modules.push(linear(sizes[l + 1], sizes[l], l));
    modules.push(activationModule(activation, sizes[l + 1], { noiseBefore: noise }));
  });
  const L = net.hidden.length;
  modules.push(linear(sizes[L + 1], sizes[L], L));
  modules.push(likelihoodModule(net.output.channel, sizes[L + 1], y));
  return chainGraph(modules, namesOf(net));
}

/** Ratios n_l/n_0, n_0 = 1 first. */
export function ratiosOf({ hidden, output }: Network): number[] {
  const sizes = [1];
  for (const { ratio } of [...hidden, output]) sizes.push(sizes[sizes.length - 1] * ratio);
  return sizes;
}

/** The graph of the theory, n_0 = 1. */
export function theoryGraph(net: Network): Graph {
  const { hidden, weights, output } = net;
  return assemble(net, ratiosOf(net), (rows, cols, l) => ensembleModule(l < hidden.length ? weights : output.weights, rows, cols));
}

/** The signal of a generative prior: the same network without its output. */
export function upstreamGraph(net: Network): Graph {
  const sizes = ratiosOf(net);
  const modules: Module[] = [priorModule(net.prior, 1)];
  net.hidden.forEach(({ activation, noise }, l) => {
    modules.push(ensembleModule(net.weights, sizes[l + 1], sizes[l]), activationModule(activation, sizes[l + 1], { noiseBefore: noise }));
  });
  return chainGraph(modules, namesOf(net).slice(0, -1));
}

export interface Instance {
  readonly graph: Graph;
  readonly truth: Readonly<Record<string, Vec>>;
  readonly operators: readonly LinearOperator[];
  readonly y: Vec;
  /** n_0 ... n_L. */
  readonly sizes: readonly number[];
}

/** Draws weights, signal and observations at n_0 = `size`. */
export function sampleNetwork(net: Network, size: number, rng: Rng): Instance {
  const sizes = ratiosOf(net).map((r) => Math.max(1, Math.round(r * size)));
  const width = net.prior.scalar === "complex" ? 2 : 1;
  const { hidden, weights, output } = net;
  const operators = [...hidden, output].map((_, l) =>
    (l < hidden.length ? weights : output.weights).sample(rng.fork(`W${l + 1}`), sizes[l + 1], sizes[l])
  );
  const truth: Record<string, Vec> = { x: new Float64Array(width * sizes[0]) };
  net.prior.sample(rng.fork("x0"), truth.x);
  let h = truth.x;
  hidden.forEach(({ activation, noise }, l) => {
    const z = new Float64Array(width * sizes[l + 1]);
    operators[l].apply(h, z);
    truth[`z${l + 1}`] = z;
    const next = new Float64Array(z.length);
    activationModule(activation, sizes[l + 1], { noiseBefore: noise }).sample(rng.fork(`noise${l + 1}`), [z], [next]);
    truth[`h${l + 1}`] = next;
    h = next;
  });
  const L = hidden.length;
  const z = new Float64Array(width * sizes[L + 1]);
  operators[L].apply(h, z);
  truth[`z${L + 1}`] = z;
  const y = new Float64Array(output.channel.labelScalar === "complex" ? 2 * sizes[L + 1] : sizes[L + 1]);
  output.channel.sample(rng.fork("y"), z, y);
  return { graph: assemble(net, sizes, (_rows, _cols, l) => linearModule(operators[l]), y), truth, operators, y, sizes };
}

/** Y = phi(z + N(0, noise)) as a likelihood. Throws ParameterError for activations that are not piecewise linear. */
export function outputChannel({ spec, activation, noise }: Layer, owner: string): Channel {
  const { segments, even } = activation;
  if (!segments)
    throw new ParameterError(
      `${owner}: the last layer is observed and must be piecewise linear, such as linear, relu or sign, got ${spec}`
    );
  if (segments.length === 1 && segments[0].slope === 1 && segments[0].offset === 0) return make(channels.gaussian, { noise });
  return piecewiseLinearChannel({ id: spec, segments, even, noiseBefore: noise });
}

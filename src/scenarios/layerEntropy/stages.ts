/**
 * The chain Y -> X -> T_1 -> ... -> T_L (Gabrié et al. 2018, section 4) as stages h_k = phi_k(W_k h_(k-1) + N(0, noise_k)): stage 0
 * makes X from the labels h_(-1) = Y, stage l >= 1 makes T_l. It is cut after any layer, which is then observed, and may start from a
 * known Y (stage 0) or a known X (stage 1).
 */
import type { Activation, Channel, Ensemble, Graph, LinearOperator, Module, Prior, Rng, Vec } from "../../core/types.ts";
import { chainGraph } from "../../models/chain.ts";
import { activationModule, ensembleModule, likelihoodModule, linearModule, priorModule } from "../../modules/index.ts";
import { secondMoments } from "../../theory/index.ts";
import { knownInputModule } from "./knownInput.ts";

export interface Stage {
  readonly activation: Activation;
  readonly noise: number;
  /** The stage as an observation; of stage 0, X itself, none. */
  readonly channel: Channel | null;
}

export interface Chain {
  /** Law of the components of Y. */
  readonly prior: Prior;
  readonly stages: readonly Stage[];
}

/** What is given when an entropy is taken: nothing, or the input of a stage (0: Y, 1: X). */
export type Given = "nothing" | 0 | 1;

/** The maker of the linear module of a stage; one module may serve several graphs, one after the other. */
type Linear = (stage: number) => Module;

/** Variables of the graph that starts with the output of stage `first` - 1 and ends before the likelihood of stage `last`. */
function namesOf(first: number, last: number): string[] {
  const names = [first === 0 ? "y" : nameOf(first - 1)];
  for (let k = first; k <= last; k++) names.push(`z${k}`, ...(k < last ? [nameOf(k)] : []));
  return names;
}

function nameOf(stage: number): string {
  return stage === 0 ? "x" : `h${stage}`;
}

function graphOf(
  { stages }: Chain,
  root: Module,
  first: number,
  last: number,
  sizes: readonly number[],
  linear: Linear,
  observed?: Vec
): Graph {
  const modules: Module[] = [root];
  for (let k = first; k <= last; k++) {
    const { activation, noise, channel } = stages[k];
    modules.push(linear(k));
    if (k < last) modules.push(activationModule(activation, sizes[k + 1], { noiseBefore: noise }));
    else modules.push(likelihoodModule(channel as Channel, sizes[k + 1], observed));
  }
  return chainGraph(modules, namesOf(first, last));
}

/** The first stage from `k` on whose noise is not zero, or `last`: up to there everything follows from a known input. */
function firstNoisy({ stages }: Chain, k: number, last: number): number {
  for (let j = k; j < last; j++) if (stages[j].noise > 0) return j;
  return last;
}

// ---------------------------------------------------------------- theory

/** The chain with the spectra of its weights. `sizes`: n_Y, n_0, n_1 ...; only their ratios count. */
export interface TheoryChain extends Chain {
  readonly sizes: readonly number[];
  readonly laws: readonly Pick<Ensemble, "scalar" | "spectrum">[];
  /** Second moment per component of z_k = W_k h_(k-1), stage by stage. */
  readonly powers: readonly number[];
  readonly linear: Linear;
}

export function theoryChain(chain: Chain, sizes: readonly number[], laws: TheoryChain["laws"]): TheoryChain {
  const modules = laws.map((law, k) => ensembleModule(law as Ensemble, sizes[k + 1], sizes[k]));
  const linear: Linear = (k) => modules[k];
  const last = chain.stages.length - 1;
  const whole = graphOf(chain, priorModule(chain.prior, sizes[0]), 0, last, sizes, linear);
  const tau = secondMoments(whole);
  const powers = chain.stages.map((_, k) => tau[whole.variables.findIndex(({ name }) => name === `z${k}`)]);
  return { ...chain, sizes, laws, powers, linear };
}

/** The graph that T_last observes under `given`, or, where only the noise of T_last itself is left, null. */
export function theoryGraph(chain: TheoryChain, last: number, given: Given): Graph | null {
  const { stages, sizes, powers, linear, prior } = chain;
  if (given === "nothing") return graphOf(chain, priorModule(prior, sizes[0]), 0, last, sizes, linear);
  const j = firstNoisy(chain, given, last);
  if (j === last) return null;
  const { activation, noise } = stages[j];
  return graphOf(chain, knownInputModule({ activation, noise, size: sizes[j + 1], power: powers[j] }), j + 1, last, sizes, linear);
}

// ---------------------------------------------------------------- instances

/** One draw of everything: h_(-1) = Y, h_0 = X, h_1 ..., and z_k, noise of T_k included in h_k only. */
export interface ChainSample {
  readonly y: Vec;
  readonly z: readonly Vec[];
  readonly h: readonly Vec[];
}

export interface InstanceChain extends Chain {
  readonly sizes: readonly number[];
  readonly linear: Linear;
}

/** `operators`: the weights of every stage. Each is decomposed once, at its first use. */
export function instanceChain(chain: Chain, operators: readonly LinearOperator[]): InstanceChain {
  const modules = operators.map((A) => linearModule(A));
  return { ...chain, sizes: [operators[0].cols, ...operators.map(({ rows }) => rows)], linear: (k) => modules[k] };
}

/** The same `rng` gives the same labels and noises whatever the weights. */
export function drawSample({ prior, stages, sizes, linear }: InstanceChain, rng: Rng): ChainSample {
  const y = new Float64Array(sizes[0]);
  prior.sample(rng.fork("labels"), y);
  const z: Vec[] = [];
  const h: Vec[] = [];
  let below: Vec = y;
  stages.forEach(({ activation, noise }, k) => {
    const at = new Float64Array(sizes[k + 1]);
    linear(k).sample(rng, [below], [at]);
    const out = new Float64Array(at.length);
    activationModule(activation, at.length, { noiseBefore: noise }).sample(rng.fork(`noise ${k}`), [at], [out]);
    z.push(at);
    h.push(out);
    below = out;
  });
  return { y, z, h };
}

/** The graph of this sample's T_last under `given`; or where the noise of T_last alone is left, the z before it, known exactly. */
export function instanceGraph(chain: InstanceChain, sample: ChainSample, last: number, given: Given): Graph | { readonly known: Vec } {
  const { stages, sizes, linear, prior } = chain;
  const observed = sample.h[last];
  if (given === "nothing") return graphOf(chain, priorModule(prior, sizes[0]), 0, last, sizes, linear, observed);
  const j = firstNoisy(chain, given, last);
  if (j === last) return { known: sample.z[last] };
  const { activation, noise } = stages[j];
  const z = sample.z[j];
  const power = z.reduce((s, x) => s + x * x, 0) / z.length;
  return graphOf(chain, knownInputModule({ activation, noise, size: z.length, power, z }), j + 1, last, sizes, linear, observed);
}

/**
 * Entropies and mutual informations of the variables of a graph. A variable that is known is a cut: both its modules receive the
 * message of an observation of precision a -> infinity, for which E ln Z - a tau/2 = E ln f(x) + ln(2 pi/(a + c))/2 -+ 1/2 + O(1/a^2),
 * c being what the module answers; minus towards the data (there E b^2 = a^2 tau - a), plus towards the priors (a^2 tau + a). On a tree the cut parts are independent given x: H(Y|x) = H(Y_up|x) + H(Y_down|x).
 */
import type { Graph, Precision } from "../../core/types.ts";
import type { GraphOutcome, GraphStart, GraphState } from "./evolution.ts";
import { sectionEvolution } from "./evolution.ts";
import { sectionFreeEntropy } from "./freeEntropy.ts";
import { entering, type Precisions, type Section, sectionOf, modulesBehind } from "./section.ts";

export interface VariableInformation {
  readonly name: string;
  /** I(x; Y), nats per component of the reference variable; null where it is infinite (continuous and known exactly). */
  readonly mutualInformation: number | null;
  /** H(x): Shannon for discrete variables, differential for continuous ones (in the measure of x); null for mixtures and singular laws. */
  readonly entropy: number | null;
  readonly kind: "discrete" | "continuous" | "mixed";
  /** Posterior variance per component. */
  readonly mse: number;
}

export interface GraphInformation {
  /** H(Y) = -Phi, nats per component of the reference variable; null where it is infinite. */
  readonly entropy: number | null;
  readonly variables: readonly VariableInformation[];
  readonly state: GraphState;
  readonly outcome: GraphOutcome;
}

/** Precision, in units of 1/tau, of the message that says x_i to what comes after: infinite to rounding, also where labels are discrete (error a^-1/2). */
const KNOWN = 1e30;
/** The same towards the priors, whose E ln Z - a tau/2 loses a tau 1e-16; and a smaller one, which tells what diverges as it grows. */
const TOLD = 1e6;
const LESS = 1e5;
const ATOMS = 1e3;
const ITERATIONS = 2000;

/**
 * H(Y), and of every variable x: I(x; Y) and H(x). `start`: the branch (uninformed by default); conditional entropies are
 * reached from the same start. `reference`: the variable whose components are counted (the first by default).
 */
export function graphInformation(
  graph: Graph,
  options: { readonly start?: GraphStart; readonly reference?: number } = {}
): GraphInformation {
  const { start = "uninformed", reference = 0 } = options;
  const whole = sectionOf(graph);
  const unit = graph.variables[reference].size;
  const { state, outcome } = settle(whole, start);
  const phi = outcome.kind === "exact-recovery" ? exactRecoveryFreeEntropy(graph, reference) : sectionFreeEntropy(whole, state) / unit;
  const entropy = Number.isFinite(phi) ? -phi : null;
  const variables = graph.variables.map((variable, i): VariableInformation => {
    const mse = state.v[i];
    const { kind, value } = ownEntropy(graph, whole.tau, i, start);
    const own = value === null ? null : value / unit;
    if (variable.consumer === null && !observedAbove(graph, i))
      return { name: variable.name, mutualInformation: 0, entropy: own, kind, mse };
    const given = entropyGiven(graph, whole.tau, i, start, kind);
    const mutualInformation = entropy === null || given === null ? null : Math.max(0, entropy - given / unit);
    return { name: variable.name, mutualInformation, entropy: own, kind, mse };
  });
  return { entropy, variables, state, outcome };
}

/** Runs state evolution to its end. */
export function settle(section: Section, start: GraphStart = "uninformed"): { state: GraphState; outcome: GraphOutcome } {
  const run = sectionEvolution(section, { start, iterations: ITERATIONS, tolerance: 1e-13 });
  let state: GraphState | null = null;
  for (let step = run.next(); ; step = run.next()) {
    if (step.done) return { state: state as GraphState, outcome: step.value };
    state = step.value;
  }
}

/** H(Y | x_i) in nats, in all: the two sides of the cut, each with x_i known. */
function entropyGiven(
  graph: Graph,
  tau: readonly number[],
  i: number,
  start: GraphStart,
  kind: VariableInformation["kind"]
): number | null {
  const down = graph.variables[i].consumer === null ? 0 : logDensity(partBehind(graph, tau, i, "forward"), i, "forward", start);
  if (down === null) return null;
  if (!observedAbove(graph, i)) return -down;
  if (kind === "mixed") return null; // H(Y_up | x) = H(x, Y_up) - H(x): both infinite, of a law with atoms and a density
  const joint = partBehind(graph, tau, i, "backward");
  const alone = ancestors(graph, tau, i);
  const log = kind === "discrete" ? logMass : logDensity;
  const up = log(joint, i, "backward", start);
  const law = log(alone, i, "backward", start);
  return up === null || law === null ? null : -down - (up - law);
}

/** Is there a likelihood (a module without outputs) on the producer's side of variable i? */
function observedAbove(graph: Graph, i: number): boolean {
  return modulesBehind(graph, i, "backward").some((k) => graph.modules[k].outputs.length === 0);
}

function partBehind(graph: Graph, tau: readonly number[], i: number, side: "forward" | "backward"): Section {
  return sectionOf(graph, modulesBehind(graph, i, side), {}, tau);
}

/** The modules that make variable i: all that its own law needs. */
function ancestors(graph: Graph, tau: readonly number[], i: number): Section {
  const kept = new Set<number>();
  const add = (k: number) => {
    if (kept.has(k)) return;
    kept.add(k);
    for (const v of graph.variables) if (v.consumer?.module === k) add(v.producer.module);
  };
  add(graph.variables[i].producer.module);
  return sectionOf(graph, [...kept], {}, tau);
}

/** E ln f - sum a tau/2 of a section into which x_i enters with precision a, and what it answers. */
function known(
  section: Section,
  i: number,
  side: "forward" | "backward",
  start: GraphStart,
  a: Precision
): { phi: number; answer: number } {
  const cut = entering(section, { [side]: new Map([[i, a]]) });
  const { state } = settle(cut, typeof start === "string" ? start : inside(start, cut));
  const at: Precisions = { forward: [...state.forward], backward: [...state.backward] };
  return { phi: sectionFreeEntropy(cut, at), answer: side === "forward" ? at.backward[i] : at.forward[i] };
}

function inside(start: Readonly<Record<string, Precision>>, section: Section): Readonly<Record<string, Precision>> {
  const names = new Set(section.inner.map((i) => section.graph.variables[i].name));
  return Object.fromEntries(Object.entries(start).filter(([name]) => names.has(name)));
}

/** E ln f(x_i) of the section as a density in x_i (from below: a density of the data; from above: of x_i itself too). */
function logDensity(section: Section, i: number, side: "forward" | "backward", start: GraphStart): number | null {
  const { scalar, size } = section.graph.variables[i];
  const a = (side === "forward" ? KNOWN : TOLD) / section.tau[i];
  const { phi, answer } = known(section, i, side, start, a);
  if (side === "forward" && answer > 1e-6 * a) return null; // what comes after knows (part of) a continuous variable without error
  // an answer as sharp as the question itself comes from atoms or singular parts: then there is no density to correct for
  const total = answer < a * 1e-2 ? a + answer : a;
  const shift = side === "forward" ? -1 : 1;
  return phi - size * (scalar === "complex" ? Math.log(Math.PI / total) + shift : 0.5 * (Math.log((2 * Math.PI) / total) + shift));
}

/** E ln P(x_i) where x_i is discrete: no volume to divide by. */
function logMass(section: Section, i: number, side: "forward" | "backward", start: GraphStart, scale = TOLD): number {
  return known(section, i, side, start, scale / section.tau[i]).phi;
}

/** H(x_i) in nats in all, if its law is a density or discrete. */
function ownEntropy(
  graph: Graph,
  tau: readonly number[],
  i: number,
  start: GraphStart
): { kind: VariableInformation["kind"]; value: number | null } {
  const section = ancestors(graph, tau, i);
  const { size, scalar } = graph.variables[i];
  const volume = (scalar === "complex" ? 1 : 0.5) * Math.log(TOLD / LESS) * size;
  // as a grows by TOLD/LESS, E ln Z falls by the share of continuous components times the logarithm of that
  const sharp = logMass(section, i, "backward", start, TOLD);
  const dull = logMass(section, i, "backward", start, LESS);
  const share = (dull - sharp) / volume;
  if (Math.abs(share) < 1e-4) {
    const soft = logMass(section, i, "backward", start, ATOMS); // has more digits, if the atoms are apart already
    return { kind: "discrete", value: -(Math.abs(soft - dull) < 1e-7 * size ? soft : dull) };
  }
  if (Math.abs(share - 1) < 1e-4) return { kind: "continuous", value: negative(logDensity(section, i, "backward", start)) };
  return { kind: "mixed", value: null };
}

function negative(x: number | null): number | null {
  return x === null ? null : -x;
}

/**
 * Free entropy of exact recovery, -H(x, Y) with x all that the priors made: nats per component of `reference`; +infinity unless all of x
 * is discrete (a density at a point known without error).
 */
export function exactRecoveryFreeEntropy(graph: Graph, reference = 0): number {
  const whole = sectionOf(graph);
  const sources = graph.variables.flatMap((v, i) => (graph.modules[v.producer.module].inputs.length === 0 ? [i] : []));
  let phi = 0;
  for (const i of sources) {
    const { kind, value } = ownEntropy(graph, whole.tau, i, "uninformed");
    if (kind !== "discrete" || value === null) return Number.POSITIVE_INFINITY;
    phi -= value;
  }
  const rest = graph.modules.flatMap((m, k) => (m.inputs.length > 0 ? [k] : []));
  const told = new Map(sources.map((i) => [i, KNOWN / whole.tau[i]]));
  const section = sectionOf(graph, rest, { forward: told }, whole.tau);
  const { state } = settle(section, "uninformed");
  phi += sectionFreeEntropy(section, state);
  for (const i of sources) {
    const { scalar, size } = graph.variables[i];
    const a = KNOWN / whole.tau[i];
    phi -= size * (scalar === "complex" ? Math.log(Math.PI / a) - 1 : 0.5 * (Math.log((2 * Math.PI) / a) - 1));
  }
  return phi / graph.variables[reference].size;
}

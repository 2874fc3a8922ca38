/** From ends back to priors: the factors in an order in which variables are made before they are used, every name, and the proof that it is a tree. */
import { ParameterError } from "../core/parameters.ts";
import { type End, type Factor, type ModelVariable, say } from "./expression.ts";

/** A factor in its place. `owner` is the first half of the names of its knobs: x.rho, y.noise. */
export interface Placed {
  readonly factor: Factor;
  readonly inputs: readonly ModelVariable[];
  readonly outputs: readonly ModelVariable[];
  readonly owner: string;
  readonly end: End | null;
}

export interface Plan {
  readonly placed: readonly Placed[];
  readonly variables: readonly ModelVariable[];
  readonly names: ReadonlyMap<ModelVariable, string>;
  /** Indices into `placed` of what uses a variable; one entry for each use. */
  readonly uses: ReadonlyMap<ModelVariable, readonly number[]>;
}

type Draft = Omit<Placed, "owner">;

/** Throws ParameterError: a missing prior, a name given twice, a loop. */
export function arrange(ends: readonly (End | ModelVariable)[]): Plan {
  const drafts: Draft[] = [];
  const variables: ModelVariable[] = [];
  const seen = new Set<unknown>();
  const real = ends.filter((e): e is End => "end" in e);
  const prior = (v: ModelVariable): End => {
    const own = real.filter((e) => e.variable === v && e.factor.kind === "prior");
    if (own.length === 1) return own[0];
    throw new ParameterError(
      own.length > 1
        ? `${v.name} has ${own.length} priors; keep one, or make the others penalties on a variable that a layer makes`
        : `${v.name} has no prior; write priors.gaussian({ variance: 1 }).variable("${v.name}", ${v.shape.length === 1 ? v.shape[0] : `[${v.shape.join(", ")}]`}), or assume(priors.gaussian(), ${v.name})`
    );
  };
  const visit = (v: ModelVariable): void => {
    const key = v.maker ?? v;
    if (seen.has(key)) return;
    seen.add(key);
    if (v.maker) for (const input of v.maker.inputs) visit(input);
    const outputs = v.maker?.outputs ?? [v];
    drafts.push(
      v.maker
        ? { factor: v.maker.factor, inputs: v.maker.inputs, outputs, end: null }
        : { factor: prior(v).factor, inputs: [], outputs, end: null }
    );
    variables.push(...outputs);
  };
  for (const e of ends) visit("end" in e ? e.variable : e);
  for (const e of new Set(real))
    if (e.factor.kind !== "prior") drafts.push({ factor: e.factor, inputs: [e.variable], outputs: [], end: e });

  const names = nameAll(variables);
  const uses = new Map<ModelVariable, number[]>(variables.map((v) => [v, []]));
  drafts.forEach(({ inputs }, k) => {
    for (const v of inputs) uses.get(v)?.push(k);
  });
  refuseLoops(drafts, names);
  return { placed: ownersOf(drafts, names), variables, names, uses };
}

function nameAll(variables: readonly ModelVariable[]): Map<ModelVariable, string> {
  const names = new Map<ModelVariable, string>();
  const taken = new Set<string>();
  for (const v of variables) {
    if (v.name === null) continue;
    if (taken.has(v.name)) throw new ParameterError(`two variables are called ${v.name}; give one of them another name`);
    taken.add(v.name);
  }
  const counts = new Map<string, number>();
  for (const v of variables) {
    let name = v.name;
    const letter = v.maker?.factor.letter ?? "x";
    while (name === null || (v.name === null && taken.has(name))) {
      const n = (counts.get(letter) ?? 0) + 1;
      counts.set(letter, n);
      name = `${letter}${n}`;
    }
    taken.add(name);
    names.set(v, name);
  }
  return names;
}

/** Knobs belong to the variable that comes out, to the observation, or, for a penalty, to the variable it is put on. */
function ownersOf(drafts: readonly Draft[], names: ReadonlyMap<ModelVariable, string>): Placed[] {
  const taken = new Set(names.values());
  const observed = drafts.filter((d) => d.end?.end === "observe");
  for (const { end } of drafts) {
    if (!end?.name) continue;
    if (taken.has(end.name)) throw new ParameterError(`the name ${end.name} is given twice; give ${say(end.variable)}'s end another name`);
    taken.add(end.name);
  }
  const fresh = (stem: string, from: number): string => {
    for (let n = from; ; n++) {
      const name = n === 0 ? stem : `${stem}${n}`;
      if (!taken.has(name)) {
        taken.add(name);
        return name;
      }
    }
  };
  const unnamed = observed.filter((d) => !d.end?.name).length;
  const first = unnamed === 1 && observed.length === 1 ? 0 : 1;
  const knobbed = new Set(drafts.filter((d) => d.outputs.length && Object.keys(d.factor.knobs).length).map((d) => d.outputs[0]));
  return drafts.map((d) => {
    const { end } = d;
    let owner: string;
    if (!end) owner = names.get(d.outputs[0]) as string;
    else if (end.name) owner = end.name;
    else if (end.end === "observe") owner = fresh("y", first);
    else if (knobbed.has(end.variable)) owner = fresh(`${names.get(end.variable)}_penalty`, 0);
    else {
      knobbed.add(end.variable);
      owner = names.get(end.variable) as string;
    }
    return { ...d, owner };
  });
}

/** Messages with one precision are right on trees. The error names the variables of the first loop. */
function refuseLoops(drafts: readonly Draft[], names: ReadonlyMap<ModelVariable, string>): void {
  const neighbours = new Map<Draft | ModelVariable, (Draft | ModelVariable)[]>();
  const root = new Map<Draft | ModelVariable, Draft | ModelVariable>();
  const find = (x: Draft | ModelVariable): Draft | ModelVariable => {
    let top = x;
    for (let up = root.get(top); up !== undefined; up = root.get(top)) top = up;
    for (let at = x; at !== top; ) {
      const next = root.get(at) as Draft | ModelVariable;
      root.set(at, top);
      at = next;
    }
    return top;
  };
  for (const d of drafts)
    for (const v of [...d.inputs, ...d.outputs]) {
      const [a, b] = [find(d), find(v)];
      if (a === b) {
        const loop = pathBetween(d, v, neighbours).flatMap((x) => names.get(x as ModelVariable) ?? []);
        throw new ParameterError(
          `the model has a loop through ${loop.join(", ")}: branches that part must not meet again (at ${d.factor.label}); use independent variables, or make the branches one linear layer`
        );
      }
      root.set(a, b);
      neighbours.set(d, [...(neighbours.get(d) ?? []), v]);
      neighbours.set(v, [...(neighbours.get(v) ?? []), d]);
    }
}

function pathBetween<T>(from: T, to: T, neighbours: ReadonlyMap<T, readonly T[]>): T[] {
  const came = new Map<T, T | null>([[from, null]]);
  const queue = [from];
  for (const x of queue) for (const y of neighbours.get(x) ?? []) if (!came.has(y)) queue.push(y) && came.set(y, x);
  const path: T[] = [];
  for (let x: T | null | undefined = to; x !== null && x !== undefined; x = came.get(x)) path.push(x);
  return path;
}

/** A plan as the graph that algorithms and theory run on: modules built, duplicates put in where a variable branches. */
import { ParameterError } from "../core/parameters.ts";
import type { Graph, Module, Plug, Port, Variable } from "../core/types.ts";
import type { Plan } from "./arrange.ts";
import type { Factor, ModelVariable } from "./expression.ts";
import { duplicateFactor } from "./junctions.ts";
import { portOf, shapeWords, sizeOf } from "./shape.ts";

/** The n-th copy of a variable that branches; users look variables up by the name before the #. */
export function copyName(name: string, n: number): string {
  return `${name}#${n}`;
}

/** Modules of a factor by what it is plugged into: models that share a factor share its modules, so learning sees what did not change. */
const KEPT = 16;
const made = new WeakMap<Factor, Map<string, Module>>();

function shared(factor: Factor, key: string, make: () => Module): Module {
  const known = made.get(factor) ?? new Map<string, Module>();
  made.set(factor, known);
  const module = known.get(key) ?? make();
  if (known.size >= KEPT) known.clear();
  known.set(key, module);
  return module;
}

export function toGraph({ placed, variables, names, uses }: Plan): Graph {
  const observed = placed.find((p) => p.end?.data);
  const broken = observed && variables.find((v) => !Number.isInteger(sizeOf(v.shape)));
  if (broken)
    throw new ParameterError(
      `${names.get(broken)} has ${shapeWords(broken)} components, but ${observed.owner} has data; give the layers whole numbers of rows`
    );
  const modules: Module[] = [];
  const times = new Map<Factor, number>(); // a layer applied twice is two modules
  const all: { name: string; port: Port; producer: Plug; consumer: Plug | null }[] = [];
  const at = new Map<ModelVariable, number[]>(); // places in `all` of what the consumers of a variable take, in their order
  const used = new Map<ModelVariable, number>();
  for (const { factor, inputs, outputs } of placed) {
    const module = modules.length;
    const time = times.get(factor) ?? 0;
    times.set(factor, time + 1);
    const key = `${time}: ${[...inputs, ...outputs].map(shapeWords).join(", ")}`;
    modules.push(shared(factor, key, () => factor.module(inputs, outputs)));
    inputs.forEach((v, port) => {
      const turn = used.get(v) ?? 0;
      used.set(v, turn + 1);
      all[(at.get(v) as number[])[turn]].consumer = { module, port };
    });
    outputs.forEach((v, k) => {
      const name = names.get(v) as string;
      const port = portOf(v);
      const copies = uses.get(v)?.length ?? 0;
      const first = all.length;
      all.push({ name, port, producer: { module, port: inputs.length + k }, consumer: null });
      at.set(v, [first]);
      if (copies < 2) return;
      const duplicate = modules.length;
      modules.push(shared(factor, `${key}; ${copies} of ${k}`, () => duplicateFactor(copies).module([v], Array(copies).fill(v))));
      all[first].consumer = { module: duplicate, port: 0 };
      const places = Array.from({ length: copies }, (_, n) => first + 1 + n);
      for (const n of places.keys())
        all.push({ name: copyName(name, n + 1), port, producer: { module: duplicate, port: 1 + n }, consumer: null });
      at.set(v, places);
    });
  }
  const list: Variable[] = all.map(({ name, port, producer, consumer }) => ({ ...port, name, producer, consumer }));
  return { modules, variables: list };
}

/** A graph without branches: each module's output is the next one's input. */
import type { Graph, Module, Variable } from "../core/types.ts";

/**
 * The chain prior - layer - ... - likelihood. `names` of its variables, one for each module but the last; a last module that has an
 * output leaves that variable unused (then `names` has one more). Throws RangeError when a module has more than one way through.
 */
export function chainGraph(modules: readonly Module[], names: readonly string[]): Graph {
  const variables: Variable[] = [];
  modules.forEach((module, k) => {
    if (module.inputs.length !== (k === 0 ? 0 : 1) || module.outputs.length > 1)
      throw new RangeError(
        `chainGraph: module ${k} (${module.kind}) has ${module.inputs.length} inputs and ${module.outputs.length} outputs`
      );
    if (module.outputs.length === 0) return;
    const { scalar, size } = module.outputs[0];
    variables.push({
      name: names[k],
      scalar,
      size,
      producer: { module: k, port: module.inputs.length },
      consumer: k + 1 < modules.length ? { module: k + 1, port: 0 } : null
    });
  });
  return { modules, variables };
}

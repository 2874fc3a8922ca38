/**
 * Spectral start of a chain prior - linear - even likelihood, through the modules' own contract: the matrix is what the linear
 * module does to a message of precision 1 when it hears nothing from the other side, the curvature at zero overlap is what the
 * likelihood does to the variance. The estimate itself is that of ../spectral.ts.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { LinearOperator, Message, Module, Rng, Vec } from "../../core/types.ts";
import { spectralStart } from "../spectral.ts";
import { norm2 } from "../workspace.ts";
import type { Sweeper } from "./sweep.ts";
import type { Edge } from "./wiring.ts";

/**
 * Holds the forward message of z = A x at omega = A m - V g, the linearised iteration's view of z, so that the first backward
 * sweep hears a likelihood at the spectral overlap. Throws ParameterError where the chain is not of this form.
 */
export function spectralEdge(s: Sweeper, x: Edge, rng: Rng): void {
  const { graph, wiring } = s;
  const refusal = (what: string) =>
    new ParameterError(
      `expectationPropagation: init spectral of ${x.name} needs a chain prior - linear - even likelihood, got ${what}; use init uninformed with rng`
    );
  if (!x.leaf || !x.consumer) throw refusal(x.leaf ? "a variable nothing is attached to" : "a variable that is not a signal");
  const linear = graph.modules[x.consumer.module];
  if (linear.inputs.length !== 1 || linear.outputs.length !== 1) throw refusal(`a ${linear.kind} module`);
  const z = wiring.edgeAt[x.consumer.module][1];
  const likelihood = z.consumer && graph.modules[z.consumer.module];
  if (!likelihood || likelihood.outputs.length > 0 || likelihood.inputs.length !== 1)
    throw refusal(likelihood ? `a ${likelihood.kind} module after the linear one` : "no likelihood");
  const operator = operatorOf(linear, x, z);
  if (!isLinear(operator, rng)) throw refusal(`a ${linear.kind} module that is not linear`);

  const zero: Message = { a: 1, b: new Float64Array(z.mean.length) };
  const heard = [zero] as [Message];
  const scratch = new Float64Array(z.mean.length);
  likelihood.project(0, heard, new Float64Array(z.mean.length), scratch);
  const variance = new Float64Array(z.size);
  const g0 = new Float64Array(z.mean.length);
  const start = spectralStart(
    {
      operator,
      y: new Float64Array(z.size),
      prior: { secondMoment: x.scale },
      channel: {
        even: true,
        score(V, omega, _y, g, curvature) {
          const a = 1 / V[0];
          const messages = [{ a, b: omega.map((w) => a * w) }];
          likelihood.project(0, messages, g0, scratch);
          likelihood.variances(0, messages, variance);
          for (let i = 0; i < g.length; i++) g[i] = a * (g0[i] - omega[i]);
          for (let i = 0; i < curvature.length; i++) curvature[i] = a * (1 - a * variance[i]);
        }
      }
    },
    rng.fork(`start ${x.name}`)
  );
  if (norm2(g0) > 1e-16 * z.size * z.scale) throw refusal(`a ${likelihood.kind} module that sees the sign or phase`);
  const V = (operator.frobenius2 / operator.rows) * start.variance;
  operator.apply(start.mean, z.mean);
  for (let i = 0; i < z.mean.length; i++) {
    z.mean[i] -= V * start.g[i];
    z.forward.b[i] = z.mean[i] / V;
  }
  z.forward.a = 1 / V;
  z.variance = V;
  z.held = true;
}

/** The matrix inside a linear module, by the messages it sends when only one side speaks. */
function operatorOf(module: Module, x: Edge, z: Edge): LinearOperator {
  const noX = { a: 1, b: new Float64Array(x.mean.length) };
  const noZ = { a: 0, b: new Float64Array(z.mean.length) };
  const sentX = new Float64Array(x.mean.length);
  const sentZ = new Float64Array(z.mean.length);
  const { v } = module.project(1, [noX, noZ], new Float64Array(z.mean.length), sentZ);
  return {
    scalar: x.scalar,
    rows: z.size,
    cols: x.size,
    frobenius2: v * z.size,
    apply(from, to) {
      module.project(1, [{ a: 1, b: from }, noZ], to, sentZ);
    },
    adjoint(from, to) {
      module.project(0, [noX, { a: 0, b: from }], to, sentX);
    }
  };
}

function isLinear({ apply, rows, cols, scalar }: LinearOperator, rng: Rng): boolean {
  const width = scalar === "complex" ? 2 : 1;
  const u: Vec = new Float64Array(width * cols);
  rng.fork("linearity").fillNormal(u);
  const once = new Float64Array(width * rows);
  const twice = new Float64Array(width * rows);
  apply(u, once);
  apply(
    u.map((x) => -2 * x),
    twice
  );
  for (let i = 0; i < once.length; i++) twice[i] += 2 * once[i];
  return norm2(once) > 0 && norm2(twice) <= 1e-18 * norm2(once);
}

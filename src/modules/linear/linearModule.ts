/**
 * z = A x for a given operator: posterior both ways from a diagonalisation of A^* A that is made once, at the first use.
 * Traces obey a_x v_x + alpha a_z v_z = 1 (VAMP; Rangan, Schniter, Fletcher 2019), and the outgoing precisions are ratios of
 * positive sums, right at any a_x, a_z in [0, 1e15].
 */
import { ParameterError } from "../../core/parameters.ts";
import type { LinearOperator, Message, Module, Projection, Spectrum } from "../../core/types.ts";
import { checkMessages, checkPort, dot, half, LEAST, logGaussian, port } from "../ports.ts";
import { chooseDiagonalisation, type LinearOptions } from "./chooseDiagonalisation.ts";
import type { Diagonalisation, LinearMessages } from "./diagonalisation.ts";
import { linearTheory, sampledSpectrum } from "./linearTheory.ts";

export type { LinearMethod, LinearOptions } from "./chooseDiagonalisation.ts";

export interface LinearModule extends Module {
  readonly operator: LinearOperator;
  /** How A is treated; asking decomposes it. */
  readonly method: Diagonalisation["method"];
  /** Sampled law of the eigenvalues of A^* A; asking decomposes A. */
  readonly spectrum: Spectrum;
  /** Relative standard error of v: 0 but for conjugate gradients, whose traces come from random probes. */
  varianceError(a: readonly number[]): number;
  /** Largest relative residual of the linear systems solved so far: 0 but for conjugate gradients. */
  residual(): number;
}

/**
 * One input of `cols` components, one output of `rows`. The operator must not change afterwards. A direction of x that no message
 * informs (a_x = 0 and A x = 0) gets the variance 1e100 (ports.ts, LEAST). Throws ParameterError.
 */
export function linearModule(operator: LinearOperator, options: LinearOptions = {}): LinearModule {
  const kind = "linear";
  const { rows, cols, scalar } = operator;
  const input = port(kind, cols, scalar);
  const output = port(kind, rows, scalar);
  const ports = [input, output];
  const h = half(scalar);
  let made: Diagonalisation | null = null;
  const diagonalisation = (): Diagonalisation => (made ??= chooseDiagonalisation(operator, options));
  let law: Spectrum | null = null;
  const spectrum = (): Spectrum => (law ??= sampledSpectrum(rows, cols, diagonalisation().lambda, diagonalisation().counts));
  const x = new Float64Array(input.size * (scalar === "complex" ? 2 : 1));

  const read = (messages: readonly Message[]): LinearMessages => {
    checkMessages(kind, ports, messages);
    return { ax: Math.max(messages[0].a, LEAST), bx: messages[0].b, az: messages[1].a, bz: messages[1].b };
  };
  /** Sums over the nonzero eigenvalues: count, 1/(a_x + a_z lambda), lambda/(a_x + a_z lambda). */
  const traces = (p: number, ax: number, az: number): Projection => {
    const made = diagonalisation();
    const { lambda, counts } = made.at?.(ax, az) ?? made;
    let rank = 0;
    let flat = 0;
    let through = 0;
    for (let i = 0; i < lambda.length; i++) {
      const share = counts[i] / (ax + az * lambda[i]);
      rank += counts[i];
      flat += share;
      through += share * lambda[i];
    }
    if (p === 0) {
      const v = (flat + Math.max(cols - rank, 0) / ax) / cols;
      return { v, extrinsic: (az * through) / cols / v };
    }
    const v = through / rows;
    return { v, extrinsic: (ax * flat + Math.max(rows - rank, 0)) / rows / v };
  };
  const theory = linearTheory(rows, cols, scalar, spectrum);
  return {
    kind,
    inputs: [input],
    outputs: [output],
    operator,
    get method() {
      return diagonalisation().method;
    },
    get spectrum() {
      return spectrum();
    },
    varianceError: ([ax, az]) => diagonalisation().traceError?.(Math.max(ax, LEAST), az) ?? 0,
    residual: () => made?.residual?.() ?? 0,
    sample(_rng, [from], [to]) {
      operator.apply(from, to);
    },
    project(p, messages, mean, b) {
      checkPort(kind, ports, p);
      const given = read(messages);
      const sent = traces(p, given.ax, given.az);
      if (p === 0) diagonalisation().meanX(given, mean);
      else diagonalisation().meanZ(given, mean);
      const own = messages[p].b;
      for (let i = 0; i < b.length; i++) b[i] = mean[i] / sent.v - own[i];
      return sent;
    },
    variances(p, messages, out) {
      checkPort(kind, ports, p);
      const { ax, az } = read(messages);
      if (p === 0) diagonalisation().variancesX(ax, az, out);
      else diagonalisation().variancesZ(ax, az, out);
    },
    /** h (b_x + A^* b_z).x is (b_x.x + b_z.z)/2: two inner products once x is known. */
    logPartition(messages) {
      const given = read(messages);
      const { ax, az, bx, bz } = given;
      const made = diagonalisation();
      const { lambda, counts } = made.at?.(ax, az) ?? made;
      let logs = 0;
      for (let i = 0; i < lambda.length; i++) logs += counts[i] * Math.log1p((az / ax) * lambda[i]);
      made.meanX(given, x);
      const z = new Float64Array(bz.length);
      operator.apply(x, z);
      return cols * logGaussian(scalar, ax) - h * logs + h * (dot(bx, x) + dot(bz, z));
    },
    ...theory,
    error(p, a, tau) {
      checkPort(kind, ports, p);
      if (a.length !== 2) throw new ParameterError(`${kind}: needs two precisions, got ${a.length}`);
      return theory.error(p, a, tau);
    }
  };
}

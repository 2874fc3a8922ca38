/** Chains of modules for the tests of the theory on the graph: bricks of the closed forms, independent of src/modules. */
import type { Channel, Graph, Module, Port, Prior, Scalar } from "../../../src/core/types.ts";
import { information, outputEntropy, priorBlock } from "../../../src/theory/index.ts";

const absent = (): never => {
  throw new Error("theory only");
};
const instance = { sample: absent, project: absent, variances: absent, logPartition: absent };
const LN2PI = Math.log(2 * Math.PI);

/** E 1/(x + y lambda) and E ln(x + y lambda) for lambda of A^T A, A rows x cols with N(0, 1/cols) entries (Marchenko-Pastur). */
export function marchenkoPastur(alpha: number): { resolvent(x: number, y: number): number; log(x: number, y: number): number } {
  // F(g, alpha) of Tulino and Verdu (2004), eq. 1.17, with lambda = alpha lambda', lambda' of H^T H, H_ij ~ N(0, 1/rows), beta = 1/alpha
  const root = (g: number) => {
    // eta = E 1/(1 + g lambda) solves eta + alpha g eta/(1 + g eta) = 1
    const b = alpha * g + 1 - g;
    const s = Math.sqrt(b * b + 4 * g);
    return b > 0 ? 2 / (b + s) : (s - b) / (2 * g);
  };
  return {
    resolvent: (x, y) => root(y / x) / x,
    log: (x, y) => {
      const g = y / x;
      const eta = root(g);
      // E ln(1 + g lambda) = alpha ln(1 + g eta) - ln eta + eta - 1
      return Math.log(x) + alpha * Math.log1p(g * eta) - Math.log(eta) + eta - 1;
    }
  };
}

export function toyPrior(prior: Prior, size: number): Module {
  return {
    ...instance,
    kind: "prior",
    inputs: [],
    outputs: [{ scalar: "real", size }],
    secondMoments: (tau) => {
      tau[0] = prior.secondMoment;
    },
    error: (_, [a]) => {
      const { V } = priorBlock(prior, a);
      return { v: V, extrinsic: 1 / V - a };
    },
    freeEntropy: ([a]) => size * (priorBlock(prior, a).psi - (a * prior.secondMoment) / 2)
  };
}

export function toyLikelihood(channel: Channel, size: number): Module {
  return {
    ...instance,
    kind: "likelihood",
    inputs: [{ scalar: "real", size }],
    outputs: [],
    secondMoments: () => {},
    error: (_, [a], [tau]) => {
      const V = Math.min(1 / a, tau);
      const J = information(channel, tau - V, V);
      return { v: V * (1 - V * J), extrinsic: J / (1 - V * J) };
    },
    freeEntropy: ([a], [tau]) => {
      const V = Math.min(1 / a, tau);
      return size * (outputEntropy(channel, tau - V, V) - 0.5 + 0.5 * (LN2PI + Math.log(V)));
    }
  };
}

export function toyLinear(rows: number, cols: number): Module {
  const alpha = rows / cols;
  const spectrum = marchenkoPastur(alpha);
  const vx = (x: number, z: number) => spectrum.resolvent(x, z);
  return {
    ...instance,
    kind: "linear",
    inputs: [{ scalar: "real", size: cols }],
    outputs: [{ scalar: "real", size: rows }],
    secondMoments: (tau) => {
      tau[1] = tau[0];
    },
    error: (port, [x, z]) => {
      const v = z === Infinity ? Math.max(0, 1 - alpha) / x : vx(x, z);
      if (z === Infinity) return port === 0 ? { v, extrinsic: alpha / v } : { v: 0, extrinsic: 1 / v };
      // eta/x = v solves x v + alpha z v/(1 + z v) = 1: what goes back is alpha z/(1 + z v), what goes on 1/v
      return port === 0 ? { v, extrinsic: (alpha * z) / (1 + z * v) } : { v: v / (1 + z * v), extrinsic: 1 / v };
    },
    freeEntropy: ([x, z]) => cols * (-0.5 + 0.5 * LN2PI - 0.5 * spectrum.log(x, z))
  };
}

export function toyNoise(variance: number, size: number): Module {
  return {
    ...instance,
    kind: "noise",
    inputs: [{ scalar: "real", size }],
    outputs: [{ scalar: "real", size }],
    secondMoments: (tau) => {
      tau[1] = tau[0] + variance;
    },
    error: (port, [a, b]) => {
      const [from, here] = port === 0 ? [b, a] : [a, b];
      const extrinsic = from === 0 ? 0 : 1 / (1 / from + variance);
      return { v: 1 / (here + extrinsic), extrinsic };
    },
    // ln Z of two Gaussians through N(0, variance): ln(2 pi)/2 - ln(a + b + a b variance)/2 plus its exponent, whose average is (a tau_in + b tau_out - 1)/2
    freeEntropy: ([a, b]) => size * (0.5 * LN2PI - 0.5 * Math.log(a + b + a * b * variance) - 0.5)
  };
}

/** Strings modules together, variables h0, h1, ... */
export function chain(modules: readonly Module[]): Graph {
  const ports: (Port & { scalar: Scalar })[] = modules.slice(0, -1).map((m) => m.outputs[0]);
  const last = modules[modules.length - 1].outputs[0];
  return {
    modules,
    variables: [
      ...ports.map((port, k) => ({
        ...port,
        name: `h${k}`,
        producer: { module: k, port: modules[k].inputs.length },
        consumer: { module: k + 1, port: 0 }
      })),
      ...(last
        ? [
            {
              ...last,
              name: `h${modules.length - 1}`,
              producer: { module: modules.length - 1, port: modules[modules.length - 1].inputs.length },
              consumer: null
            }
          ]
        : [])
    ]
  };
}

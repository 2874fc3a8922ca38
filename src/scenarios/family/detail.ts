/** What a watched run shows beside its observables: residuals of the effective noise, and its signals as pictures. It reads a state and changes none. */
import { inputResiduals } from "../../algorithms/effectiveNoise.ts";
import { type EpState, errorBars } from "../../algorithms/graph/index.ts";
import type { GampState } from "../../algorithms/gamp.ts";
import type { Detail, Graph, Picture, Prior, Scalar, Vec } from "../../core/types.ts";

/** As many as a QQ-plot can use. */
const MOST_RESIDUALS = 2000;
/** Components of a signal that a picture can show. */
const MOST_COMPONENTS = 400;
/** Pixels a side. */
const LARGEST_SIDE = 128;

/** At most 2000 residuals, evenly chosen, only finite ones; absent where nothing was learned yet. */
export function evenlyChosen(residuals: ArrayLike<number>): Pick<Detail, "effectiveNoise"> {
  const count = Math.min(residuals.length, MOST_RESIDUALS);
  const chosen = Array.from({ length: count }, (_, k) => residuals[Math.floor((k * residuals.length) / count)]).filter(Number.isFinite);
  return chosen.length > 0 ? { effectiveNoise: chosen } : {};
}

export interface Shown {
  readonly name: string;
  readonly role: Picture["role"];
  readonly values: Vec;
  readonly scalar?: Scalar;
  /** Posterior variance, one for all or one per component (complex: of both parts together). */
  readonly variance?: Vec;
}

/** A signal as one picture, a complex one as two; of a long one the first 400 components. */
export function signalPictures({ name, role, values, scalar = "real", variance }: Shown): Picture[] {
  const width = scalar === "complex" ? 2 : 1;
  const n = values.length / width;
  const count = Math.min(n, MOST_COMPONENTS);
  const shown = count < n ? `, first ${count} of ${n}` : "";
  const deviation = variance
    ? {
        deviation: Array.from({ length: count }, (_, i) => finite(Math.sqrt(Math.max(0, variance[variance.length === 1 ? 0 : i] / width))))
      }
    : {};
  return (width === 1 ? [""] : [", real part", ", imaginary part"]).map((part, c) => ({
    name: `${name}${part}${shown}`,
    role,
    shape: [count],
    values: Array.from({ length: count }, (_, i) => finite(values[width * i + c])),
    ...deviation
  }));
}

/** An image, of a large one the upper left corner. */
export function imagePicture({ name, role, values, variance }: Shown, [rows, cols]: readonly [number, number]): Picture {
  const [tall, wide] = [Math.min(rows, LARGEST_SIDE), Math.min(cols, LARGEST_SIDE)];
  const cropped = tall < rows || wide < cols ? `, upper left ${tall} × ${wide} of ${rows} × ${cols}` : "";
  const read = (x: Vec) =>
    Array.from({ length: tall * wide }, (_, k) => finite(x[x.length === 1 ? 0 : Math.floor(k / wide) * cols + (k % wide)]));
  return {
    name: `${name}${cropped}`,
    role,
    shape: [tall, wide],
    values: read(values),
    ...(variance ? { deviation: read(variance.map((v) => Math.sqrt(Math.max(0, v)))) } : {})
  };
}

/** A run that leaves the doubles is drawn at their end: JSON has no infinity. */
function finite(x: number): number {
  return Number.isNaN(x) ? 0 : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, x));
}

/** s x for a global sign or phase s = (re, im). */
export function turned(x: Vec, [re, im]: readonly [number, number], scalar: Scalar): Vec {
  if (scalar === "real") return re === 1 ? x : x.map((v) => re * v);
  const out = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += 2) {
    out[i] = re * x[i] - im * x[i + 1];
    out[i + 1] = re * x[i + 1] + im * x[i];
  }
  return out;
}

/** What a run knows besides its state: the truth, the data, and the sign or phase that brings the estimate nearest to the truth (1 if it is not free). */
export interface Seen {
  readonly truth: Vec;
  readonly y: Vec;
  readonly labelScalar: Scalar;
  readonly phase: readonly [number, number];
}

function inferred({ truth, y, labelScalar, phase }: Seen, mean: Vec, scalar: Scalar, variance: Vec | null): Picture[] {
  return [
    ...signalPictures({ name: "truth", role: "truth", values: truth, scalar }),
    ...signalPictures({ name: "measurements", role: "measurements", values: y, scalar: labelScalar }),
    ...signalPictures({
      name: "estimate",
      role: "estimate",
      values: turned(mean, phase, scalar),
      scalar,
      ...(variance ? { variance } : {})
    })
  ];
}

/** The truth turned towards the estimate: what its messages are noisy observations of. */
const towards = ({ truth, phase: [re, im] }: Seen, scalar: Scalar): Vec => turned(truth, [re, -im], scalar);

export interface GampWatched extends Seen {
  readonly prior: Pick<Prior, "scalar" | "rule" | "posterior">;
  /** The student is the teacher: then b = A x0 + N(0, A). */
  readonly matched: boolean;
}

/** Of GAMP with i.i.d. entries of variance 1/p. */
export function gampDetail(state: GampState, w: GampWatched): Detail {
  const { prior, matched } = w;
  const { scalar } = prior;
  const truth = towards(w, scalar);
  const residuals = matched ? inputResiduals(state, truth, scalar) : scoreResiduals(state, truth, scalar);
  let variance: Vec | null = null;
  if (prior.rule === "bayes") {
    variance = new Float64Array(state.mean.length / (scalar === "complex" ? 2 : 1)).fill(state.variance[0]);
    if (state.t > 0) prior.posterior(state.A, state.b, new Float64Array(state.mean.length), variance);
  }
  return { ...evenlyChosen(residuals), pictures: inferred(w, state.mean, scalar, variance) };
}

/**
 * Where student and teacher differ b = mHat x0 + N(0, qHat), qHat = sum g^2/p whatever A says; the gain mHat is read off the instance.
 * Damping mixes g with older ones, so that before the fixed point its residuals have a variance a little off one.
 */
export function scoreResiduals({ t, b, g }: Pick<GampState, "t" | "b" | "g">, truth: Vec, scalar: Scalar = "real"): Vec {
  if (t === 0) return new Float64Array(0);
  let [dot, power, square, im] = [0, 0, 0, 0];
  for (let i = 0; i < truth.length; i++) {
    dot += b[i] * truth[i];
    power += truth[i] * truth[i];
  }
  if (scalar === "complex") for (let i = 0; i < b.length; i += 2) im += b[i + 1] * truth[i] - b[i] * truth[i + 1];
  for (const x of g) square += x * x;
  const spread = Math.sqrt(square / truth.length); // complex: of each part
  if (!(power > 0 && spread > 0)) return new Float64Array(0);
  const gain = turned(truth, [dot / power, im / power], scalar === "complex" ? "complex" : "real");
  return b.map((x, i) => (x - gain[i]) / spread);
}

/** Of expectation propagation: what all other modules say of the variable `name`, and its posterior. */
export function beliefDetail(graph: Graph, state: EpState, name: string, seen: Seen): Detail {
  const belief = state.variables.find((v) => v.name === name) as EpState["variables"][number];
  const { backward, scalar, mean } = belief;
  const residuals = inputResiduals({ A: Float64Array.of(backward.a), b: backward.b }, towards(seen, scalar), scalar);
  return { ...evenlyChosen(residuals), pictures: inferred(seen, mean, scalar, errorBars(graph, state, name)) };
}

/**
 * The last variable of a chain (or tree) of layers seen through a Gaussian observation of precision r: the inner state evolution
 * solved at every r. With it a generative prior takes the place of a prior in the fixed-point curve alpha(r), which keeps its precision.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Graph, Vec } from "../../core/types.ts";
import { fixedPoint } from "../../numerics/fixedPoint.ts";
import type { SignalBlock } from "../signalBlock.ts";
import { iterate } from "./evolution.ts";
import { sectionFreeEntropy } from "./freeEntropy.ts";
import { entering, type Precisions, type Section, sectionOf, startOf, sweepBackward, sweepForward } from "./section.ts";

export interface SignalBlockOptions {
  /** lim r mmse(r) where it is known in closed form, e.g. min(k/d, 1) for a linear layer; measured at large r otherwise. */
  readonly dimension?: number;
  /** Shannon entropy per component where the signal is discrete. */
  readonly entropy?: number;
}

/** On ln(backward tau). */
const SETTLED = 1e-13;
const ROUNDING = 1e-10;
const ITERATIONS = 3000;
/** r tau past which modules by quadrature have no digits left. */
const SHARPEST = 1e14;
/** r tau at which the dimension is read, and again at ten times as much. */
const LARGE = 1e10;

/**
 * `upstream`: a graph of which exactly one variable is used by no module, the signal. Its own likelihoods, if any, count as side
 * information. Throws ParameterError for any other graph. Where the inner fixed point is not unique the uninformed one is taken.
 */
export function signalBlockOf(upstream: Graph, options: SignalBlockOptions = {}): SignalBlock {
  const open = upstream.variables.flatMap((v, i) => (v.consumer === null ? [i] : []));
  if (open.length !== 1)
    throw new ParameterError(
      `signalBlockOf: exactly one variable must be used by no module (the signal), got ${open.map((i) => upstream.variables[i].name).join(", ") || "none"}; for example prior, linear layer, activation`
    );
  const last = open[0];
  const { scalar, size } = upstream.variables[last];
  const whole = sectionOf(upstream);
  const { tau, inner } = whole;
  const h = scalar === "complex" ? 1 : 0.5;

  // the module that makes the signal has no say in the forward sweep before the end: nothing else hears what it sends
  const maker = upstream.variables[last].producer.module;
  const inside = whole.modules.filter((k) => k !== maker || upstream.modules[k].outputs.length > 1);
  const round = (section: Section, backward: readonly number[]): number[] => {
    const at = startOf(section);
    for (const i of inner) at.backward[i] = backward[i];
    sweepForward({ ...section, modules: inside }, at);
    sweepBackward(section, at);
    return at.backward;
  };
  /** Inner precisions at r: plain sweeps to enter the basin, then Anderson in ln(backward tau). */
  const solve = (r: number): { at: Precisions; section: Section } => {
    const section = entering(whole, { backward: new Map([[last, r]]) });
    let backward = tau.map(() => 0);
    for (let k = 0; k < 4; k++) backward = round(section, backward);
    const moving = inner.filter((i) => backward[i] > 0 && Number.isFinite(backward[i]));
    if (moving.length > 0) {
      const map = (u: Vec, out: Vec) => {
        const b = [...backward];
        moving.forEach((i, k) => {
          b[i] = Math.exp(u[k]) / tau[i];
        });
        const next = round(section, b);
        moving.forEach((i, k) => {
          out[k] = Math.log(next[i] * tau[i]);
        });
      };
      let u: ArrayLike<number> = moving.map((i) => Math.log(backward[i] * tau[i]));
      for (const maxIterations of [40, ITERATIONS]) {
        const { x, outcome } = fixedPoint(map, u, { tolerance: SETTLED, scale: 1, maxIterations, stability: false });
        u = x;
        if (outcome.kind !== "horizon" || outcome.residual < ROUNDING) break; // it moves by the rounding of a module: no more digits
      }
      moving.forEach((i, k) => {
        backward[i] = Math.exp(u[k]) / tau[i];
      });
    }
    return { at: iterate(section, backward), section };
  };
  const mmse = (r: number): number => {
    if (r === Number.POSITIVE_INFINITY) return 0;
    return 1 / (solve(r).at.forward[last] + r);
  };
  const psi = (r: number): number => {
    const { at, section } = solve(r);
    return sectionFreeEntropy(section, at) / size + h * r * tau[last];
  };
  const rho = tau[last];
  const prior = mmse(0);
  const explained = Math.max(0, rho - prior);
  const atLarge = (r: number) => (r / rho) * mmse(r / rho);
  const dimension = options.dimension ?? dimensionFrom(atLarge(LARGE), atLarge(10 * LARGE));
  const silent = psi(0); // ln Z of the side information: 0 without any
  return {
    scalar,
    secondMoment: rho,
    mean: explained < 1e-12 * rho ? 0 : Math.sqrt(explained),
    dimension,
    entropy: options.entropy ?? null,
    susceptibility: slopeAtZero((r) => (prior - mmse(r)) / r, 1e-2 / rho),
    sharpest: SHARPEST,
    mmse,
    psi: (r) => psi(r) - silent
  };
}

/** d from values at r and 10 r whose error falls as 1/r; zero where r mmse(r) itself falls so. */
function dimensionFrom(near: number, far: number): number {
  const d = (10 * far - near) / 9;
  return d < 1e-9 ? 0 : d;
}

/** lim f(r), r -> 0, of a smooth f: polynomial extrapolation from h, h/2, ... h/64 (Neville; f is a difference quotient, so h is not small). */
function slopeAtZero(f: (r: number) => number, h: number): number {
  let row = Array.from({ length: 6 }, (_, k) => f(h / 2 ** k));
  for (let k = 1; row.length > 1; k++) row = row.slice(1).map((x, i) => x + (x - row[i]) / (2 ** k - 1));
  return row[0];
}

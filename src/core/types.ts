/** The contracts every room of the house is built on: bricks, operators, outcomes, scenarios, runs. Only types live here. */

export type Vec = Float64Array;
/** Inverse variance >= 0; 0 means "no information". An alias, not a brand: it survives arithmetic. */
export type Precision = number;
/** E x0 xhat, per component. */
export type Overlap = number;
/**
 * The number field of a variable. A complex vector of n components is ONE Float64Array of length 2n, interleaved re, im;
 * precisions and variances stay real, one per component: E|x - mean|^2 = variance = 1/precision for a complex Gaussian.
 */
export type Scalar = "real" | "complex";

/** Seeded randomness, bit-identical on every engine. `fork(label)` is a stream of its own: drawing from one never shifts another. */
export interface Rng {
  /** In [0, 1), 53 bits. */
  uniform(): number;
  /** N(0, 1). */
  normal(): number;
  fillUniform(out: Float64Array | Float32Array): void;
  /** Fills with scale * N(0, 1), scale 1 by default. */
  fillNormal(out: Float64Array | Float32Array, scale?: number): void;
  fork(label: string): Rng;
}

/** Quadrature for the law of what an estimator sees: K nodes, weights summing to 1. `label` is empty for priors. Complex entries are interleaved. */
export interface Field {
  readonly input: Vec;
  readonly label: Vec;
  readonly weight: Vec;
}

/**
 * p0(x) tilted by exp(-a x^2/2 + b x); for complex x by exp(-a |x|^2 + 2 Re(conj(b) x)).
 * One vector call serves AMP on N coordinates and state evolution on K nodes. `a` has length 1 (shared by all) or one entry
 * per component; a >= 0. Outputs are written, nothing is returned, nothing is allocated per element.
 */
export interface Prior {
  readonly scalar: Scalar;
  /** `map`: posterior is the proximal point and variance its derivative d mean / d b (zero-temperature limit). */
  readonly rule: "bayes" | "map";
  /** E x (0 for complex priors) and rho = E |x|^2. */
  readonly mean: number;
  readonly secondMoment: number;
  /** Information dimension: the mass of the continuous part of p0. mmse(r) -> dimension / r as r -> infinity (real). */
  readonly dimension: number;
  /** Shannon entropy in nats of a purely discrete prior (dimension 0), else null. */
  readonly entropy: number | null;
  /** A Gaussian law is itself a message, exp(-a x^2/2 + b x): given, what it sends is exact however precise what it receives. */
  readonly message?: { readonly a: Precision; readonly b: number };
  sample(rng: Rng, x: Vec): void;
  /** log Z(a, b_i), with log Z(0, 0) = 0. */
  logPartition(a: Vec, b: Vec, out: Vec): void;
  /** mean = d_b log Z, variance = d_b^2 log Z (complex: d_conj(b), d_b d_conj(b)), computed without cancellation. */
  posterior(a: Vec, b: Vec, mean: Vec, variance: Vec): void;
  /** Nodes of b = mHat x0 + sqrt(qHat) xi, x0 ~ p0, xi standard (circular if complex). `order`: Gauss-Legendre nodes a panel. Legal at mHat = qHat = 0.
   * `breaks`: those of a student that is not this prior (|b| if complex), so that its kinks and switches are resolved too. */
  field(mHat: number, qHat: number, order?: number, breaks?: readonly (readonly number[])[]): Field;
  /** Sorted chains of break points in b (|b| if complex) between which the posterior at precision a is smooth; absent where it is smooth everywhere. */
  breaks?(a: Precision): readonly (readonly number[])[];
}

/** Joint Gaussian law of (z0, omega): omega ~ N(0, q), z0 | omega ~ N(slope omega, spread). Matched: slope 1, spread V = rho - q, given apart so that V keeps its digits near exact recovery. */
export interface OutputLaw {
  readonly q: number;
  readonly slope: number;
  readonly spread: number;
}

/**
 * P(y | z), seen through Z_y(omega, V) = E_{z ~ N(omega, V)} P(y | z). The primary form is (V, omega), not natural parameters:
 * g = (<z> - omega)/V in natural form loses every digit in the noiseless limit V -> 0. `posterior` is the natural form for
 * message passing on graphs. `V` and `a` have length 1 or one entry per component.
 */
export interface Channel {
  readonly scalar: Scalar;
  /** The number field of y (a modulus has complex z and real y). */
  readonly labelScalar: Scalar;
  /** P(y|z) = P(y|-z) (P(y|e^{i phi} z) if complex): zero overlap is then always a fixed point. */
  readonly even: boolean;
  /** True when y is a function of z. */
  readonly deterministic: boolean;
  /** J(V) -> dimension / V as V -> 0: the probability (z ~ N(0, rho)) that y fixes z locally and without noise. 0 with noise, 1 for y = z, 1/2 for relu, 0 for sign. Depends on rho for e.g. hardTanh. */
  dimension(rho: number): number;
  sample(rng: Rng, z: Vec, y: Vec): void;
  /** ln Z_y(omega_i, V); a density in y for continuous labels, a probability for discrete ones. */
  logPartition(V: Vec, omega: Vec, y: Vec, out: Vec): void;
  /** g = d_omega ln Z (complex: d_conj(omega)), curvature = -d_omega g (complex: -d_omega d_conj(omega) ln Z), one real number per component. Legal as V -> 0. */
  score(V: Vec, omega: Vec, y: Vec, g: Vec, curvature: Vec): void;
  /** The same in natural parameters, a = 1/V > 0, b = omega/V: posterior mean and variance of z. */
  posterior(a: Vec, b: Vec, y: Vec, mean: Vec, variance: Vec): void;
  /** Nodes of (omega, y) under the law: `input` omega, `label` y. By symmetry a complex channel may return nodes of one phase. Legal at q = 0. */
  field(law: OutputLaw, order?: number): Field;
  /** Closed or one-dimensional form of J(q, V) = E g^2 on the matched line (complex: E |g|^2), when it is faster than `field`. */
  information?(q: number, V: number, order?: number): number;
  /** The same for Psi_out(q, V) = E ln Z_y on the matched line. */
  freeEntropy?(q: number, V: number, order?: number): number;
  /** Closed form of the mean posterior variance of z, V (1 - V J) with its digits, on the matched line. */
  variance?(q: number, V: number): number;
}

/** One piece of a piecewise-linear function: phi(z) = slope z + offset on [from, to). */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly slope: number;
  readonly offset: number;
}

/** Matched averages of a hidden activation under N(0, tau) inputs: mean posterior variances of z and x = phi(z), and what is sent out through each port. */
export interface ActivationErrors {
  readonly vz: number;
  readonly vx: number;
  /** 1/vz - az and 1/vx - ax, computed without that cancellation. Infinity where v = 0. */
  readonly extrinsicZ: Precision;
  readonly extrinsicX: Precision;
  /** E ln Z(az, bz, ax, bx) - (az tau + ax E phi^2)/2 (complex z: - az tau): its derivatives in az and ax are -vz/2 (complex: -vz) and -vx/2. */
  readonly freeEntropy: number;
}

/**
 * x = phi(z), as a hidden layer: Z(az, bz, ax, bx) = int dz exp(-az z^2/2 + bz z - ax phi(z)^2/2 + bx phi(z)); for complex z
 * exp(-az |z|^2 + 2 Re(conj(bz) z)). `segments` are given when phi is piecewise linear: channels are built from them too.
 * `az` > 0 and `ax` >= 0 have length 1 or one entry per component. Noise before or after phi is composed outside
 * (modules/activation.ts): N(0, D) on z turns az into 1/(1/az + D).
 */
export interface Activation {
  /** Of z; x has the number field `outputScalar`. */
  readonly scalar: Scalar;
  readonly outputScalar: Scalar;
  readonly even: boolean;
  readonly segments?: readonly Segment[];
  apply(z: Vec, x: Vec): void;
  /** E |phi(z)|^2 for z ~ N(0, tau). */
  secondMoment(tau: number): number;
  /** ln Z per component. */
  logPartition(az: Vec, bz: Vec, ax: Vec, bx: Vec, out: Vec): void;
  /** Posterior means and variances of z and of x = phi(z), without cancellation. */
  posterior(az: Vec, bz: Vec, ax: Vec, bx: Vec, zMean: Vec, zVariance: Vec, xMean: Vec, xVariance: Vec): void;
  /** Nodes of (omega, bx), bx = mHat phi(z0) + sqrt(qHat) xi with (z0, omega) under the law: `input` omega, `label` bx. Legal at mHat = qHat = 0 and q = 0. */
  field(law: OutputLaw, mHat: number, qHat: number, order?: number): Field;
  /** Matched line: z0 ~ N(0, tau), az = 1/V with 0 < V <= tau, messages of precision ax from above. */
  errors(V: number, ax: Precision, tau: number, order?: number): ActivationErrors;
}

/** z = A x. `apply` and `adjoint` overwrite their second argument; the adjoint is the conjugate transpose. */
export interface LinearOperator {
  readonly scalar: Scalar;
  readonly rows: number;
  readonly cols: number;
  apply(x: Vec, z: Vec): void;
  adjoint(z: Vec, x: Vec): void;
  /** V_mu = sum_i |A_mui|^2 v_i, real lengths cols -> rows; absent where only the norms below are known. */
  applySquared?(v: Vec, V: Vec): void;
  /** sum_mu |A_mui|^2 s_mu, real lengths rows -> cols. */
  adjointSquared?(s: Vec, out: Vec): void;
  /** |A|_F^2, exact or, for structured operators, from their construction. */
  readonly frobenius2: number;
}

/** Limiting (or sampled) law of the eigenvalues lambda of A^* A, a share `rank` of them nonzero. Averages are over all `cols` eigenvalues. */
export interface Spectrum {
  /** rows / cols. */
  readonly alpha: number;
  /** rank / cols <= min(1, alpha). */
  readonly rank: number;
  /** tr(A^* A) / cols. */
  readonly mean: number;
  /** Quadrature (or the sample itself) of the nonzero part: weights sum to `rank`. */
  readonly nodes: Vec;
  readonly weights: Vec;
  /** eta(x) = E 1/(1 + x lambda), x >= 0 (Tulino and Verdu 2004, section 2.2.2). */
  eta(x: number): number;
  /** The nonzero part of eta, eta(x) - (1 - rank), without that cancellation. */
  tail(x: number): number;
  /** 1 - eta(x), without that cancellation; summed over `nodes` where absent. */
  missing?(x: number): number;
  /** Shannon transform E ln(1 + x lambda), nats. */
  shannon(x: number): number;
}

/** Random matrices, rows = round(alpha cols), E |A|_F^2 = rows: |A x|^2/rows = |x|^2/cols on average. */
export interface Ensemble {
  readonly scalar: Scalar;
  sample(rng: Rng, rows: number, cols: number, options?: { readonly precision?: "f64" | "f32" }): LinearOperator;
  /** Its spectrum as cols -> infinity at alpha = rows/cols > 0. */
  spectrum(alpha: number): Spectrum;
}

// ---------------------------------------------------------------- risk minimisation

/**
 * A convex loss l(y, z) of a label and a preactivation; one vector call serves GAMP, the convex solvers and the replica equations.
 * `score` is in the form of `Channel.score`, so that a loss is the zero-temperature likelihood exp(-beta l).
 */
export interface Loss {
  /** signs: y = +-1 and l depends on y z only; reals: any y, l depends on y - z only. */
  readonly labels: "signs" | "reals";
  /** True when l' is Lipschitz (Newton, semi-smooth where l'' jumps, and L-BFGS may be used): all but losses with a kink. */
  readonly smooth: boolean;
  value(y: Vec, z: Vec, out: Vec): void;
  /** d_z l (a subgradient at kinks) and d_z^2 l (0 at kinks). */
  derivatives(y: Vec, z: Vec, first: Vec, second: Vec): void;
  /** eta = argmin_z l(y, z) + (z - omega)^2/(2V); g = (eta - omega)/V = -l'(eta), curvature = (1 - d_omega eta)/V. V has length 1 or one entry per component, V >= 0. */
  score(V: Vec, omega: Vec, y: Vec, g: Vec, curvature: Vec): void;
  /** Sorted omega between which eta is smooth, at this V and label. */
  breaks(V: number, y: number): readonly number[];
}

// ---------------------------------------------------------------- several units at once

/** P(y | z_1 .. z_K) with a finite set of labels, seen through Z_y(omega, V) = E_{z ~ N(omega, V)} P(y | z); K x K matrices row-major. */
export interface VectorChannel {
  readonly units: number;
  readonly labels: readonly number[];
  /** Of `count` inputs: z has length count * units, unit fastest. */
  sample(rng: Rng, z: Vec, y: Vec): void;
  /** ln Z_y, exact in the tails. */
  logPartition(omega: Vec, V: Vec, y: number): number;
  /** g = grad_omega ln Z_y (length K), curvature = -d g/d omega (K x K); returns ln Z_y. */
  score(omega: Vec, V: Vec, y: number, g: Vec, curvature: Vec): number;
}

/** Law of one row (w_1 .. w_K) of weights, tilted by exp(-w.A w/2 + b.w); A is K x K, row-major, positive semi-definite. */
export interface VectorPrior {
  readonly units: number;
  /** E w w^T per unit: rho (the units are independent). */
  readonly secondMoment: number;
  /** Shannon entropy of a row in nats when discrete, else null. */
  readonly entropy: number | null;
  /** Of `count` rows, unit fastest. */
  sample(rng: Rng, w: Vec): void;
  /** Posterior mean (K) and covariance (K x K); returns ln Z(A, b), ln Z(0, 0) = 0. */
  posterior(A: Vec, b: Vec, mean: Vec, covariance: Vec): number;
}

/** Order parameters of a two-layer student (K units) and teacher (M units): Q = w w^T/N (K x K), R = w w*^T/N (K x M), T = w* w*^T/N (M x M), second layers v (K) and vTeacher (M). */
export interface Overlaps {
  readonly Q: readonly (readonly number[])[];
  readonly R: readonly (readonly number[])[];
  readonly T: readonly (readonly number[])[];
  readonly v: readonly number[];
  readonly vTeacher: readonly number[];
}

// ---------------------------------------------------------------- graphs of modules

/** A Gaussian message on a variable, exp(-a |x|^2/2 + b.x) with one precision for all its components (complex: exp(-a |x|^2 + 2 Re(b^* x))). a = 0: no message. */
export interface Message {
  readonly a: Precision;
  /** Length `size` (interleaved if complex). */
  readonly b: Vec;
}

/** What a module is plugged into: `size` components. In a model made for theory alone sizes may be any positive number, only their ratios count. */
export interface Port {
  readonly scalar: Scalar;
  readonly size: number;
}

/** Mean posterior variance per component, and the precision sent out: extrinsic = 1/v - a, computed without that cancellation where the module can. */
export interface Projection {
  readonly v: number;
  readonly extrinsic: Precision;
}

/**
 * One factor of a model: f(x_1 ... x_P) between the variables at its ports. Ports are numbered inputs first (towards the
 * priors), then outputs (towards the data); a prior has one output, a likelihood one input. The instance side (`project`,
 * `logPartition`) serves message passing, the other (`error`, `freeEntropy`) its state evolution: neither uses the other.
 */
export interface Module {
  readonly kind: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** True for estimators (MAP) rather than laws: no free energy is defined with them. */
  readonly map?: boolean;

  /** Draws the outputs given the inputs (likelihoods: nothing to draw; see `Model.sample`). */
  sample(rng: Rng, inputs: readonly Vec[], outputs: readonly Vec[]): void;
  /**
   * Moments of the variable at `port` under f times the messages arriving at ALL ports (that port's included). Writes its
   * `mean` and the outgoing `b` = mean/v - b_in (both of the port's length, distinct from every message).
   */
  project(port: number, messages: readonly Message[], mean: Vec, b: Vec): Projection;
  /** Posterior variance of each component at `port`, real length `size`: the error bars. */
  variances(port: number, messages: readonly Message[], out: Vec): void;
  /** ln int f prod_p exp(-a_p |x_p|^2/2 + b_p.x_p), nats in all; f normalised as a density or probability, deterministic relations as delta functions. */
  logPartition(messages: readonly Message[]): number;

  /** Second moments per component: fills those of the outputs from those of the inputs (indices are ports). */
  secondMoments(tau: number[]): void;
  /** Matched state evolution: the average of `project` when messages of precision `a` arrive and the truth has second moments `tau`. Messages from the inputs' side have a >= 1/tau. */
  error(port: number, a: readonly Precision[], tau: readonly number[]): Projection;
  /** E logPartition - sum_p size_p a_p tau_p/2 (complex: a_p tau_p), nats in all, of the same state: d/da_p = -size_p v_p/2 (complex: -size_p v_p). */
  freeEntropy(a: readonly Precision[], tau: readonly number[]): number;
}

/** Where a variable is plugged in: module `module` of the graph, its port `port`. */
export interface Plug {
  readonly module: number;
  readonly port: number;
}
/** Made by one module, used by one other (a variable used twice passes through a duplicate module); `consumer` null: used by none. */
export interface Variable extends Port {
  readonly name: string;
  readonly producer: Plug;
  readonly consumer: Plug | null;
}
/** A tree of modules, in an order in which every variable is produced before it is consumed. What algorithms and theory run on. */
export interface Graph {
  readonly modules: readonly Module[];
  readonly variables: readonly Variable[];
}

// ---------------------------------------------------------------- parameters

export type Param = { readonly symbol: string; readonly about: string; readonly unit?: string } & (
  | { readonly kind: "real" | "integer"; readonly default: number; readonly min: number; readonly max: number; readonly scale?: "log" }
  | { readonly kind: "choice"; readonly default: string; readonly options: readonly string[] }
  /** A finite set of numbers, written -1/0/1. */
  | { readonly kind: "list"; readonly default: readonly number[]; readonly min: number; readonly max: number }
  /** A brick spec such as gauss-bernoulli:rho=0.1; "" is legal when `optional`. */
  | {
      readonly kind: "brick";
      readonly default: string;
      readonly registry: "prior" | "channel" | "ensemble" | "activation" | "loss";
      readonly optional?: boolean;
    }
  /** A stack of activation specs separated by semicolons, such as relu:ratio=2,noise=0;linear:ratio=1,noise=0.1; read by its scenario. */
  | { readonly kind: "layers"; readonly default: string }
  /** Text of a file, "" when none is given: JSON, or arrays that the command line has turned into the JSON of core/files.ts. `accepts`: what to put in it, in words. */
  | { readonly kind: "file"; readonly default: ""; readonly accepts: string }
);
export type Params = Readonly<Record<string, Param>>;
export type Value = number | string | readonly number[];
export type Values<P extends Params> = {
  readonly [K in keyof P]: P[K] extends { readonly kind: "choice"; readonly options: readonly (infer S extends string)[] }
    ? S
    : P[K] extends { readonly kind: "brick" | "layers" | "file" }
      ? string
      : P[K] extends { readonly kind: "list" }
        ? readonly number[]
        : number;
};

/** used: what of it is used, "eqs. 14-19". */
export interface Reference {
  readonly key: string;
  readonly cite: string;
  readonly url?: string;
  readonly used: string;
}

/** One brick of the box: `params` drives flags, forms, docs and the points the law tests visit. */
export interface Family<T, P extends Params = Params> {
  readonly id: string;
  readonly about: string;
  readonly params: P;
  readonly references?: readonly Reference[];
  /** Cross-parameter rules are checked here and throw ParameterError. */
  build(p: Values<P>): T;
}

// ---------------------------------------------------------------- results

/**
 * What a numerical procedure ended with. Never an exception; `advice` is one sentence when it is not good news. `completed` is of a
 * dynamics: the time asked for was reached; `residual` is then how fast it still moves.
 */
export interface Outcome {
  readonly kind: "converged" | "completed" | "horizon" | "diverged" | "trivial-fixed-point" | "exact-recovery";
  /** The undamped residual at the end, finite. */
  readonly residual: number;
  readonly iterations: number;
  readonly advice?: string;
  /** How many times a safeguard (clipping of a precision, say) acted; absent when it never did. */
  readonly clipped?: number;
}

export interface Observable {
  readonly symbol: string;
  readonly about: string;
  /** Of its asymptotic value. An overlap in units of E |x0|^2 may leave it at finite size, where |x0|^2/p is not E |x0|^2. */
  readonly range: readonly [number, number];
}
/** A signal or an image as it stands: plain numbers, row-major. Complex signals show real parts and imaginary parts as two pictures. */
export interface Picture {
  readonly name: string;
  /** truth, measurements, estimate, error: which belong side by side on one scale is said by `scale`. */
  readonly role: "truth" | "measurements" | "estimate";
  /** `[n]` for a signal, `[rows, cols]` for an image. */
  readonly shape: readonly [number] | readonly [number, number];
  readonly values: readonly number[];
  /** Posterior standard deviation of each value, where the algorithm has one. */
  readonly deviation?: readonly number[];
}
/** What a run has to show beside its observables; made only for a run that is watched. */
export interface Detail {
  /** Residuals of the effective noise in the units that the theory predicts, N(0, 1) where it holds; at most 2000 of them. */
  readonly effectiveNoise?: readonly number[];
  readonly pictures?: readonly Picture[];
}
/** Asked of a run by whoever watches it; sweeps do not, and pay nothing. It changes no number of the run. */
export interface Watch {
  readonly detail?: boolean;
}
export type Frame<O extends string = string> = {
  readonly t: number;
  readonly detail?: Detail;
  readonly matrices?: Readonly<Record<string, readonly (readonly number[])[]>>;
} & {
  readonly [K in O]: number;
};
export type Observables<O extends string = string> = { readonly [K in O]: number };

export interface Branch<O extends string = string> {
  readonly outcome: Outcome;
  readonly observables: Observables<O>;
  readonly freeEntropy?: number;
  /** Matrix-valued results by name, such as the mse of every layer or Q and R; vectors are matrices of one row. */
  readonly matrices?: Readonly<Record<string, readonly (readonly number[])[]>>;
}
/** `freeEntropy` is null where it is +infinity (exact recovery of continuous signals), absent where the model has none (mismatched). */
export interface FixedPoint {
  readonly order: Readonly<Record<string, number>>;
  readonly freeEntropy?: number | null;
  readonly stable: boolean;
}
/** easy, hard or impossible, or one of the scenario's own `phases`; null where none is defined. */
export type Phase = string | null;
export interface Prediction<O extends string = string> {
  readonly branches: { readonly algorithmic: Branch<O>; readonly optimal?: Branch<O> };
  readonly phase: Phase;
  readonly fixedPoints?: readonly FixedPoint[];
  /** Heights worth marking on the trajectory of an observable: a plateau, the error at infinite time. */
  readonly levels?: readonly { readonly name: string; readonly observable: string; readonly value: number }[];
}
export interface Landscape {
  /** Name and symbol of the abscissa, e.g. overlap. */
  readonly order: string;
  readonly x: readonly number[];
  readonly freeEntropy: readonly number[];
}

/** A published number that `compute` must reproduce within `tolerance`. */
export interface Landmark {
  readonly name: string;
  readonly value: number;
  readonly tolerance: number;
  readonly source: string;
  compute(): number;
}

/** |mean over seeds - theory| <= 4 standard errors + bias / size, at every t or only at the end. Several points may be declared. */
export interface Agreement<P extends Params = Params> {
  readonly at: "every-t" | "end";
  readonly bias: number;
  readonly params: { readonly [K in keyof P]?: Value };
  /** Observables compared; all of them by default. */
  readonly observables?: readonly string[];
  readonly seeds?: number;
}

/** What of a scenario is data: all that sweeps, figures and pages need to know beside who computes. */
export interface Declaration<P extends Params = Params, O extends string = string> {
  /** The command-line name, the URL and the docs page. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** The model in formulas, TeX, one per line. */
  readonly formulas: readonly string[];
  readonly family: string;
  readonly params: P;
  readonly observables: { readonly [K in O]: Observable };
  /** True where the theory depends on the size too: on overlaps that runs of that size start from, say. */
  readonly sized?: boolean;
  /** Points of a theory line where a prediction takes a second rather than milliseconds; 241 by default. */
  readonly theoryPoints?: number;
  /** The parameter its thresholds are values of: alpha where absent. The vertical axis of its phase diagram. */
  readonly along?: string;
  /** The horizontal axis of its phase diagram, where it is not the first number of the model: a parameter, or a grid (noise=0.05:1:0.05). */
  readonly across?: string;
  /** Names of the thresholds it can report, along `along`; empty where it has no `thresholds`. */
  readonly thresholdNames: readonly string[];
  /** Names of its phases, from the bottom of the diagram up, where they are not impossible, hard, easy. */
  readonly phases?: readonly string[];
  /** What its branches are, in a legend, where they are not algorithmic and optimal: the Bayes-optimal error beside that of a risk, say. */
  readonly branchNames?: { readonly algorithmic: string; readonly optimal: string };
  /** What t of a frame counts: iterations where absent. `log`: figures show it on a logarithmic axis. */
  readonly time?: { readonly symbol: string; readonly about: string; readonly log?: boolean };
  readonly references: readonly Reference[];
}

/** A solvable model, declared once. `simulate` and `evolve` report the same observables in the same units of t. */
export interface Scenario<P extends Params = Params, O extends string = string> extends Declaration<P, O> {
  readonly landmarks: readonly Landmark[];
  readonly agreement: readonly Agreement<P>[];
  /** Finite size: draw data, run the algorithm. Frame t = 0 is the start. Frames carry `detail` when `watch` asks for it. */
  simulate(p: Values<P>, rng: Rng, watch?: Watch): Generator<Frame<NoInfer<O>>, SimulationEnd>;
  /** The asymptotic theory of the same trajectory. */
  evolve(p: Values<P>): Generator<Frame<NoInfer<O>>, Outcome>;
  /** The asymptotic theory of where it ends: every branch and fixed point. */
  predict(p: Values<P>): Prediction<NoInfer<O>>;
  thresholds?(p: Values<P>): Readonly<Record<string, number | null>>;
  /** Why thresholds are null where they are not computed (rather than absent); null otherwise. */
  thresholdsNote?(p: Values<P>): string | null;
  /**
   * Why the theory does not describe runs at these parameters (no Onsager term, say), one sentence; null where it does. Figures then dash its
   * lines and say so. `at`: of where runs end (the default), or of the way there too, which damping changes.
   */
  caveat?(p: Values<P>, at?: Agreement["at"]): string | null;
  /** Throws ParameterError for a model without a free entropy. */
  landscape?(p: Values<P>): Landscape;
}
/** `extra`: further scalars of a run (raw values before a symmetry is divided out, learned parameters...). */
export interface SimulationEnd extends Outcome {
  readonly extra?: Readonly<Record<string, number>>;
}

/** A finished trajectory: plain data, the same through JSON, postMessage and a snapshot. `t` and each series have length T. */
export interface Run<O extends string = string> {
  readonly scenario: string;
  readonly source: "simulation" | "theory";
  readonly seed: number | null;
  readonly params: Readonly<Record<string, Value>>;
  readonly t: readonly number[];
  readonly series: { readonly [K in O]: readonly number[] };
  readonly matrices?: Readonly<Record<string, readonly (readonly (readonly number[])[])[]>>;
  readonly outcome: Outcome;
  readonly extra?: Readonly<Record<string, number>>;
}

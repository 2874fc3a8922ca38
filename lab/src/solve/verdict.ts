/** A solution in words and rows: what to believe, what was learned, what was predicted. */
import { metricsOf, type Solved } from "../../../src/experiments/solveReport.ts";
import { plain } from "../figures/number.ts";
import { onPage } from "./wording.ts";

export interface Row {
  readonly name: string;
  readonly value: string;
}

export function resultRows({ solution: s, operator }: Solved): Row[] {
  const rows: Row[] = [{ name: "Estimated mse (mean posterior variance)", value: plain(s.estimatedMse) }];
  if (s.predicted) rows.push({ name: "Predicted mse (state evolution, independent entries)", value: plain(s.predicted.mse) });
  const found = metricsOf(s);
  if (found) {
    rows.push({ name: `True mse${s.ambiguous ? " (best sign or phase)" : ""}`, value: plain(found.mse) });
    if (found.nmseDb !== null) rows.push({ name: "True nmse", value: `${plain(found.nmseDb, 3)} dB` });
    if (found.cosine ** 2 < 1)
      rows.push({ name: "… after the best scale", value: `${plain(10 * Math.log10(1 - found.cosine ** 2), 3)} dB` });
  }
  for (const l of s.learned)
    rows.push({ name: `Learned ${l.name}${l.onBound ? " (on a bound of its range)" : ""}`, value: plain(l.value) });
  if (s.freeEntropy !== null) rows.push({ name: "Bethe free entropy per unknown", value: `${plain(s.freeEntropy / operator.cols)} nats` });
  return rows;
}

export interface Coverage {
  readonly within: readonly [number, number];
  /** What Gaussian errors would give. */
  readonly expected: readonly [number, number];
}

/** Shares of components within one and two deviations of the truth; null where nothing can be said. */
export function coverage(
  estimate: ArrayLike<number>,
  truth: ArrayLike<number>,
  deviation: ArrayLike<number>,
  width: 1 | 2 = 1
): Coverage | null {
  const n = deviation.length;
  if (n === 0) return null;
  let [one, two] = [0, 0];
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let c = 0; c < width; c++) square += (estimate[width * i + c] - truth[width * i + c]) ** 2;
    // a deviation of zero covers an exact value
    const floor = 1e-12 * Math.max(1, Math.abs(truth[width * i]));
    const far = Math.sqrt(square);
    if (far <= deviation[i] + floor) one++;
    if (far <= 2 * deviation[i] + floor) two++;
  }
  // complex: |error|^2/variance is exponential
  return { within: [one / n, two / n], expected: width === 1 ? [0.683, 0.954] : [1 - Math.exp(-1), 1 - Math.exp(-4)] };
}

const percent = (x: number) => `${(100 * x).toFixed(0)} %`;

export function coverageWords({ within: [one, two], expected }: Coverage): string {
  return `${percent(one)} of the components lie within one deviation of the truth and ${percent(two)} within two; Gaussian errors would give ${percent(expected[0])} and ${percent(expected[1])}.`;
}

/** Of the components that are not zero, where some are: the zeros of a sparse signal are known far better than their deviations say. */
export function nonzeroCoverage(
  estimate: ArrayLike<number>,
  truth: ArrayLike<number>,
  deviation: ArrayLike<number>,
  width: 1 | 2 = 1
): (Coverage & { readonly count: number }) | null {
  const kept = Array.from(deviation, (_, i) => i).filter((i) => truth[width * i] !== 0 || (width === 2 && truth[2 * i + 1] !== 0));
  if (kept.length === deviation.length || kept.length < 10) return null;
  const both = (v: ArrayLike<number>) => kept.flatMap((i) => Array.from({ length: width }, (_, c) => v[width * i + c]));
  const found = coverage(
    both(estimate),
    both(truth),
    kept.map((i) => deviation[i]),
    width
  );
  return found && { ...found, count: kept.length };
}
export function nonzeroWords({ within: [one, two], count }: Coverage & { readonly count: number }): string {
  return `Of the ${count} that are not zero: ${percent(one)} and ${percent(two)}.`;
}

/** Notes that the sentence on the error bars has not said already. */
export function notesLeft({ notes, errorBars }: Solved["solution"]): string[] {
  const said = errorBars.verdict === "unreliable" ? errorBars.reason : null;
  return notes.filter((note) => said === null || !note.endsWith(said));
}

export function errorBarWords({ solution: { errorBars } }: Solved): { readonly good: boolean; readonly words: string } {
  return errorBars.verdict === "reliable"
    ? { good: true, words: "The error bars can be believed: the run has converged and its effective noise is what the model predicts." }
    : { good: false, words: untrusted(errorBars.reason) };
}

function untrusted(reason: string): string {
  const ended = reason.replace(
    /the run ended as ([a-z-]+)/,
    (_, kind: string) => `the run has ${kind === "diverged" ? "diverged" : "not converged"}`
  );
  // some reasons say it themselves
  if (/^the error bars|not to be trusted/.test(ended)) return onPage(ended);
  return `The error bars are not to be trusted: ${onPage(ended).replace(/^./, (c) => c.toLowerCase())}`;
}

/** Estimate and deviation, one row a component. */
export function estimateTable({ solution: s, truth }: Solved): string {
  const complex = s.scalar === "complex";
  const width = complex ? 2 : 1;
  const parts = complex ? ["re", "im"] : [""];
  const named = (word: string) => parts.map((p) => (p ? `${word}_${p}` : word));
  const head = ["component", ...named("estimate"), "deviation", ...(truth ? named("truth") : [])];
  const rows = Array.from(s.deviation, (d, i) =>
    [i, ...parts.map((_, c) => s.estimate[width * i + c]), d, ...(truth ? parts.map((_, c) => truth[width * i + c]) : [])].join(",")
  );
  return `${head.join(",")}\n${rows.join("\n")}\n`;
}

/** What can be said of the data and the model before anything is solved, in sentences; what the form should be changed to, where the data say so. */
import { plain } from "../figures/number.ts";
import type { Form, Key } from "./form.ts";
import type { Roles } from "./roles.ts";
import type { Forecast } from "./work/protocol.ts";

export interface Foreword {
  readonly tone: "good" | "warn" | "plain";
  readonly words: string;
}
export interface Hint {
  readonly words: string;
  readonly button: string;
  readonly patch: Partial<Record<Key, string>>;
}

const decibel = (ratio: number) => `${plain(10 * Math.log10(ratio), 2)} dB`;
/** -20 dB, as in work/forecast.ts. */
const RECOVERED = 1e-2;
const FAIR = 0.1;
const ROUGH = 0.3;

export function forewords(f: Forecast, rows: number, cols: number, learns: boolean): Foreword[] {
  const said: Foreword[] = [];
  const say = (tone: Foreword["tone"], words: string) => said.push({ tone, words });
  const each = `${rows} measurements of ${cols} unknowns, ${plain(rows / cols, 2)} for each`;
  if (f.signalToNoise === null) say("plain", `${each}.`);
  else if (f.signalToNoise > 0) say("plain", `${each}; signal to noise ${decibel(f.signalToNoise)}, at the noise set in the model.`);
  else say("warn", `${each}. The noise set in the model is as large as the measurements themselves: set a smaller one, or learn it.`);
  if (f.largerThanExpected !== null && (f.largerThanExpected > 2 || f.largerThanExpected < 0.5)) {
    const much = f.largerThanExpected > 1 ? `${plain(f.largerThanExpected, 2)} times` : `only ${plain(f.largerThanExpected, 2)} times`;
    say("warn", `The mean square of y is ${much} what this prior and noise give: set or learn variance, rho or noise.`);
  }
  if (f.mse === null || f.nmse === null) {
    say("plain", "Theory has no number for this prior and channel.");
    return said;
  }
  const expected = `expect an mse of ${plain(f.mse, 3)}, ${decibel(f.nmse)} of the signal`;
  const given = `If the entries of A are independent and the model is right${learns ? " as it is set" : ""}`;
  if (f.nmse <= RECOVERED) {
    say("good", `Enough to recover the signal. ${given}, ${expected}.`);
    return said;
  }
  const more =
    f.enough === null ? "More measurements alone do not bring it to −20 dB." : `About ${f.enough} measurements would bring it to −20 dB.`;
  say(
    "warn",
    `${f.nmse <= FAIR ? "Enough for a fair estimate" : f.nmse <= ROUGH ? "Enough for a rough estimate only" : "Not enough to recover the signal"}. ${given}, ${expected}. ${more}`
  );
  if (f.hidden !== null)
    say("warn", `A solution of mse ${plain(f.hidden, 2)} exists too, which this algorithm does not find from scratch: the hard phase.`);
  return said;
}

/** What the data themselves say against the form. */
export function hintOf({ matrix, observations, truth }: Roles, form: Form): Hint | null {
  if (!matrix || !observations) return null;
  const real = !/^complex-/.test(form.prior);
  if (real && (observations.array.scalar === "complex" || matrix.array.scalar === "complex") && truth?.array.scalar !== "real") {
    if (observations.array.scalar === "complex" && (truth?.array.scalar === "complex" || !/^complex-/.test(form.channel)))
      return {
        words: "The data are complex; the prior is of a real signal.",
        button: "Take a complex signal",
        patch: {
          // the same share and size, where the prior has them
          prior:
            form.prior.startsWith("gauss-bernoulli") && !form.prior.includes("mean")
              ? `complex-${form.prior}`
              : "complex-gauss-bernoulli:rho=0.1",
          channel: form.channel.startsWith("gaussian") ? `complex-${form.channel}` : "complex-gaussian:noise=0.01",
          learn: ""
        }
      };
    return null;
  }
  // as src/algorithms/preflight.ts: the singular value of a constant direction, over the edge of the others
  const [rows, cols] = matrix.array.shape;
  const strength = (Math.abs(matrix.sketch.mean) * Math.sqrt(rows * cols)) / (Math.sqrt(rows) + Math.sqrt(cols));
  if (strength > 0.8 && form.auto !== "1" && matrix.array.scalar === "real")
    return { words: "The entries of A have a mean, on which plain AMP diverges.", button: "Apply cures", patch: { auto: "1" } };
  const values = observations.sketch.values;
  if (values && values.length === 2 && form.channel.startsWith("gaussian")) {
    const [low, high] = [...values].sort((a, b) => a - b);
    if (low === -1 && high === 1)
      return { words: "Every measurement is −1 or 1.", button: "Take the channel sign", patch: { channel: "sign", learn: "" } };
  }
  return null;
}

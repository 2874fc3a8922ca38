/** Outcomes in words, with a mark and a tone: never told by colour alone. */
import type { Outcome } from "../../../src/core/types.ts";

export interface OutcomeWords {
  readonly mark: string;
  readonly tone: "good" | "warn" | "bad";
  readonly words: string;
}

export const OUTCOMES: Readonly<Record<Outcome["kind"], OutcomeWords>> = {
  converged: { mark: "✓", tone: "good", words: "converged" },
  completed: { mark: "✓", tone: "good", words: "ran to the time asked for" },
  "exact-recovery": { mark: "✓", tone: "good", words: "recovered the truth exactly" },
  horizon: { mark: "…", tone: "warn", words: "not converged within the iterations allowed" },
  "trivial-fixed-point": { mark: "○", tone: "warn", words: "stopped at a trivial fixed point" },
  diverged: { mark: "✕", tone: "bad", words: "diverged" }
};

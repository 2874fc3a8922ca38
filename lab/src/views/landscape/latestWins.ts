/** Questions to one worker where only the newest matters: while one is answered the next waits, and a newer one takes its place. */
export interface LatestWins<Q> {
  ask(question: Q): void;
  wake(): void;
  /** Nothing is answered any more. */
  close(): void;
}

/**
 * `answered` is called with each answer that came, in order of asking; `failed` with what went wrong. `spare`: a question to ask when
 * there is no other, null when there is none; `wake` says that there may be one.
 */
export function latestWins<Q, A>(
  work: (question: Q) => Promise<A>,
  answered: (question: Q, answer: A) => void,
  failed: (question: Q, error: unknown) => void,
  spare: () => Q | null = () => null
): LatestWins<Q> {
  let busy = false;
  let open = true;
  let waiting: { readonly question: Q } | null = null;
  async function start(question: Q): Promise<void> {
    busy = true;
    try {
      const answer = await work(question);
      if (open) answered(question, answer);
    } catch (error) {
      if (open) failed(question, error);
    }
    busy = false;
    const next = waiting ? waiting.question : open ? spare() : null;
    waiting = null;
    if (next !== null && open) void start(next);
  }
  return {
    ask(question) {
      if (busy) waiting = { question };
      else void start(question);
    },
    wake() {
      const next = busy || !open ? null : spare();
      if (next !== null) void start(next);
    },
    close() {
      open = false;
      waiting = null;
    }
  };
}

/** Ends, the middle, then the middles of what is left. */
export function coarseFirst(values: readonly number[]): number[] {
  const n = values.length;
  const out: number[] = [];
  const seen = new Set<number>();
  const take = (k: number) => {
    if (k >= 0 && k < n && !seen.has(k)) {
      seen.add(k);
      out.push(values[k]);
    }
  };
  take(0);
  take(n - 1);
  for (let step = n - 1; step >= 1; step /= 2) for (let at = step / 2; at < n - 1; at += step) take(Math.round(at));
  return out;
}

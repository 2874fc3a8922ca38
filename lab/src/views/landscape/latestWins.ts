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

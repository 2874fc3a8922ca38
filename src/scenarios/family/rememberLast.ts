/** A trajectory is asked for twice, by `predict` for its end and by what draws it: the last complete one of a scenario is kept. */

/** The same generator, which repeats what it gave where it is asked for the parameters of its last complete run. What it yields must not be changed. */
export function rememberLast<P, F, R>(make: (p: P) => Generator<F, R>): (p: P) => Generator<F, R> {
  let last: { readonly key: string; readonly frames: readonly F[]; readonly end: R } | null = null;
  return function* (p: P): Generator<F, R> {
    const key = JSON.stringify(p);
    if (last?.key === key) {
      const { frames, end } = last;
      yield* frames;
      return end;
    }
    const frames: F[] = [];
    const run = make(p);
    for (;;) {
      const step = run.next();
      if (step.done) {
        last = { key, frames, end: step.value };
        return step.value;
      }
      frames.push(step.value);
      yield step.value;
    }
  };
}

/** Timing for ratios: rounds of A and B in turn, medians of the rounds, so that a drifting machine cancels. */

export interface Ratio {
  /** Medians in milliseconds. */
  readonly a: number;
  readonly b: number;
  readonly ratio: number;
}

export function median(values: readonly number[]): number {
  const s = [...values].sort((x, y) => x - y);
  return s.length % 2 ? s[(s.length - 1) / 2] : (s[s.length / 2 - 1] + s[s.length / 2]) / 2;
}

/** One call, in milliseconds. */
export function once(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Median of `rounds` calls after one warm-up. */
export function time(work: () => void, rounds = 7): number {
  work();
  return median(Array.from({ length: rounds }, () => once(work)));
}

/** A and B in turn; the ratio is the median of the rounds' own ratios. */
export function compare(a: () => void, b: () => void, rounds = 9): Ratio {
  a();
  b();
  const pairs = Array.from({ length: rounds }, () => [once(a), once(b)] as const);
  return { a: median(pairs.map((p) => p[0])), b: median(pairs.map((p) => p[1])), ratio: median(pairs.map((p) => p[0] / p[1])) };
}

export interface Line {
  readonly what: string;
  readonly measured: string;
  /** What the README claims. */
  readonly aim: string;
  readonly met: boolean;
}

export function line(what: string, measured: string, aim: string, met: boolean): Line {
  return { what, measured, aim, met };
}

/** Durations as people say them. */

/** "about 40 s left"; rounded, so that it does not flicker. */
export function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return "time left unknown";
  if (seconds < 1.5) return "about a second left";
  if (seconds < 20) return `about ${Math.round(seconds)} s left`;
  if (seconds < 90) return `about ${10 * Math.round(seconds / 10)} s left`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${Math.round(seconds / 3600)} h left`;
}

/** Magnetisation of the mean-field magnet at J = 1, h = 0, in the state that points up: the largest root of m = tanh(beta m). */
export function spontaneous(beta: number): number {
  if (beta <= 1) return 0;
  let [low, high] = [1e-9, 1]; // tanh(beta m) - m is positive between 0 and the root, negative above it
  for (let k = 0; k < 60; k++) {
    const m = (low + high) / 2;
    if (Math.tanh(beta * m) > m) low = m;
    else high = m;
  }
  return (low + high) / 2;
}

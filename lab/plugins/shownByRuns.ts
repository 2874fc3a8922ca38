/** What a scenario's runs have to show, found by running its smallest instance for a few frames when the lab is built: tabs then promise nothing that is not there. */

// biome-ignore lint/suspicious/noExplicitAny: the built library, read by its registries
type Library = any;

export interface ShownByRuns {
  readonly hasMatrices: boolean;
  readonly hasPictures: boolean;
  readonly hasEffectiveNoise: boolean;
}

const FRAMES = 3;
const SIZE = 32;

const found = new Map<string, ShownByRuns>();

/** `lib`: the built library. Remembered, for the page and its worker are built one after the other. */
export function shownByRuns(lib: Library, s: Library): ShownByRuns {
  const known = found.get(s.id);
  if (known) return known;
  const { params } = s;
  const small = {
    ...(params.size ? { size: Math.max(params.size.min, Math.min(SIZE, params.size.default)) } : {}),
    ...(params.iterations ? { iterations: Math.max(params.iterations.min, FRAMES) } : {}),
    // any activation shows the same; averages of this one cost no quadrature (3 s of it for a generator of rectified units)
    ...(params.activation?.kind === "choice" && params.activation.options.includes("linear") ? { activation: "linear" } : {})
  };
  const shown = { hasMatrices: false, hasPictures: false, hasEffectiveNoise: false };
  const frames = s.simulate(lib.parse(s, small), lib.makeRng(1, s.id), { detail: true });
  for (let k = 0; k < FRAMES; k++) {
    const step = frames.next();
    if (step.done) break;
    const { matrices, detail } = step.value;
    shown.hasMatrices ||= Object.keys(matrices ?? {}).length > 0;
    shown.hasPictures ||= (detail?.pictures?.length ?? 0) > 0;
    shown.hasEffectiveNoise ||= (detail?.effectiveNoise?.length ?? 0) > 0;
  }
  found.set(s.id, shown);
  return shown;
}

/** The small figure of a card: the theory in few points, then few dots of small runs; the trajectory for a model of dynamics. */
import type { Value } from "../../../src/core/types.ts";
import { comparisonFigure, trajectoryFigure } from "../../../src/experiments/figures/index.ts";
import { compare, Interrupted, parseAxis } from "../../../src/experiments/index.ts";
import type { Entry } from "../catalogue/types.ts";
import { accepted, laboratory } from "../engine/index.ts";
import { defaultName, gridText, suggestedGrid } from "../views/curve/axis.ts";
import { defaultAgainst } from "../views/curve/options.ts";
import type { Background } from "./background.ts";

/** Points of a line in a small figure, and of one whose points take long. */
const POINTS = 61;
const FEW = 17;
/** Dots follow where the line took less than this, in ms. */
const QUICK = 2500;
const SMALL = 300;

export interface CardSize {
  readonly width: number;
  readonly height: number;
}
/** Draws at the size there is. */
export type CardDrawing = (size: CardSize) => string;

/** Puts the figure of a model, at its defaults, into the queue; `show` is called again whenever more of it is known. */
export function drawCard(
  entry: Entry,
  queue: Background,
  signal: AbortSignal,
  show: (drawing: CardDrawing) => void,
  fail: (why: string) => void
): void {
  const cost = entry.theoryPoints === undefined ? 0 : 1000 - entry.theoryPoints;
  queue.add({
    cost,
    signal,
    async run(worker) {
      try {
        if (defaultAgainst(entry) === "time") {
          const theory = accepted(await worker.ask("evolve", entry.id, {}, 160));
          const name = Object.keys(entry.observables)[0];
          if (signal.aborted) return;
          show((size) =>
            trajectoryFigure({
              name,
              observable: entry.observables[name],
              theory,
              runs: [],
              logX: entry.time?.log === true,
              timeTitle: `*${entry.time?.symbol ?? "t"}*`,
              compact: true,
              ...size
            })
          );
          return;
        }
        const lab = laboratory(signal, undefined, { priority: "background" });
        const along = parseAxis(gridText(suggestedGrid(entry, defaultName(entry), undefined)), entry);
        const ask = { scenario: entry, along, theoryPoints: entry.theoryPoints === undefined ? POINTS : Math.min(FEW, entry.theoryPoints) };
        const began = performance.now();
        const tell = {
          every: 300,
          onUpdate: (c: Awaited<ReturnType<typeof compare>>) => {
            if (!signal.aborted && c.theory.length > 3) show((size) => comparisonFigure(c, { compact: true, ...size }));
          }
        };
        const lines = await compare({ ...ask, ...tell, params: {}, seeds: [] }, lab);
        if (performance.now() - began > QUICK || lines.theory.every((p) => p.error)) return;
        await compare({ ...ask, ...tell, every: 500, params: smaller(entry), seeds: [1] }, lab);
      } catch (error) {
        if (signal.aborted || error instanceof Interrupted) return;
        fail(error instanceof Error ? error.message : String(error));
      }
    }
  });
}

/** Runs of a few hundred unknowns, where the theory does not know the size. */
function smaller(entry: Entry): Readonly<Record<string, Value>> {
  const size = entry.params.size;
  return size?.kind === "integer" && !entry.sized && size.default > SMALL && size.min <= SMALL ? { size: SMALL } : {};
}

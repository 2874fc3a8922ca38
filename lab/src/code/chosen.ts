/** Grids that the views choose where the address has none: the same functions, the same thresholds, found in the store. */
import { runCells, thresholdsCell } from "../../../src/experiments/index.ts";
import type { Setting } from "../address/address.ts";
import type { Entry } from "../catalogue/types.ts";
import { laboratory } from "../engine/index.ts";
import { defaultName, gridText, suggestedGrid } from "../views/curve/axis.ts";
import type { Chosen } from "./snippets.ts";

export async function chosenGrids(entry: Entry, { view, params, options }: Setting, signal: AbortSignal): Promise<Chosen> {
  if (view !== "curve" || options.along !== undefined) return {};
  const name = defaultName(entry);
  if (entry.thresholdNames.length === 0 || name !== (entry.along ?? "alpha")) return {};
  const [record] = (await runCells([thresholdsCell(entry, params)], "thresholds", laboratory(signal))).values();
  const cover = record?.result.kind === "thresholds" ? Object.values(record.result.thresholds).filter((v) => v !== null) : [];
  return { along: gridText(suggestedGrid(entry, name, params[name], cover)) };
}

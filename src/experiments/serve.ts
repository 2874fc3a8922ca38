/** A worker, thread or web worker: computes the cells it is sent and sends back their records. */
import workerpool from "workerpool";
import type { Cell, CellRecord, Scenarios } from "./cell.ts";
import { runCell } from "./runCell.ts";

/** Call it once in the worker's script, with the scenarios it knows. */
export function serveCells(scenarios: Scenarios): void {
  workerpool.worker({ runCell: (cell: Cell): CellRecord => runCell(cell, scenarios) });
}

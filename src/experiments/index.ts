/**
 * Experiments: sweeps as manifests of cells, executors, stores, `compare` and `phase`, tables and figures.
 * This file and everything it exports runs in browsers; what needs Node is in `./node/index.ts`. Nothing heavy is loaded here.
 *
 * What the command line calls (signatures; every function is documented where it is defined):
 *
 *   parseAxis("alpha=0.2:2:0.1" | "alpha=0.2,0.5,1" | "noise=log:1e-4:1:9", scenario): Axis         { name, symbol, values, log }
 *
 *   // where the work is done: an executor, a store, progress, abort
 *   interface Laboratory { scenarios: Scenarios; executor: Executor; store: Store; onProgress?(p: Progress): void; signal?: AbortSignal }
 *   interface Progress { total; done; failed; skipped; seconds; secondsLeft: number | null; stage: string }
 *   memoryStore(): Store                                   inProcessExecutor(): Executor
 *   node/: await openStore(directory): Promise<Store>      localExecutor({ workers?, workerScript? }): Executor   (adaptive: in process, then a pool)
 *   node/: await runShard(manifestPath, i, n, { scenarios?, store? }): Promise<SweepSummary>                      (shard i of n, i from 0)
 *   runCells(cells, stage, laboratory): Promise<ReadonlyMap<key, CellRecord>>   any sweep of your own; the records asked for; throws Interrupted when aborted
 *   simulateCells(scenario, params, seeds: number[], { trajectory?: boolean }): Cell[]                            for `simulate --seeds K`
 *
 *   await compare({ scenario, params, along: Axis, seeds: number[], theoryPoints?, success? }, laboratory): Promise<Comparison>
 *   await phaseDiagram({ scenario, params, x: Axis, y?: Axis, simulate?: { seeds, success? } }, laboratory): Promise<PhaseDiagram>
 *
 *   // text
 *   runsTable(c: Comparison): string (csv)    theoryTable(c): string    summaryTable(c): string    phaseTable(p): string
 *   comparisonManifest(c): object             phaseManifest(p): object
 *   terminalPlot(series: PlotSeries[], options?): string        comparisonPlot(c, observable?, options?): string    phasePlot(p, options?): string
 *
 *   // figures: each returns a self-contained SVG string; import("./figures/index.ts") when one is made
 *   comparisonFigure(c: Comparison, { observable?, title?, width?, height? }): string
 *   phaseFigure(p: PhaseDiagram, { title?, ... }): string
 *   trajectoryFigure({ observable: Observable, theory?: Run, runs: Run[], name: string, title? }): string
 *   landscapeFigure({ landscape: Landscape, fixedPoints?, title? }): string
 *   qqFigure({ residuals: ArrayLike<number>, title? }): string                       residuals in predicted units, against N(0, 1)
 *   node/: await toPng(svg, { scale? }): Promise<Uint8Array>    await toPdf(svg): Promise<Uint8Array>
 *   node/: await writeFigure(directory, name, svg): Promise<string[]>                 name.svg, name.png, name.pdf; the paths
 *   node/: await writeComparison(directory, c, { observables? }): Promise<string[]>   tables, manifest.json, figures
 *   node/: await writePhaseDiagram(directory, p): Promise<string[]>
 *
 * Interrupted (thrown by runCells, compare, phaseDiagram when `signal` aborts): has `.summary`; what was finished is in the store.
 */
export { type Axis, parseAxis, spread } from "./axis.ts";
export {
  type AnyDeclaration,
  type AnyScenario,
  type Cell,
  type CellRecord,
  type CellResult,
  canonicalJson,
  cellKey,
  type Manifest,
  manifestOf,
  type Scenarios,
  scenarioById
} from "./cell.ts";
export { type Comparison, compare } from "./compare.ts";
export { hashingRng, instanceOf } from "./instance.ts";
export { type Executor, inProcessExecutor, type Progress, type SweepSummary } from "./executor.ts";
export { type PhaseDiagram, phaseDiagram } from "./phase.ts";
export { runCell } from "./runCell.ts";
export { memoryStore, type Store } from "./store.ts";
export { Interrupted, type Laboratory, predictCells, runCells, simulateCells, thresholdsCell } from "./sweep.ts";
export { comparisonManifest, phaseManifest, phaseTable, runsTable, summaryTable, theoryTable } from "./tables.ts";
export { comparisonPlot, type PlotSeries, phasePlot, terminalPlot } from "./terminalPlot.ts";
export { version } from "./version.ts";

/** Figures as self-contained SVG strings: no DOM, no library, the same in Node and in browsers. */
export { type ComparisonOptions, comparisonFigure, type FigureOptions } from "./comparisonFigure.ts";
export { type EstimateRequest, estimateFigure } from "./estimateFigure.ts";
export { type Panel, type PanelsRequest, panelsFigure, panelsHeight, rangeOf } from "./imagePanels.ts";
export { type InformationPlaneRequest, informationPlaneFigure, type PlaneRun } from "./informationPlaneFigure.ts";
export { type LandscapeRequest, landscapeFigure, type Slice } from "./landscapeFigure.ts";
export { symbolMarkup } from "./markup.ts";
export { type MatricesAtRequest, matricesAtFigure, matricesAtHeight } from "./matricesAtFigure.ts";
export { type MatrixRequest, type MatrixRun, matrixMapsFigure, matrixTracesFigure, namesOf } from "./matrixFigures.ts";
export { timeAxis } from "./names.ts";
export { type PhaseOptions, phaseFigure } from "./phaseFigure.ts";
export { type Plane, pixelX, pixelY, planeOf, valueX, valueY } from "./plane.ts";
export { type QqRequest, qqFigure } from "./qqFigure.ts";
export { type ImageRequest, imageFigure, imagePanels, type SignalRequest, traceFigure } from "./signalFigure.ts";
export { type StemRequest, stemCount, stemFigure } from "./stemFigure.ts";
export { type Level, type Trajectory, type TrajectoryRequest, trajectoryFigure } from "./trajectoryFigure.ts";

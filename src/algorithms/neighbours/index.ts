/** What distances between points tell. */
export { CORRELATION_WINDOW, type DimensionEstimate, FEWEST_POINTS, intrinsicDimension } from "./intrinsicDimension.ts";

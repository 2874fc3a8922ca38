/** The views, in the order of their tabs. A new one is a folder and an entry here. */
import { defaultHorizontal, verticalName } from "./phase/axes.ts";
import type { View } from "./types.ts";

const dynamic = (e: { readonly time?: unknown }) => e.time !== undefined;

export const views: readonly View[] = [
  {
    id: "curve",
    title: "Theory and simulation",
    about: "theory as lines, runs as dots, against a parameter or time",
    missing: () => null,
    load: () => import("./curve/CurveView.svelte")
  },
  {
    id: "convergence",
    title: "Convergence",
    about: "one run, step by step, on the trajectory of the theory",
    missing: () => null,
    load: () => import("./convergence/ConvergenceView.svelte")
  },
  {
    id: "landscape",
    title: "Landscape",
    about: "free entropy against the overlap",
    missing: (e) =>
      e.hasLandscape
        ? null
        : dynamic(e)
          ? "a dynamics has no free entropy"
          : "the theory of this model gives no free entropy as a function of the overlap",
    load: () => import("./landscape/LandscapeView.svelte")
  },
  {
    id: "phase",
    title: "Phase diagram",
    about: "thresholds against a second parameter, and runs on a grid",
    missing: (e) =>
      e.thresholdNames.length === 0
        ? "this model has no phase transition to draw"
        : defaultHorizontal(e) === null
          ? `beside ${e.params[verticalName(e)].symbol} this model has no number of its own to draw its transitions against: those of its bricks are set beside them`
          : null,
    load: () => import("./phase/PhaseView.svelte")
  },
  {
    id: "matrices",
    title: "Order parameters",
    about: "matrix-valued order parameters as heat maps and traces",
    missing: (e) => (e.hasMatrices ? null : "the order parameters of this model are numbers, not matrices: see the convergence view"),
    load: () => import("./matrices/MatricesView.svelte")
  },
  {
    id: "pictures",
    title: "Signal",
    about: "truth, measurements and reconstruction",
    missing: (e) => (e.hasPictures ? null : "runs of this model have no signal to show"),
    load: () => import("./pictures/PicturesView.svelte")
  }
];

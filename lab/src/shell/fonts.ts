/** The page's own letters, asked for once a figure stands: the letters it begins with are close to them, and the first figure is not kept waiting. */
import { firstFigure } from "../design/firstFigure.ts";

/** A page without any figure gets them all the same. */
const PATIENCE = 4000; // ms

export function loadFonts(): void {
  const load = () => void import("../design/fonts.css");
  void Promise.race([firstFigure, new Promise((after) => setTimeout(after, PATIENCE))]).then(() =>
    typeof requestIdleCallback === "function" ? requestIdleCallback(load, { timeout: 1000 }) : setTimeout(load, 200)
  );
}

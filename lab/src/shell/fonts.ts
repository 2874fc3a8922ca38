/** The page's own letters, asked for once the page is quiet: the letters it begins with are close to them, and the first figure is not kept waiting. */

export function loadFonts(): void {
  const load = () => void import("../design/fonts.css");
  const quiet = () => (typeof requestIdleCallback === "function" ? requestIdleCallback(load, { timeout: 2000 }) : setTimeout(load, 500));
  if (document.readyState === "complete") quiet();
  else addEventListener("load", quiet, { once: true });
}

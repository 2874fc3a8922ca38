/** KaTeX's stylesheet names each font three times; every browser that runs the lab reads the smallest, so the others are not shipped. */
import type { Plugin } from "vite";

export function woff2Only(): Plugin {
  return {
    name: "spinodal-woff2-only",
    enforce: "pre",
    transform(code, id) {
      if (!/katex[^?]*\.css/.test(id)) return null;
      return code.replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)/g, "");
    }
  };
}

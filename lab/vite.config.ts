/** The lab as a folder that any static host serves under any path; scripts/lab.mjs builds it into dist/lab. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { catalogue } from "./plugins/catalogue.ts";
import { noNode } from "./plugins/noNode.ts";
import { page } from "./plugins/page.ts";
import { treeshake } from "./plugins/pureLibrary.ts";
import { woff2Only } from "./plugins/woff2Only.ts";

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [noNode(), catalogue(), woff2Only(), svelte(), page()],
  // workers too load what a scenario calls, not what its room's index names
  worker: {
    format: "es",
    plugins: () => [noNode(), catalogue()],
    rolldownOptions: {
      treeshake,
      experimental: { lazyBarrel: true },
      checks: { pluginTimings: false },
      // what half of the scenarios share is one file: 60 small ones, found one behind the other, kept the first figure waiting
      output: { codeSplitting: { groups: [{ name: "shared", test: /\/(src|node_modules)\//, minShareCount: 12 }] } }
    }
  },
  build: {
    outDir: "../dist/lab",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000, // pdfkit is loaded when a PDF is asked for
    rolldownOptions: { treeshake, checks: { pluginTimings: false } }
  },
  server: { host: "127.0.0.1", fs: { allow: [".."] } }
});

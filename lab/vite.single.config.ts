/** The lab as one HTML file that opens from disk with the network off; scripts/lab.mjs builds it into dist/spinodal-lab.html. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { catalogue } from "./plugins/catalogue.ts";
import { embeddedWorkers } from "./plugins/embeddedWorkers.ts";
import { noNode } from "./plugins/noNode.ts";
import { oneFile } from "./plugins/oneFile.ts";
import { treeshake } from "./plugins/pureLibrary.ts";
import { woff2Only } from "./plugins/woff2Only.ts";

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  mode: "single",
  plugins: [noNode(), catalogue(), embeddedWorkers(), woff2Only(), svelte(), oneFile()],
  build: {
    target: "es2022",
    assetsInlineLimit: () => true,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 10_000,
    rolldownOptions: { treeshake, output: { codeSplitting: false }, checks: { pluginTimings: false } }
  }
});

/** The lab as a folder that any static host serves under any path: `node scripts/lab.mjs build`. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { catalogue } from "./plugins/catalogue.ts";

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [catalogue(), svelte()],
  worker: { format: "es", plugins: () => [catalogue()] },
  build: {
    outDir: "../dist/lab",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false
  },
  server: { host: "127.0.0.1", fs: { allow: [".."] } }
});

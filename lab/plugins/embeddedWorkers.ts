/**
 * For the single file: a worker asked for as `./x.worker.ts?worker&url` is bundled as one classic script, everything it may import
 * inlined, kept in the page as text, and its URL is a blob's.
 */
import { build, type Plugin } from "vite";
import { catalogue } from "./catalogue.ts";
import { noNode } from "./noNode.ts";

const MARK = "\0spinodal-worker:";

export function embeddedWorkers(): Plugin {
  return {
    name: "spinodal-embedded-workers",
    enforce: "pre",
    async resolveId(id, importer) {
      if (!id.endsWith("?worker&url")) return null;
      const found = await this.resolve(id.replace(/\?.*$/, ""), importer, { skipSelf: true });
      return found ? MARK + found.id : null;
    },
    async load(id) {
      if (!id.startsWith(MARK)) return null;
      const script = await bundled(id.slice(MARK.length));
      return `export default URL.createObjectURL(new Blob([${JSON.stringify(script)}], { type: "text/javascript" }));`;
    }
  };
}

async function bundled(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "warn",
    plugins: [noNode(), catalogue()],
    define: { "process.env.NODE_ENV": '"production"', "import.meta.env.MODE": '"single"', "import.meta.url": "undefined" },
    build: {
      write: false,
      target: "es2022",
      minify: true,
      lib: { entry, formats: ["iife"], name: "worker", fileName: () => "worker.js" },
      rolldownOptions: { output: { codeSplitting: false }, checks: { pluginTimings: false } }
    }
  });
  const output = (Array.isArray(result) ? result : [result]).flatMap((one) => ("output" in one ? one.output : []));
  const chunks = output.filter((file) => file.type === "chunk");
  if (chunks.length !== 1) throw new Error(`${entry}: expected one script, got ${output.map((file) => file.fileName).join(", ")}`);
  return chunks[0].code;
}

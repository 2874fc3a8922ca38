/** workerpool asks for three modules of Node, which browsers answer with nothing; said here, the bundler need not warn of each. */
import type { Plugin } from "vite";

const ASKED = new Set(["child_process", "os", "worker_threads"]);
const NOTHING = "\0spinodal-nothing";

export function noNode(): Plugin {
  return {
    name: "spinodal-no-node",
    enforce: "pre",
    resolveId: (id) => (ASKED.has(id) ? NOTHING : null),
    load: (id) => (id === NOTHING ? "export default {};" : null)
  };
}

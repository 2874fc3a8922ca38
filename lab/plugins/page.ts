/** The built page: its content security policy, and what it will need first, named in its head so that all of it loads side by side. */
import type { Plugin } from "vite";
import { PAGE_POLICY } from "../../src/cli/labPolicy.ts";

/** What the first figure of the default scenario waits for, by the names of chunks: the workers' script, the model, the view. */
const FIRST = [/\/laboratory\.worker-/, /\/perceptron-/, /\/CurveView-/];

export function page(): Plugin {
  return {
    name: "spinodal-page",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const files = new Map(Object.values(bundle ?? {}).map((file) => [file.fileName, file]));
        const wanted = new Set<string>();
        const want = (name: string) => {
          const file = files.get(name);
          if (!file || wanted.has(name)) return;
          wanted.add(name);
          const code = file.type === "chunk" ? file.code : String(file.source);
          if (!name.endsWith(".js")) return;
          // what it imports before it runs; import() is left for later
          for (const [, target] of code.matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)) want(`assets/${target}`);
        };
        for (const name of files.keys()) if (FIRST.some((first) => first.test(`/${name}`))) want(name);
        const already = (name: string) => html.includes(`./${name}"`);
        return {
          html,
          tags: [
            { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: PAGE_POLICY }, injectTo: "head-prepend" },
            ...[...wanted]
              .filter((name) => !already(name))
              .map((name) =>
                name.endsWith(".css")
                  ? ({ tag: "link", attrs: { rel: "stylesheet", crossorigin: true, href: `./${name}` }, injectTo: "head" } as const)
                  : ({ tag: "link", attrs: { rel: "modulepreload", crossorigin: true, href: `./${name}` }, injectTo: "head" } as const)
              )
          ]
        };
      }
    }
  };
}

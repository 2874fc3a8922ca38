/** The single file: script, style and policy inside index.html, nothing beside it. */
import { createHash } from "node:crypto";
import type { Plugin } from "vite";

export function oneFile(): Plugin {
  return {
    name: "spinodal-one-file",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const files = Object.values(bundle);
        const page = files.find((file) => file.fileName.endsWith(".html"));
        const scripts = files.filter((file) => file.type === "chunk");
        const sheets = files.filter((file) => file.fileName.endsWith(".css"));
        if (page?.type !== "asset" || scripts.length !== 1 || scripts.length + sheets.length + 1 !== files.length)
          throw new Error(
            `the single file: expected one page, one script and styles, got ${files.map((file) => file.fileName).join(", ")}`
          );
        const script = `\n${inScript(scripts[0].code)}\n`;
        const style = sheets.map((sheet) => (sheet.type === "asset" ? String(sheet.source) : "")).join("\n");
        // functions as replacements: `$&` in a script is not a pattern
        page.source = String(page.source)
          .replace(/\s*<link rel="(?:stylesheet|modulepreload)"[^>]*>/g, "")
          .replace(/<script type="module"[^>]*><\/script>/, () => `<style>${style}</style>\n    <script type="module">${script}</script>`)
          .replace("<head>", () => `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy(script)}" />`);
        for (const file of files) if (file !== page) delete bundle[file.fileName];
      }
    }
  };
}

/** What would end the script element, or open a comment in it, only occurs in strings and patterns, where an escape is the same. */
function inScript(code: string): string {
  return code.replace(/<(?=\/script|script|!--)/gi, "\\x3C");
}

/** Only this script, and workers made from its own text, which share the page's policy: so eval is allowed for the lessons' sandbox. */
function policy(script: string): string {
  const hash = createHash("sha256").update(script).digest("base64");
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}' blob: 'wasm-unsafe-eval' 'unsafe-eval'`,
    "worker-src blob:",
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "font-src data:",
    "connect-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'"
  ].join("; ");
}

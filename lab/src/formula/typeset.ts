/** KaTeX, on demand: its script, style and fonts are a quarter of a megabyte that a page without formulas never loads. */

let katex: Promise<typeof import("katex").default> | null = null;

function load(): Promise<typeof import("katex").default> {
  katex ??= Promise.all([import("katex"), import("katex/dist/katex.min.css")]).then(([module]) => module.default);
  katex.catch(() => {
    katex = null; // a network that failed once may not fail again
  });
  return katex;
}

/** Replaces what is in `host`; on failure the TeX source that stands there stays. */
export async function typeset(tex: string, host: HTMLElement, block: boolean): Promise<void> {
  try {
    const { render } = await load();
    if (host.isConnected) render(tex, host, { displayMode: block, throwOnError: false, strict: false });
  } catch {
    // offline before the first formula: the source is readable
  }
}

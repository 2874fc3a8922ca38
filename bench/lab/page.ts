/** The built lab, served on loopback as `spinodal lab` serves it, and pages that are watched from before their first script. */
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";
import { policyOf } from "../../src/cli/labPolicy.ts";
import { folderServer } from "../../src/cli/staticFiles.ts";

export interface Place {
  readonly url: string;
  readonly folder: string;
  readonly root: string;
  /** Paths that have been asked for since the last page was opened. */
  readonly asked: readonly string[];
  /** A page in a context of its own, nothing cached. */
  open(address: string): Promise<Page>;
  close(): Promise<void>;
}

/** What the watcher of a page has seen; `performance.now()` of the page throughout. */
export interface Seen {
  /** When a figure with a theory line was first in the document. */
  figure: number | null;
  readonly tasks: { readonly start: number; readonly duration: number }[];
  /** Workers that are computing, and when the last of them ceased to. */
  busy: number;
  idle: number;
  frames: number[];
}

const executablePath = [
  process.env.SPINODAL_CHROMIUM ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome"
].find((path) => path !== "" && existsSync(path));

export async function openPage(folder: string, root: string): Promise<Place> {
  if (!executablePath) throw new Error("no chromium: apt-get install chromium, or set SPINODAL_CHROMIUM");
  const server = folderServer(folder, { policy: policyOf, immutable: (path) => path.startsWith("assets/") });
  let asked: string[] = [];
  server.on("request", ({ url }) =>
    asked.push(
      String(url)
        .replace(/[?#].*$/, "")
        .slice(1) || "index.html"
    )
  );
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const browser: Browser = await chromium.launch({ executablePath, args: quiet });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    folder,
    root,
    get asked() {
      return asked;
    },
    async open(address) {
      const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
      const page = await context.newPage();
      page.on("pageerror", (error) => console.error(`the page failed: ${error.message}`));
      await page.addInitScript(watch);
      asked = [];
      await page.goto(url + address, { waitUntil: "commit" });
      return page;
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
    }
  };
}

/** Runs in the page before its own scripts; its text travels there, so it sees nothing but the page. */
function watch(): void {
  const seen: Seen = { figure: null, tasks: [], busy: 0, idle: 0, frames: [] };
  (globalThis as unknown as { seen: Seen }).seen = seen;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.tasks.push({ start: startTime, duration });
  }).observe({ type: "longtask", buffered: true });
  const looking = new MutationObserver(() => {
    // a line of the theory: a stroke that is not an axis
    const line = [...document.querySelectorAll("svg path[d][stroke]")].some((path) => (path.getAttribute("d") ?? "").split("L").length > 8);
    if (!line) return;
    seen.figure = performance.now();
    looking.disconnect();
  });
  looking.observe(document, { childList: true, subtree: true, attributes: true });
  // a worker that was asked and has neither answered nor been ended is busy
  class Watched extends Worker {
    open = 0;
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener("message", ({ data }) => {
        if (typeof data !== "object" || data === null || !("id" in data) || data.isEvent) return;
        if (this.open > 0) this.count(-1);
      });
    }
    private count(by: number): void {
      this.open += by;
      seen.busy += by;
      if (seen.busy === 0) seen.idle = performance.now();
    }
    override postMessage(message: unknown, ...rest: never[]): void {
      this.count(1);
      super.postMessage(message, ...rest);
    }
    override terminate(): void {
      if (this.open > 0) this.count(-this.open);
      super.terminate();
    }
  }
  globalThis.Worker = Watched;
}

/** What the page's watcher has seen so far. */
export function seenBy(page: Page): Promise<Seen> {
  return page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);
}

/** Waits until the first line of a theory is drawn. */
export async function drawn(page: Page, timeout = 60_000): Promise<number> {
  await page.waitForFunction(() => (globalThis as unknown as { seen: Seen }).seen.figure !== null, undefined, { timeout, polling: 20 });
  return (await seenBy(page)).figure ?? Number.NaN;
}

/** Waits until no worker has computed for `rest` ms. */
export async function atRest(page: Page, rest = 700, timeout = 240_000): Promise<void> {
  await page.waitForFunction(
    (ms) => {
      const { busy, idle } = (globalThis as unknown as { seen: Seen }).seen;
      return busy === 0 && performance.now() - idle > ms;
    },
    rest,
    { timeout, polling: 100 }
  );
}

/**
 * The lab in a real Chromium, for the files `test/lab/*.browser.test.ts`. `useLab()` at the top of a file builds dist/lab when it is
 * out of date, serves it as `spinodal lab` does, launches one browser, and after each test closes the pages and fails the test if one of them
 * wrote an error on its console, threw, or was stopped by the content security policy.
 */
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { folderServer } from "../../src/cli/staticFiles.ts";
import { policyOf } from "../../src/cli/labPolicy.ts";
import { launch } from "../browser/chromium.ts";

const ROOT = resolve(import.meta.dirname, "../..");
export const FOLDER = resolve(ROOT, "dist/lab");
export const SINGLE_FILE = resolve(ROOT, "dist/spinodal-lab.html");

export interface OpenOptions extends BrowserContextOptions {
  /** An open page's context: the new page shares its storage. A context of its own by default. */
  readonly beside?: Page;
  /** Before the fragment: "?embed". */
  readonly query?: string;
}

export interface Lab {
  /** Ends with a slash. */
  readonly url: string;
  readonly browser: Browser;
  /** A new page at an address such as "#/perceptron/curve?alpha=1.2". */
  open(address?: string, options?: OpenOptions): Promise<Page>;
  /** A page that this test opened by itself is watched too. */
  watch(page: Page): void;
  /** Complaints that match are expected by this test. */
  forgive(pattern: RegExp): void;
  /** What the pages of this test complained of so far. */
  complaints(): readonly string[];
}

export async function builtLab(options?: { readonly folder?: boolean; readonly single?: boolean }): Promise<void> {
  const builder = new URL("../../scripts/lab.mjs", import.meta.url).href;
  const { buildLab } = (await import(builder)) as { buildLab(options?: object): Promise<boolean> };
  await buildLab(options);
}

export function useLab(): Lab {
  let server: Server | undefined;
  let browser: Browser | undefined;
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];
  const forgiven: RegExp[] = [];
  beforeAll(async () => {
    await builtLab({ single: false });
    server = folderServer(FOLDER, { policy: policyOf, immutable: (path) => path.startsWith("assets/") });
    await new Promise<void>((ready) => server?.listen(0, "127.0.0.1", ready));
    browser = await launch();
  }, 120_000);
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    const heard = complaints.splice(0).filter((text) => !forgiven.some((pattern) => pattern.test(text)));
    forgiven.length = 0;
    expect(heard).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });
  const running = () => {
    if (!browser || !server) throw new Error("the lab is open inside tests only");
    return { browser, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  };
  const watch = (page: Page) => {
    // an error on the console is also how Chromium tells of a violated policy, in pages and in workers
    page.on("console", (m) => m.type() === "error" && complaints.push(`console: ${m.text()}`));
    page.on("pageerror", (e) => complaints.push(`exception: ${e.message}`));
  };
  return {
    get url() {
      return running().url;
    },
    get browser() {
      return running().browser;
    },
    async open(address = "", { beside, query = "", ...options } = {}) {
      const context = beside?.context() ?? (await running().browser.newContext({ viewport: { width: 1200, height: 900 }, ...options }));
      if (!beside) contexts.push(context);
      const page = await context.newPage();
      watch(page);
      await page.goto(`${running().url}${query}${address}`);
      return page;
    },
    watch,
    forgive: (pattern) => forgiven.push(pattern),
    complaints: () => complaints
  };
}

/** The first figure of the page (or of what `within` selects), once something is drawn in it. */
export async function figureIn(page: Page, within = "main", timeout = 30_000): Promise<Locator> {
  const figure = page.locator(`${within} .figure-svg svg:has(path, line, circle, rect)`).first();
  await figure.waitFor({ state: "visible", timeout });
  return figure;
}

/** Waits until the page computes nothing more: no bar of progress for a second (dots begin a moment after the lines). */
export async function settled(page: Page, timeout = 60_000): Promise<void> {
  await expect
    .poll(
      async () => {
        if (await page.locator("main progress").count()) return "computing";
        await page.waitForTimeout(1000);
        return (await page.locator("main progress").count()) ? "computing" : "at rest";
      },
      { timeout, interval: 50 }
    )
    .toBe("at rest");
}

/** What a button of "Save" gives, as the text or the bytes of the file, and its name. */
export async function saved(
  page: Page,
  kind: "SVG" | "PNG" | "PDF" | "CSV" | "JSON"
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page
      .getByRole("button", { name: `Save as ${kind}`, exact: true })
      .first()
      .click()
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious and critical findings of axe, one line each: the rule, and where. Evaluated over the debugger's wire, which no policy stops. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    interface Finding {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
    }
    const { axe } = globalThis as unknown as {
      axe: { run(where: Document, how: object): Promise<{ violations: readonly Finding[] }> };
    };
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map((n) => `${n.target.join(" ")} (${n.failureSummary.replace(/\s+/g, " ")})`).join("; ")}`);
  });
}

/** Pixels that the page can be scrolled sideways. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth));
}

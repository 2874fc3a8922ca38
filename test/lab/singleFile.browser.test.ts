/** dist/spinodal-lab.html opened from disk, with the network off: it sweeps, its links work, it asks for nothing. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../browser/chromium.ts";
import { builtLab, figureIn, SINGLE_FILE, saved, settled } from "./browser.ts";

const folder = mkdtempSync(join(tmpdir(), "spinodal-file-"));
const file = join(folder, "a lab.html"); // moved and renamed: it needs nothing beside it
let browser: Browser;
let page: Page;
const complaints: string[] = [];
const requests: string[] = [];

beforeAll(async () => {
  await builtLab({ folder: false });
  copyFileSync(SINGLE_FILE, file);
  browser = await launch(["--proxy-server=127.0.0.1:9"]); // nobody listens there
  const context = await browser.newContext();
  await context.setOffline(true);
  page = await context.newPage();
  page.on("console", (m) => m.type() === "error" && complaints.push(m.text()));
  page.on("pageerror", (e) => complaints.push(e.message));
  page.on("request", (r) => /^(data|blob):/.test(r.url()) || requests.push(r.url()));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const address = (fragment: string) => `${pathToFileURL(file).href}${fragment}`;

test("a permalink opens, its sweep runs in workers, and the figure is saved", async () => {
  await page.goto(address("#/perceptron/curve?size=100&seeds=2&along=alpha=0.4:1.6:0.4&noise=0.01"));
  await figureIn(page);
  await settled(page);
  const { runs, params } = JSON.parse((await saved(page, "JSON")).bytes.toString()) as { runs: unknown[]; params: { noise: number } };
  expect([runs.length, params.noise]).toEqual([8, 0.01]);
  expect((await saved(page, "PDF")).bytes.subarray(0, 5).toString()).toBe("%PDF-");
  expect(await page.locator("main .katex").count()).toBeGreaterThan(0);
});

test("another fragment is another page: views, lessons, glossary, the solver", async () => {
  for (const fragment of [
    "#/compressed-sensing/curve?size=60&seeds=1",
    "#/perceptron/convergence?size=100",
    "#/lessons",
    "#/glossary",
    "#/solve"
  ]) {
    await page.goto(address(fragment));
    await page.locator("main h1").first().waitFor();
    if (fragment.includes("/curve")) await figureIn(page);
    expect(await page.locator("main .error").allInnerTexts(), fragment).toEqual([]);
  }
});

test("the exercise of a lesson is checked: its sandbox starts from disk, too", { timeout: 60_000 }, async () => {
  await page.goto(address("#/lessons/risk"));
  const place = page.locator("section.exercise");
  await place.getByRole("button", { name: "Check" }).click();
  await expect.poll(() => place.locator("p.warning").innerText(), { timeout: 30_000 }).toContain("inputs agree");
});

test("nothing was asked for but the file itself, and nothing was complained of", () => {
  expect(complaints).toEqual([]);
  expect(new Set(requests.map((url) => url.replace(/#.*/, "")))).toEqual(new Set([pathToFileURL(file).href]));
});

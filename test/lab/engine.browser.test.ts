/** The engine on a page: a cancel is obeyed within 100 ms and costs the next sweep nothing, and a worker that dies says so. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { figureIn, useLab } from "./browser.ts";

const lab = useLab();

/** Counts the questions that workers have not answered; in the page before its own scripts. */
function watch(): void {
  const seen = { busy: 0, idle: 0, hired: 0, answers: 0, clicked: 0, late: 0 };
  Object.assign(globalThis, { seen });
  const onClick = () => {
    const clicked = performance.now();
    seen.clicked = clicked;
    setTimeout(() => Object.assign(seen, { late: performance.now() - clicked - 30 }), 30);
  };
  addEventListener("click", onClick, { capture: true });
  globalThis.Worker = class extends Worker {
    #open = 0;
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      seen.hired++;
      this.addEventListener("message", ({ data }) => {
        if (typeof data !== "object" || data === null || !("id" in data)) return;
        seen.answers++;
        if (this.#open > 0) this.#count(-1);
      });
    }
    #count(by: number): void {
      this.#open += by;
      seen.busy += by;
      if (seen.busy === 0) seen.idle = performance.now();
    }
    override postMessage(message: unknown, ...rest: never[]): void {
      this.#count(1);
      super.postMessage(message, ...rest);
    }
    override terminate(): void {
      this.#count(-this.#open);
      super.terminate();
    }
  };
}
type Seen = { busy: number; idle: number; hired: number; answers: number; clicked: number; late: number };
const seenBy = (page: Page) => page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);

/** A page that is watched, in a context whose every page is. */
async function watched(address: string): Promise<Page> {
  const first = await lab.open("#/glossary");
  await first.context().addInitScript(watch);
  return lab.open(address, { beside: first });
}

const LONG = "#/perceptron/curve?size=5000&seed=1&seeds=16&along=alpha=2:4:0.1";

test("a cancel in the middle of long runs leaves no worker computing 100 ms later, and the next sweep computes at once", {
  timeout: 180_000
}, async () => {
  const page = await watched(LONG);
  await page.getByText(/runs along alpha/).waitFor({ timeout: 90_000 });
  await expect.poll(async () => (await seenBy(page)).busy, { timeout: 30_000 }).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect.poll(async () => (await seenBy(page)).busy, { timeout: 30_000 }).toBe(0);
  await page.waitForTimeout(200);
  const { idle, clicked, late, answers } = await seenBy(page);
  // 30 ms of grace, then the axe; how late a timer of 30 ms was is the fault of the machine, which runs other tests too
  expect(idle - clicked - late).toBeLessThan(100);
  await page.evaluate(() => {
    location.hash = "#/perceptron/curve?size=100&seed=1&seeds=2&along=alpha=0.5:1:0.25";
  });
  await expect.poll(async () => (await seenBy(page)).answers, { timeout: 30_000 }).toBeGreaterThan(answers);
  await figureIn(page);
});

test("workers whose script cannot be had end in one sentence on the page, not in waiting", { timeout: 120_000 }, async () => {
  lab.forgive(/ERR_FAILED|Failed to load|worker/i);
  const first = await lab.open("#/glossary");
  await first.context().route(/laboratory\.worker/, (route) => route.abort());
  const page = await lab.open("#/perceptron/curve", { beside: first });
  await page
    .getByText(/the worker that computed this stopped/)
    .first()
    .waitFor({ timeout: 60_000 });
});

/** One scenario's page as a reader uses it: turned, linked, left and come back to, stopped, saved, embedded. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { figureIn, saved, settled, useLab } from "./browser.ts";

const lab = useLab();
const SMALL = "#/perceptron/curve?size=100&seeds=2&along=alpha=0.4:1.6:0.4";

test("a slider turned by the keyboard changes the figure and the address", async () => {
  const page = await lab.open(SMALL);
  await figureIn(page);
  await settled(page);
  const before = page.url();
  const slider = page.getByRole("slider", { name: /^noise/ });
  await slider.focus();
  for (let k = 0; k < 4; k++) await page.keyboard.press("ArrowRight");
  await expect.poll(() => page.url()).toMatch(/[?&]noise=/);
  expect(page.url()).not.toBe(before);
  await settled(page);
  const noise = Number(/noise=([^&]+)/.exec(page.url())?.[1]);
  const { params } = JSON.parse((await saved(page, "JSON")).bytes.toString()) as { params: { noise: number } };
  expect(params.noise).toBe(noise);
});

test("a link opened elsewhere draws the same instances and the same numbers", async () => {
  const page = await lab.open(`${SMALL.replace("seeds=2", "seeds=2&seed=7")}&noise=0.01`);
  await settled(page);
  const here = await saved(page, "JSON");
  const other = await lab.open(new URL(page.url()).hash, { viewport: { width: 700, height: 500 } });
  await settled(other);
  const there = await saved(other, "JSON");
  // all but how long it took
  const data = (bytes: Buffer) =>
    JSON.parse(bytes.toString(), (key, value) => (key === "seconds" ? undefined : value)) as {
      runs: { seed: number }[];
      dots: unknown[];
      theory: unknown[];
    };
  expect(data(here.bytes).runs).toHaveLength(8);
  expect(new Set(data(here.bytes).runs.map((r) => r.seed))).toEqual(new Set([7, 8]));
  expect(data(there.bytes)).toEqual(data(here.bytes));
});

test("back and forward walk through views and scenarios, each as it was left", async () => {
  const page = await lab.open(SMALL);
  await figureIn(page);
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Convergence" }).click();
  await expect.poll(() => new URL(page.url()).hash).toMatch(/^#\/perceptron\/convergence\?.*size=100/);
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Models" }).click();
  await expect.poll(() => new URL(page.url()).hash).toMatch(/^#\/?$/);
  await page.goBack();
  await expect.poll(() => new URL(page.url()).hash).toMatch(/^#\/perceptron\/convergence/);
  await page.goBack();
  await expect.poll(() => new URL(page.url()).hash).toMatch(/^#\/perceptron\/curve\?.*size=100/);
  await figureIn(page);
  await page.goForward();
  await expect.poll(() => new URL(page.url()).hash).toMatch(/^#\/perceptron\/convergence/);
  await expect.poll(() => page.locator('nav[aria-label="Views"] [aria-current="page"]').innerText()).toBe("Convergence");
});

test("cancel stops a long sweep within a tenth of a second, keeps what is there, and goes on when asked", async () => {
  const page = await lab.open("#/perceptron/curve?size=2000&seeds=50");
  const figure = await figureIn(page);
  // not before the runs: the line has a progress and a button of its own, which go when it is done
  await page.getByText(/^runs along alpha: [1-9]/).waitFor({ timeout: 60_000 });
  const milliseconds = await page.evaluate(
    () =>
      new Promise<number>((stopped, failed) => {
        const start = performance.now();
        const cancel = [...document.querySelectorAll("main button")].find((button) => button.textContent?.trim() === "Cancel");
        (cancel as HTMLButtonElement | undefined)?.click();
        const look = () => {
          const passed = performance.now() - start;
          if (document.querySelector("main progress") === null) stopped(passed);
          else if (passed > 5000) failed(new Error("the sweep goes on"));
          else requestAnimationFrame(look);
        };
        look();
      })
  );
  expect(milliseconds).toBeLessThan(100);
  const dots = await figure.locator("circle").count();
  await page.waitForTimeout(700);
  expect(await figure.locator("circle").count()).toBe(dots);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.locator("main progress").waitFor({ state: "attached" });
});

test("the figure is saved as files that other programs read", async () => {
  const page = await lab.open(SMALL);
  await settled(page);
  const svg = await saved(page, "SVG");
  expect(svg.name).toMatch(/^perceptron-.*\.svg$/);
  const drawing = await page.evaluate((text) => {
    const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    return { name: root.nodeName, space: root.namespaceURI, wrong: root.querySelector("parsererror")?.textContent ?? "" };
  }, svg.bytes.toString());
  expect(drawing).toEqual({ name: "svg", space: "http://www.w3.org/2000/svg", wrong: "" });
  expect(svg.bytes.toString()).toContain("Teacher-student perceptron");
  const png = await saved(page, "PNG");
  expect(png.bytes.subarray(0, 8)).toEqual(Buffer.from("89504e470d0a1a0a", "hex"));
  expect(png.bytes.readUInt32BE(16)).toBeGreaterThanOrEqual(1200);
  const pdf = await saved(page, "PDF");
  expect(pdf.bytes.subarray(0, 5).toString()).toBe("%PDF-");
  expect(pdf.bytes.subarray(-6).toString().trim()).toBe("%%EOF");
  const [head, ...rows] = (await saved(page, "CSV")).bytes.toString().trim().split(/\r?\n/);
  expect(head).toMatch(/alpha/);
  expect(rows.length).toBeGreaterThanOrEqual(4);
  for (const row of rows) expect(row.split(",")).toHaveLength(head.split(",").length);
  const json = JSON.parse((await saved(page, "JSON")).bytes.toString()) as { scenario: string; dots: unknown[] };
  expect(json.dots).toHaveLength(4);
});

test("in a frame of another page there is one figure and no chrome, and it computes", async () => {
  const host = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><title>host</title><iframe src="${lab.url}${SMALL}&embed=1" width="640" height="560"></iframe>`);
  });
  await new Promise<void>((ready) => host.listen(0, "127.0.0.1", ready));
  try {
    const page = await lab.open("");
    await page.goto(`http://localhost:${(host.address() as AddressInfo).port}/`); // another origin than 127.0.0.1
    const frame = page.frameLocator("iframe");
    await frame.locator(".figure-svg svg circle").nth(3).waitFor({ timeout: 30_000 });
    expect(await frame.locator("header, footer, aside, nav").count()).toBe(0);
    expect(await frame.locator(".figure-svg svg").count()).toBe(1);
    await frame.getByRole("link", { name: "Open in Spinodal" }).waitFor();
  } finally {
    host.closeAllConnections();
    host.close();
  }
});

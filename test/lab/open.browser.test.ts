/** Every scenario's page opens under the page's own policy, without a complaint, and draws; so do the other pages. */
import { expect, test } from "vitest";
import * as scenarios from "../../src/scenarios/index.ts";
import { figureIn, useLab } from "./browser.ts";

const lab = useLab();
const all = Object.values(scenarios) as readonly { readonly id: string; readonly title: string; readonly params: object }[];
const TABS = 3;

test("the default scenario draws its lines and its dots, and one figure has one title", async () => {
  const page = await lab.open("#/perceptron/curve?size=100&seeds=1");
  const figure = await figureIn(page);
  await expect.poll(() => figure.locator("circle").count(), { timeout: 30_000 }).toBeGreaterThan(10);
  expect(await page.getByRole("heading", { level: 1 }).allInnerTexts()).toEqual(["Teacher-student perceptron"]);
  expect(await page.title()).toContain("Teacher-student perceptron");
});

test("every scenario's page opens and draws", { timeout: 240_000 }, async () => {
  const page = await lab.open("#/");
  const waiting = [...all];
  const drawn: string[] = [];
  const tab = async (p = lab.open("#/", { beside: page })) => {
    const mine = await p;
    for (let s = waiting.shift(); s; s = waiting.shift()) {
      // a few points of a small model: what is asked is whether it draws
      const size = "size" in s.params ? "size=60&" : "";
      await mine.goto(`${lab.url}#/${s.id}/curve?${size}seeds=1`);
      await mine.getByRole("heading", { level: 1, name: s.title, exact: true }).waitFor();
      await figureIn(mine, "main", 90_000).catch((error: Error) => {
        throw new Error(`${s.id} draws nothing: ${error.message}`);
      });
      expect(await mine.locator("main .error").allInnerTexts(), s.id).toEqual([]);
      drawn.push(s.id);
    }
  };
  await Promise.all(Array.from({ length: TABS }, () => tab()));
  expect(drawn.sort()).toEqual(all.map((s) => s.id).sort());
});

test("gallery, lessons, the solver and the glossary open; the gallery has every scenario", async () => {
  const page = await lab.open("#/");
  for (const { id } of all) await page.locator(`main a[href^="#/${id}/"]`).first().waitFor({ state: "attached" });
  for (const place of ["lessons", "solve", "glossary"]) {
    await page.goto(`${lab.url}#/${place}`);
    await page.locator("main h1").first().waitFor();
    expect(await page.locator("main .error").allInnerTexts(), place).toEqual([]);
  }
});

test("a scenario that does not exist is said in a sentence, and so is a value that cannot be used", async () => {
  const page = await lab.open("#/percepton/curve");
  await expect.poll(() => page.locator("main").innerText()).toContain("perceptron");
  await page.goto(`${lab.url}#/perceptron/curve?alpha=-1&size=100&seeds=1`);
  await expect.poll(() => page.locator("main").innerText()).toContain("alpha must be a number in");
  await figureIn(page);
});

/** The smallest walk through the lab: it opens under its own policy and draws. */
import { expect, test } from "vitest";
import { figureIn, useLab } from "./browser.ts";

const lab = useLab();

test("the default scenario draws theory and dots, and its address is its title's", async () => {
  const page = await lab.open("#/perceptron/curve?size=100&seeds=1");
  const figure = await figureIn(page);
  await expect.poll(() => figure.locator("circle").count(), { timeout: 15_000 }).toBeGreaterThan(3);
});

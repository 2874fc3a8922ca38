/** The lab without a mouse, without eyes, on a phone, in the dark: axe has nothing serious to say, and nothing runs off the side. */
import { describe, expect, test } from "vitest";
import { VIEWS } from "../../lab/src/address/address.ts";
import { axe, figureIn, overflow, settled, useLab } from "./browser.ts";

const lab = useLab();
const places: readonly string[] = [
  "#/",
  ...VIEWS.map(
    (view) => `#/${view === "matrices" ? "online-sgd" : view === "pictures" ? "total-variation" : "perceptron"}/${view}?size=60&seeds=1`
  ),
  "#/solve",
  "#/lessons",
  "#/lessons/amp",
  "#/glossary"
];

for (const theme of ["light", "dark"] as const)
  describe(`${theme} theme`, () => {
    for (const place of places)
      test(`${place}: no serious finding of axe, and no sideways scrolling at 360 pixels`, async () => {
        const page = await lab.open(place, { colorScheme: theme, reducedMotion: "reduce" });
        await page.locator("main h1").first().waitFor();
        if (/curve|landscape/.test(place)) await figureIn(page);
        await page.waitForTimeout(1000);
        expect(await axe(page)).toEqual([]);
        await page.setViewportSize({ width: 360, height: 740 });
        await page.waitForTimeout(400);
        expect(await overflow(page)).toBe(0);
        expect(await axe(page)).toEqual([]);
      });
  });

test("a scenario's page is worked by the keyboard alone, in the order it is read", async () => {
  const page = await lab.open("#/perceptron/curve?size=60&seeds=1&along=alpha=0.4:1.6:0.4");
  await figureIn(page);
  await settled(page);
  const names: string[] = [];
  const focused = () =>
    page.evaluate(() => {
      const e = document.activeElement as HTMLElement | null;
      if (!e || e === document.body) return "";
      const box = e.getBoundingClientRect();
      const label = e.getAttribute("aria-label") ?? (e as HTMLInputElement).labels?.[0]?.innerText ?? e.innerText ?? "";
      return `${e.tagName.toLowerCase()} ${label.replace(/\s+/g, " ").trim()}${box.width > 0 ? "" : " (not visible)"}`;
    });
  for (let k = 0; k < 60; k++) {
    await page.keyboard.press("Tab");
    const name = await focused();
    if (name === "" || (k > 3 && name === names[0])) break;
    names.push(name);
  }
  expect(names[0]).toMatch(/Skip to the content/);
  expect(names.filter((name) => name.endsWith("(not visible)"))).toEqual([]);
  const place = (what: RegExp) => names.findIndex((name) => what.test(name));
  const order = [/^a Models/, /^a Theory and simulation/, /^a Convergence/, /^input alpha, slider/].map(place);
  expect(place(/Copy link/), names.join(" | ")).toBeGreaterThan(0);
  expect(
    order.every((at) => at >= 0),
    `${order} of ${names.join(" | ")}`
  ).toBe(true);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  // a view by Enter, its run by the button that has the focus
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Convergence" }).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => page.url()).toContain("/convergence");
  const step = page.getByRole("button", { name: /^step/i }).first();
  await step.waitFor();
  await step.focus();
  await page.keyboard.press("Enter");
  await figureIn(page);
});

/** The lessons as a student meets them: a guess, then the reveal; an exercise wrong, endless, forbidden, and right. */
import { describe, expect, test } from "vitest";
import { lessons } from "../../lab/src/lessons/index.ts";
import { useLab } from "./browser.ts";

const lab = useLab();

interface Exercise {
  readonly id: string;
  readonly title: string;
  readonly name: string;
  readonly start: string;
  readonly solution: string;
}
async function exercisesOf(id: string): Promise<readonly Exercise[]> {
  const module = (await import(`../../lab/src/lessons/${id}/facts.ts`)) as Record<string, unknown>;
  return Object.values(module).flatMap((value) => Object.values((value as { exercises?: Record<string, Exercise> })?.exercises ?? {}));
}

test("there is a course", () => expect(lessons.length).toBeGreaterThanOrEqual(6));

describe.each(lessons.map(({ id, title }) => ({ id, title })))("lesson $id", ({ id, title }) => {
  test("opens, and its exercises pass with the solution and not with the start", { timeout: 120_000 }, async () => {
    const page = await lab.open(`#/lessons/${id}`);
    await page.getByRole("heading", { level: 1, name: title }).waitFor({ timeout: 30_000 });
    const exercises = await exercisesOf(id);
    expect(exercises.length).toBeGreaterThan(0);
    for (const exercise of exercises) {
      const place = page.locator("section.exercise", { has: page.getByRole("heading", { name: exercise.title, exact: true }) });
      const code = place.getByRole("textbox", { name: `Code of ${exercise.name}` });
      const check = place.getByRole("button", { name: "Check" });
      await check.click();
      await place.locator("p.warning").waitFor({ timeout: 30_000 });
      await code.fill(exercise.solution);
      await check.click();
      await place.locator("p.good").waitFor({ timeout: 30_000 });
    }
    expect(await page.locator("main .error").allInnerTexts()).toEqual([]);
  });
});

test("a prediction is revealed once it is made, and not before", async () => {
  const page = await lab.open("#/lessons/amp");
  const predict = page.locator("section.predict").first();
  await predict.waitFor({ timeout: 30_000 });
  expect(await predict.getAttribute("class")).not.toContain("revealed");
  const radio = predict.getByRole("radio").first();
  if (await radio.count()) await radio.check();
  else await predict.getByRole("slider").first().press("ArrowRight");
  await predict.getByRole("button").last().click();
  await expect.poll(() => predict.getAttribute("class")).toContain("revealed");
});

test("a curve that is guessed again is guessed without the answer in sight", async () => {
  const page = await lab.open("#/lessons/magnet");
  const predict = page.locator("section.predict").first();
  await predict.getByRole("button", { name: "Reveal" }).click();
  await predict.getByText("theory", { exact: true }).first().waitFor();
  await predict.getByRole("button", { name: "Guess again" }).click();
  await predict.getByRole("button", { name: "Reveal" }).waitFor();
  expect(await predict.getByText("theory", { exact: true }).count()).toBe(0);
});

test("what was typed and not checked is there after a reload", async () => {
  const page = await lab.open("#/lessons/risk");
  const code = page.locator("section.exercise textarea");
  await code.fill("function prox() { return 7; }");
  await page.reload();
  expect(await code.inputValue()).toBe("function prox() { return 7; }");
});

test("a kind of loss is chosen from a list, not from a slider", async () => {
  const page = await lab.open("#/lessons/risk");
  const list = page.locator(".live .dial").getByRole("combobox");
  await list.selectOption("hinge");
  expect(await page.locator(".live .dials").innerText()).not.toContain("NaN");
});

test("the definition of a word stays on the page of a phone", async () => {
  const page = await lab.open("#/lessons/hard");
  await page.setViewportSize({ width: 360, height: 780 });
  for (const word of await page.locator(".term a").all()) {
    await word.focus();
    const box = await page.getByRole("tooltip").boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
  }
});

test("code that never ends is stopped, and code that reaches out gets nothing", { timeout: 60_000 }, async () => {
  const requests: string[] = [];
  const page = await lab.open("#/lessons/amp");
  page.on("request", (request) => requests.push(request.url()));
  const [exercise] = await exercisesOf("amp");
  const place = page.locator("section.exercise").first();
  await place.waitFor({ timeout: 30_000 });
  const attempt = async (body: string) => {
    await place.getByRole("textbox").fill(`function ${exercise.name}() {\n  ${body}\n}`);
    await place.getByRole("button", { name: "Check" }).click();
    await expect.poll(() => place.getByRole("button", { name: "Check" }).isEnabled(), { timeout: 20_000 }).toBe(true);
    return (await place.locator("p.warning").innerText()).toLowerCase();
  };
  await attempt("while (true) {}");
  await attempt("return new XMLHttpRequest();");
  await attempt("fetch('/reached-by-fetch'); return 0;");
  await attempt("importScripts('/reached-by-import'); return 0;");
  expect(requests.filter((url) => url.includes("reached"))).toEqual([]);
  lab.forgive(/reached/);
});

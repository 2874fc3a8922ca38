/** Whether the page stays alive while it computes: long tasks, frames while dragging, and how soon a cancel is obeyed. */
import { type Line, line, median } from "../timing.ts";
import { atRest, drawn, type Place, type Seen, seenBy } from "./page.ts";

const SWEEPS: Readonly<Record<string, string>> = {
  "longest task on the main thread: a line and 8 seeds at 19 points": "#/perceptron/curve?size=200&seed=1&seeds=8&along=alpha=0.2:2:0.1",
  "longest task on the main thread: a heat map of 20 x 25, 1 seed":
    "#/compressed-sensing/phase?size=60&seed=1&seeds=1&heat=on&x=rho=0.04:0.8:0.04&y=alpha=0.04:1:0.04"
};

/** From the first figure until the sweep is over. */
export async function longestTask(place: Place): Promise<Line[]> {
  const lines: Line[] = [];
  for (const [what, address] of Object.entries(SWEEPS)) {
    const page = await place.open(address);
    const from = await drawn(page);
    await atRest(page);
    const tasks = (await seenBy(page)).tasks.filter(({ start }) => start > from).map(({ duration }) => duration);
    const longest = Math.max(0, ...tasks);
    const measured = tasks.length ? `${longest.toFixed(0)} ms (${tasks.length} over 50 ms)` : "none over 50 ms";
    lines.push(line(what, measured, "<= 50 ms", longest <= 50));
    await page.context().close();
  }
  return lines;
}

/** The slider of alpha in the landscape view is dragged to and fro by a real pointer for three seconds. */
export async function dragging(place: Place): Promise<Line[]> {
  const page = await place.open("#/perceptron/landscape?prior=binary&alpha=1.3&seed=1&seeds=1");
  const slider = page.locator('main input[type=range][aria-valuetext*="α ="]').first();
  await slider.waitFor({ state: "visible", timeout: 60_000 });
  await drawn(page);
  await atRest(page, 1000, 60_000).catch(() => {}); // some views never rest
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  if (!box) throw new Error("the slider of the landscape view has no place on the page");
  const [min, max, value] = await slider.evaluate((e: HTMLInputElement) => [e.min, e.max, e.value].map(Number));
  const x = (part: number) => box.x + 9 + part * (box.width - 18);
  const y = box.y + box.height / 2;
  await page.mouse.move(x((value - min) / (max - min)), y);
  await page.mouse.down();
  await page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: Seen };
    seen.frames = [];
    const tick = (t: number) => {
      seen.frames.push(t);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const pictures = new Set<string>();
  const start = performance.now();
  for (let k = 0; performance.now() - start < 3000; k++) {
    const phase = (performance.now() - start) / 1500;
    await page.mouse.move(x(0.15 + 0.7 * Math.abs((phase % 2) - 1)), y);
    if (k % 5 === 0)
      pictures.add(
        await page.evaluate(() => [...document.querySelectorAll("main svg path[d]")].map((path) => path.getAttribute("d")).join())
      );
    await page.waitForTimeout(6);
  }
  await page.mouse.up();
  const { frames } = await seenBy(page);
  await page.context().close();
  const gaps = frames.slice(1).map((t, k) => t - frames[k]);
  const rate = (1e3 * gaps.length) / (frames[frames.length - 1] - frames[0]);
  const late = Math.max(...gaps);
  const what = `frames a second while alpha is dragged in the landscape view${pictures.size > 3 ? "" : " (THE FIGURE DID NOT MOVE)"}`;
  return [line(what, `${rate.toFixed(0)} (longest gap ${late.toFixed(0)} ms)`, ">= 50", rate >= 50 && pictures.size > 3)];
}

/** A click on Cancel in the middle of long runs: until no worker computes, and until the next sweep has a result. */
export async function cancelling(place: Place): Promise<Line[]> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const page = await place.open(`#/perceptron/curve?size=4000&seed=${1 + 50 * round}&seeds=16&along=alpha=1:3:0.1`);
    const cancel = page.getByRole("button", { name: "Cancel" });
    await page.getByText(/runs along alpha/).waitFor({ timeout: 120_000 });
    await page.waitForTimeout(1500);
    await page.evaluate(() =>
      addEventListener("click", () => Object.assign(globalThis, { clicked: performance.now() }), { capture: true, once: true })
    );
    const busy = (await seenBy(page)).busy;
    await cancel.click();
    await page.waitForFunction(() => (globalThis as unknown as { seen: Seen }).seen.busy === 0, undefined, {
      timeout: 60_000,
      polling: 10
    });
    const clicked = await page.evaluate(() => (globalThis as unknown as { clicked: number }).clicked);
    const { idle } = await seenBy(page);
    if (busy > 0) times.push(Math.max(0, idle - clicked));
    await page.context().close();
  }
  if (times.length === 0) return [line("time from cancel to idle", "no worker was busy", "<= 100 ms", false)];
  const worst = Math.max(...times);
  return [
    line(
      "time from cancel to idle, runs at N = 4000",
      `${median(times).toFixed(0)} ms (worst ${worst.toFixed(0)})`,
      "<= 100 ms",
      worst <= 100
    )
  ];
}

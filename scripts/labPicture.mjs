/** Draws docs/figures/lab.png, the README's picture of the lab, anew: `node scripts/labPicture.mjs`. Needs a Chromium, as the tests do. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { buildLab } from "./lab.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const address = "#/perceptron/curve?prior=binary&alpha=1.35&size=1000&seeds=8";

await buildLab({ single: false });
const server = spawn(process.execPath, [`${root}bin/spinodal.js`, "lab", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
const { url } = JSON.parse(
  await new Promise((resolve) => {
    let said = "";
    server.stdout.on("data", (text) => {
      said += text;
      if (said.includes("}")) resolve(said);
    });
  })
);
const executablePath = [process.env.SPINODAL_CHROMIUM ?? "", "/usr/bin/chromium"].find((path) => path && existsSync(path));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage({ viewport: { width: 1180, height: 860 }, deviceScaleFactor: 1.5, colorScheme: "light" });
  await page.goto(url + address);
  // all dots are there, and then all runs of each
  await page.locator("main .figure-svg svg circle").nth(18).waitFor({ timeout: 300_000 });
  await page.waitForFunction(() => !document.querySelector("main progress"), undefined, { timeout: 300_000 });
  await page.screenshot({ path: `${root}docs/figures/lab.png` });
} finally {
  await browser.close();
  server.kill("SIGINT");
}

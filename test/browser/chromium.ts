/** The Chromium that tests drive: SPINODAL_CHROMIUM, which scripts/test.mjs sets, or the system's. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const executablePath = [
  process.env.SPINODAL_CHROMIUM ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome"
].find((path) => path !== "" && existsSync(path));

export async function launch(more: readonly string[] = []): Promise<Browser> {
  if (!executablePath) throw new Error("no chromium: apt-get install chromium, or set SPINODAL_CHROMIUM");
  const quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({ executablePath, args: [...quiet, ...more] });
}

/** A reader's own files on the page "Your data": dropped, refused where they are no good, solved, and downloaded again. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import * as channels from "../../src/channels/index.ts";
import { make } from "../../src/core/parameters.ts";
import { readNpy, writeNpy } from "../../src/io/npy.ts";
import { denseMatrix } from "../../src/linalg/dense.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import * as priors from "../../src/priors/index.ts";
import { useLab } from "./browser.ts";

const lab = useLab();
const [ROWS, COLS] = [120, 200];

/** Sparse signal, Gaussian matrix, little noise: solved in about twenty sweeps. */
function problem() {
  const rng = makeRng(1, "dropped");
  const x = new Float64Array(COLS);
  make(priors.gaussBernoulli, { rho: 0.1 }).sample(rng.fork("x0"), x);
  const W = denseMatrix(ROWS, COLS);
  W.fillNormal(rng.fork("W"), 1 / Math.sqrt(COLS));
  const z = new Float64Array(ROWS);
  W.apply(x, z);
  const y = new Float64Array(ROWS);
  make(channels.gaussian, { noise: 1e-4 }).sample(rng.fork("y"), z, y);
  return {
    x,
    A: Buffer.from(writeNpy({ data: Float64Array.from(W.data), shape: [ROWS, COLS], scalar: "real" })),
    y: Buffer.from(`${[...y].join("\n")}\n`)
  };
}

/** Dropped as from a file manager. */
async function drop(page: Page, files: readonly { readonly name: string; readonly bytes: Buffer }[]) {
  const carried = files.map(({ name, bytes }) => ({ name, text: bytes.toString("base64") }));
  const data = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, text } of all) transfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    return transfer;
  }, carried);
  const place = page.getByRole("group", { name: "Choose files" });
  await place.dispatchEvent("dragover", { dataTransfer: data });
  await place.dispatchEvent("drop", { dataTransfer: data });
}

test("A and y dropped on the page are solved, and the estimate is downloaded as npy", async () => {
  const page = await lab.open("#/solve?prior=gauss-bernoulli:rho=0.1&channel=gaussian:noise=1e-4");
  const { x, A, y } = problem();
  await drop(page, [
    { name: "A.npy", bytes: A },
    { name: "y.csv", bytes: y }
  ]);
  await page.getByRole("button", { name: "Solve", exact: true }).click();
  await page.getByRole("heading", { name: "Result" }).waitFor({ timeout: 60_000 });
  const files = page.getByRole("group", { name: "Files of the result" });
  const [download] = await Promise.all([page.waitForEvent("download"), files.getByRole("button").first().click()]);
  const { data } = readNpy(readFileSync(await download.path()), "estimate.npy");
  expect(data).toHaveLength(COLS);
  const error = x.reduce((sum, xi, i) => sum + (xi - data[i]) ** 2, 0) / COLS;
  expect(error).toBeLessThan(1e-3);
});

test("files that are no good are refused in a sentence each, and the page goes on", async () => {
  const page = await lab.open("#/solve");
  const { A, y } = problem();
  await drop(page, [
    { name: "cut.npy", bytes: A.subarray(0, 300) },
    { name: "letter.csv", bytes: Buffer.from("Dear Sir,\nplease find no numbers here\n") }
  ]);
  const errors = page.locator("main .error");
  await expect.poll(() => errors.count(), { timeout: 15_000 }).toBe(2);
  const [cut, letter] = await errors.allInnerTexts();
  expect(cut).toMatch(/^cut\.npy: the file is truncated/);
  expect(letter).toContain("letter.csv");
  // of the wrong length: nothing is computed
  await drop(page, [
    { name: "A.npy", bytes: A },
    { name: "y.csv", bytes: Buffer.from(`${y.toString().trim().split("\n").slice(1).join("\n")}\n`) }
  ]);
  await expect.poll(() => page.locator("main").innerText(), { timeout: 15_000 }).toMatch(/119/);
  expect(await page.getByRole("heading", { name: "Result" }).count()).toBe(0);
});

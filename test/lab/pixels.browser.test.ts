/**
 * Two saved figures against pictures of them: what no test of text sees, a line off its axis or a colour gone. Drawn anew, after a change that
 * was meant, by `SPINODAL_PIXELS=draw npx vitest run test/lab/pixels.browser.test.ts`, and looked at.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { figureIn, saved, settled, useLab } from "./browser.ts";

const lab = useLab();
const pictures = {
  curve: "#/perceptron/curve?prior=binary&size=100&seeds=2&along=alpha=0.4:1.8:0.2",
  landscape: "#/perceptron/landscape?prior=binary&alpha=1.35"
};

for (const [name, address] of Object.entries(pictures))
  test(`${name}: fewer than one pixel in a hundred differs from the picture`, async () => {
    const page = await lab.open(address);
    await figureIn(page);
    await settled(page);
    const { bytes } = await saved(page, "PNG");
    const file = join(import.meta.dirname, `pixels/${name}.png`);
    if (process.env.SPINODAL_PIXELS === "draw") writeFileSync(file, bytes);
    const share = await page.evaluate(
      async ([one, other]) => {
        const pixels = async (text: string) => {
          const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], { type: "image/png" }));
          const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
          pen?.drawImage(bitmap, 0, 0);
          return pen?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? new Uint8ClampedArray();
        };
        const [a, b] = await Promise.all([pixels(one), pixels(other)]);
        if (a.length !== b.length) return 1;
        let differ = 0;
        for (let k = 0; k < a.length; k += 4)
          if (Math.abs(a[k] - b[k]) + Math.abs(a[k + 1] - b[k + 1]) + Math.abs(a[k + 2] - b[k + 2]) > 96) differ += 1;
        return differ / (a.length / 4);
      },
      [bytes.toString("base64"), readFileSync(file).toString("base64")] as const
    );
    expect(share).toBeLessThan(0.01);
  });

// The digits, as rows of 64 pixels in [0, 1], in their fixed split: 1200 to train on, 300 to choose by, 297 that nothing has seen.
import { fileURLToPath } from "node:url";
import { readArrayFile } from "spinodal/node";

const pixels = 64;

/** `training`, `validation`, `heldOut`: row-major, count x 64; `labels` of the same three. */
export function readDigits() {
  const { data } = readArrayFile(fileURLToPath(new URL("digits.npy", import.meta.url)));
  const part = (from, to) => {
    const x = new Float64Array((to - from) * pixels);
    for (let mu = from; mu < to; mu++) for (let i = 0; i < pixels; i++) x[(mu - from) * pixels + i] = data[mu * 65 + i] / 16;
    return x;
  };
  return {
    training: part(0, 1200),
    validation: part(1200, 1500),
    heldOut: part(1500, 1797),
    labels: Array.from({ length: 1797 }, (_, mu) => data[mu * 65 + 64])
  };
}

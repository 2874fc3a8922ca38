/** Tasks and models of pictures in words; the ids are those of src/experiments/imageTask.ts. */
import type { ImageTask } from "../../../src/experiments/imageTask.ts";

export const IMAGE_TASKS = ["denoise", "inpaint", "compress"] as const satisfies readonly ImageTask["task"][];
export const IMAGE_MODELS = ["total-variation", "wavelets", "cosines"] as const satisfies readonly ImageTask["model"][];

export const taskWords: Readonly<Record<ImageTask["task"], { readonly title: string; readonly about: string }>> = {
  denoise: { title: "Denoise", about: "every pixel is seen, with noise" },
  inpaint: { title: "Fill holes", about: "a random share of the pixels is seen, with noise" },
  compress: { title: "Compressive sensing", about: "random projections of the whole picture, fewer than pixels, with noise" }
};
export const modelWords: Readonly<Record<ImageTask["model"], { readonly title: string; readonly about: string }>> = {
  "total-variation": {
    title: "Total variation",
    about: "few edges: the most probable picture with a small sum of gradients; no error bars"
  },
  wavelets: { title: "Haar wavelets", about: "few wavelet coefficients; how many and how large is learned, with error bars" },
  cosines: { title: "Cosines", about: "few frequencies; how many and how large is learned, with error bars" }
};

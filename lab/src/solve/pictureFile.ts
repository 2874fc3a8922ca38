/** A picture file as grey values: decoded by the browser, its middle square scaled to the side asked for. */

export interface GreyPicture {
  readonly name: string;
  readonly side: number;
  /** 0 black, 1 white, row by row. */
  readonly pixels: Float64Array;
}

/** Luma of 8-bit RGBA (ITU-R BT.601), over white where transparent. */
export function greyOf(rgba: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: rgba.length / 4 }, (_, k) => {
    const alpha = rgba[4 * k + 3] / 255;
    const luma = (0.299 * rgba[4 * k] + 0.587 * rgba[4 * k + 1] + 0.114 * rgba[4 * k + 2]) / 255;
    return alpha * luma + 1 - alpha;
  });
}

/** Throws an Error with one sentence when the browser cannot read it. */
export async function readPicture(file: File, side: number): Promise<GreyPicture> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error(`${file.name}: this browser cannot read it as a picture; give a PNG, a JPEG or a WebP.`);
  }
  const canvas = document.createElement("canvas");
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser has no canvas to scale pictures with.");
  const least = Math.min(bitmap.width, bitmap.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, (bitmap.width - least) / 2, (bitmap.height - least) / 2, least, least, 0, 0, side, side);
  bitmap.close();
  return { name: file.name, side, pixels: greyOf(context.getImageData(0, 0, side, side).data) };
}

/** Ellipses of the phantom of Shepp and Logan 1974 with the contrasts of Toft 1996: value, half axes, centre, angle in degrees. */
const ELLIPSES: readonly (readonly [number, number, number, number, number, number])[] = [
  [1, 0.69, 0.92, 0, 0, 0],
  [-0.8, 0.6624, 0.874, 0, -0.0184, 0],
  [-0.2, 0.11, 0.31, 0.22, 0, -18],
  [-0.2, 0.16, 0.41, -0.22, 0, 18],
  [0.1, 0.21, 0.25, 0, 0.35, 0],
  [0.1, 0.046, 0.046, 0, 0.1, 0],
  [0.1, 0.046, 0.046, 0, -0.1, 0],
  [0.1, 0.046, 0.023, -0.08, -0.605, 0],
  [0.1, 0.023, 0.023, 0, -0.606, 0],
  [0.1, 0.023, 0.046, 0.06, -0.605, 0]
];

/** The picture of a visitor who has none: a head in a scanner. */
export function phantom(side: number): GreyPicture {
  const pixels = Float64Array.from({ length: side * side }, (_, k) => {
    const x = (2 * (k % side) + 1) / side - 1;
    const y = 1 - (2 * Math.floor(k / side) + 1) / side;
    let sum = 0;
    for (const [value, a, b, cx, cy, degrees] of ELLIPSES) {
      const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      const [u, v] = [c * (x - cx) + s * (y - cy), c * (y - cy) - s * (x - cx)];
      if ((u / a) ** 2 + (v / b) ** 2 <= 1) sum += value;
    }
    return Math.max(0, Math.min(1, sum));
  });
  return { name: "phantom", side, pixels };
}

/** Figures as files: the SVG as drawn, PNG by way of a canvas, PDF with vectors and embedded fonts; each made when it is asked for. */
import { faces, fontStyle } from "./font.ts";

/** Hands a file to the browser's downloads. */
export function download(data: Blob | string, file: string, type = "text/plain"): void {
  const url = URL.createObjectURL(typeof data === "string" ? new Blob([data], { type: `${type};charset=utf-8` }) : data);
  const link = document.createElement("a");
  link.href = url;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const found = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg);
  return found ? { width: Number(found[1]), height: Number(found[2]) } : { width: 600, height: 400 };
}

/** `scale` pixels for each unit of the figure. */
export async function toPng(svg: string, scale = 2): Promise<Blob> {
  const { width, height } = sizeOf(svg);
  const open = svg.indexOf(">") + 1;
  const alone = svg.slice(0, open) + (await fontStyle()) + svg.slice(open);
  const image = new Image();
  const url = URL.createObjectURL(new Blob([alone], { type: "image/svg+xml" }));
  try {
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("this browser gives no canvas to draw on; save the SVG");
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture could not be written; save the SVG"))), "image/png")
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** One page, the size of the figure in points. */
export async function toPdf(svg: string, title: string): Promise<Blob> {
  const { svgToPdf } = await import("./pdf.ts");
  return svgToPdf(svg, title, sizeOf(svg), await faces());
}

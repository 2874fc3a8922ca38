/** PDF of a figure by pdfkit, as on the command line; a chunk of its own, loaded for the first PDF. */
import PDFDocument from "pdfkit";
import draw from "svg-to-pdfkit";
import type { Faces } from "./font.ts";

export function svgToPdf(
  svg: string,
  title: string,
  { width, height }: { readonly width: number; readonly height: number },
  { upright, italic }: Faces
): Promise<Blob> {
  return new Promise((resolve, reject) => {
    // no standard font is asked for: the browser's pdfkit has none, and the figure brings its own
    const document = new PDFDocument({ size: [width, height], margin: 0, font: "", info: { Title: title, Creator: "Spinodal" } });
    document.registerFont("upright", upright.buffer).registerFont("italic", italic.buffer);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    document.on("data", (chunk: Uint8Array<ArrayBuffer>) => chunks.push(chunk));
    document.on("end", () => resolve(new Blob(chunks, { type: "application/pdf" })));
    document.on("error", reject);
    const fontCallback = (_family: string, _bold: boolean, slanted: boolean) => (slanted ? "italic" : "upright");
    draw(document, svg, 0, 0, { width, height, assumePt: true, fontCallback });
    document.end();
  });
}

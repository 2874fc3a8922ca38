/** SVG figures as PNG (resvg, WebAssembly) and PDF (vector, fonts embedded); both load only when a file is made. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { FONT } from "../figures/markup.ts";

const require = createRequire(import.meta.url);

/** STIX Two Text, SIL Open Font Licence: the letters of the papers, Greek included. */
async function fonts(): Promise<{ readonly upright: Uint8Array; readonly italic: Uint8Array }> {
  const file = (style: string) => readFile(require.resolve(`@expo-google-fonts/stix-two-text/${style}/STIXTwoText_${style}.ttf`));
  const [upright, italic] = await Promise.all([file("400Regular"), file("400Regular_Italic")]);
  return { upright, italic };
}

let ready: Promise<typeof import("@resvg/resvg-wasm")> | null = null;

function resvg(): Promise<typeof import("@resvg/resvg-wasm")> {
  ready ??= (async () => {
    const library = await import("@resvg/resvg-wasm");
    await library.initWasm(await readFile(require.resolve("@resvg/resvg-wasm/index_bg.wasm")));
    return library;
  })();
  return ready;
}

/** `scale` pixels for each unit of the figure; 3 is 216 dots per inch. */
export async function toPng(svg: string, options: { readonly scale?: number } = {}): Promise<Uint8Array> {
  const [{ Resvg }, { upright, italic }] = await Promise.all([resvg(), fonts()]);
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: options.scale ?? 3 },
    font: { fontBuffers: [upright, italic], defaultFontFamily: FONT, serifFamily: FONT, loadSystemFonts: false }
  });
  try {
    return image.render().asPng();
  } finally {
    image.free();
  }
}

/** One page, the size of the figure in points. */
export async function toPdf(svg: string, info: { readonly title?: string } = {}): Promise<Uint8Array> {
  const [{ default: PDFDocument }, { default: draw }, { upright, italic }] = await Promise.all([
    import("pdfkit"),
    import("svg-to-pdfkit"),
    fonts()
  ]);
  const size = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg);
  const [width, height] = size ? [Number(size[1]), Number(size[2])] : [600, 400];
  const document = new PDFDocument({ size: [width, height], margin: 0, info: { Title: info.title ?? "figure", Creator: "Spinodal" } });
  document.registerFont("upright", Buffer.from(upright)).registerFont("italic", Buffer.from(italic));
  const chunks: Buffer[] = [];
  const finished = new Promise<void>((resolve, reject) => {
    document.on("data", (chunk: Buffer) => chunks.push(chunk));
    document.on("end", resolve);
    document.on("error", reject);
  });
  draw(document, svg, 0, 0, { width, height, assumePt: true, fontCallback: (_family, _bold, slanted) => (slanted ? "italic" : "upright") });
  document.end();
  await finished;
  return new Uint8Array(Buffer.concat(chunks));
}

/** STIX Two Text for files that are saved (SIL Open Font Licence): fetched when the first one is made. */
import italicUrl from "@expo-google-fonts/stix-two-text/400Regular_Italic/STIXTwoText_400Regular_Italic.ttf?url";
import uprightUrl from "@expo-google-fonts/stix-two-text/400Regular/STIXTwoText_400Regular.ttf?url";
import { FONT } from "../../../src/experiments/figures/markup.ts";

export interface Faces {
  readonly upright: Uint8Array<ArrayBuffer>;
  readonly italic: Uint8Array<ArrayBuffer>;
}

let loading: Promise<Faces> | null = null;

export function faces(): Promise<Faces> {
  loading ??= (async () => {
    const [upright, italic] = await Promise.all([uprightUrl, italicUrl].map(bytesOf));
    return { upright, italic };
  })();
  loading.catch(() => {
    loading = null;
  });
  return loading;
}

async function bytesOf(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`the font of figures could not be read (${answer.status}); try again, or save the SVG`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Style of an SVG that stands alone: an image sees no font of the page. */
export async function fontStyle(): Promise<string> {
  const { upright, italic } = await faces();
  const face = (style: string, bytes: Uint8Array) =>
    `@font-face{font-family:"${FONT}";font-style:${style};src:url(data:font/ttf;base64,${base64(bytes)})}`;
  return `<style>${face("normal", upright)}${face("italic", italic)}</style>`;
}

export function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let k = 0; k < bytes.length; k += 0x8000) binary += String.fromCharCode(...bytes.subarray(k, k + 0x8000));
  return btoa(binary);
}

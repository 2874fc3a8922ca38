/** Instantiates the WebAssembly modules that scripts/wasm.mjs embeds; the same code on Node, in browsers and in workers. */

const modules = new Map<string, WebAssembly.Module>();

/** Bytes of one WebAssembly page, and how many a 32-bit memory can have. */
export const PAGE = 65536;
export const MAX_PAGES = 65536;

/** Compiles once, synchronously (the modules are a few kilobytes), then instantiates over `memory`. */
export function instantiate<Exports>(base64: string, memory: WebAssembly.Memory): Exports {
  let module = modules.get(base64);
  if (!module) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
    module = new WebAssembly.Module(bytes);
    modules.set(base64, module);
  }
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
}

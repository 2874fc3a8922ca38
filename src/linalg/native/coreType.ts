/**
 * The kernels OpenBLAS should use. Debian's 0.3.21 does not know processors newer than itself and falls back to SSE3 (5 times
 * slower), so the choice is made from the processor's flags and handed over as OPENBLAS_CORETYPE before the library is opened.
 */

/** "SkylakeX", "Zen" or "Haswell" for an x86 Linux, else null: elsewhere OpenBLAS decides by itself. */
export function coreType(platform: string, arch: string, readFile: (path: string, encoding: string) => string): string | null {
  if (platform !== "linux" || arch !== "x64") return null;
  let cpu: string;
  try {
    cpu = readFile("/proc/cpuinfo", "utf8");
  } catch {
    return null;
  }
  return coreTypeOf(cpu);
}

/** The same from the text of /proc/cpuinfo. */
export function coreTypeOf(cpuinfo: string): string | null {
  const flags = new Set((/^flags\s*:\s*(.*)$/m.exec(cpuinfo)?.[1] ?? "").split(/\s+/));
  if (["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"].every((f) => flags.has(f))) return "SkylakeX";
  if (!flags.has("avx2") || !flags.has("fma")) return null;
  return /AuthenticAMD/.test(cpuinfo) ? "Zen" : "Haswell";
}

/**
 * A system OpenBLAS with LAPACK, called through koffi by its Fortran symbols. Nothing is imported statically: on a host without
 * Node, without koffi or without the library, `loadOpenblas` answers with the sentence that says how to get it.
 */
import type { Scalar } from "../../core/types.ts";
import { coreType } from "./coreType.ts";

type Numbers = Float64Array | Float32Array;
type Fortran = (...args: readonly unknown[]) => void;

interface KoffiLibrary {
  func(name: string, result: string, args: readonly string[]): (...args: readonly unknown[]) => unknown;
}
interface Koffi {
  load(path: string): KoffiLibrary;
}
interface NodeProcess {
  readonly platform: string;
  readonly arch: string;
  readonly env: Record<string, string | undefined>;
  getBuiltinModule?(name: string): unknown;
}

/** All matrices row-major, complex interleaved; inputs are overwritten where it says so. */
export interface OpenBlas {
  readonly path: string;
  readonly version: string;
  readonly advice: string | null;
  core(): string;
  threads(): number;
  setThreads(n: number): void;
  gemm(m: number, n: number, k: number, A: Numbers, adjoint: boolean, B: Numbers, C: Numbers, scalar: Scalar): void;
  /** y = A x, or A^* x. */
  gemv(rows: number, cols: number, A: Numbers, adjoint: boolean, x: Numbers, y: Numbers, scalar: Scalar): void;
  /** A (n x n, overwritten by the eigenvectors as rows, conjugated if complex), values ascending. Returns LAPACK's info. */
  eigen(n: number, A: Float64Array, values: Float64Array, vectors: boolean, scalar: Scalar): number;
  /** A (rows x cols, destroyed) = U diag(s) Vh, thin; only s where U and Vh are empty. Returns LAPACK's info. */
  svd(rows: number, cols: number, A: Float64Array, U: Float64Array, s: Float64Array, Vh: Float64Array, scalar: Scalar): number;
  /** A (n x n) becomes L in its lower triangle; the upper one keeps what it had. Returns 0, or the 1-based failing pivot. */
  cholesky(n: number, A: Float64Array, scalar: Scalar): number;
}

const int = (n: number): Int32Array => new Int32Array([n]);

/** Opens the library once per process or worker. `threads` null: one in a worker, all processors otherwise. */
export function loadOpenblas(threads: number | null): OpenBlas | string {
  const node = (globalThis as { process?: NodeProcess }).process;
  if (!node?.getBuiltinModule) return "the OpenBLAS backend needs Node; browsers use the WebAssembly kernels";
  const { createRequire } = node.getBuiltinModule("node:module") as { createRequire(from: string): (id: string) => unknown };
  const { isMainThread } = node.getBuiltinModule("node:worker_threads") as { isMainThread: boolean };
  const { readFileSync } = node.getBuiltinModule("node:fs") as { readFileSync(path: string, encoding: string): string };
  const { availableParallelism } = node.getBuiltinModule("node:os") as { availableParallelism(): number };
  let koffi: Koffi;
  try {
    koffi = createRequire(import.meta.url)("koffi") as Koffi;
  } catch {
    return "5 to 40 times faster matrix products and decompositions: npm install koffi, and a system OpenBLAS (Debian: apt-get install libopenblas0)";
  }
  const wanted = coreType(node.platform, node.arch, readFileSync);
  if (wanted && !node.env.OPENBLAS_CORETYPE) setEnvironment(koffi, node, "OPENBLAS_CORETYPE", wanted);
  const names = node.env.SPINODAL_OPENBLAS
    ? [node.env.SPINODAL_OPENBLAS]
    : node.platform === "darwin"
      ? ["libopenblas.dylib", "/opt/homebrew/opt/openblas/lib/libopenblas.dylib", "/usr/local/opt/openblas/lib/libopenblas.dylib"]
      : node.platform === "win32"
        ? ["libopenblas.dll", "openblas.dll"]
        : ["libopenblas.so.0", "libopenblas.so", "libopenblasp.so.0"];
  for (const path of names) {
    try {
      return bind(koffi.load(path), path, threads ?? (isMainThread ? availableParallelism() : 1));
    } catch {
      // The next name; a library without LAPACK fails here as well.
    }
  }
  const install =
    node.platform === "darwin"
      ? "brew install openblas"
      : node.platform === "win32"
        ? "put libopenblas.dll on the PATH"
        : "apt-get install libopenblas0";
  return `5 to 40 times faster matrix products and decompositions: ${install} (or point SPINODAL_OPENBLAS to the library); tried ${names.join(", ")}`;
}

/** The C library's own environment: in a worker, process.env is a copy that OpenBLAS never sees. */
function setEnvironment(koffi: Koffi, node: NodeProcess, name: string, value: string): void {
  try {
    const libc = koffi.load(node.platform === "darwin" ? "libSystem.dylib" : "libc.so.6");
    libc.func("setenv", "int", ["str", "str", "int"])(name, value, 1);
  } catch {
    node.env[name] = value;
  }
}

function bind(library: KoffiLibrary, path: string, wantedThreads: number): OpenBlas {
  const word = (name: string): string => String(library.func(name, "str", [])());
  const core = (): string => word("openblas_get_corename");
  const getThreads = library.func("openblas_get_num_threads", "int", []);
  const setThreads = library.func("openblas_set_num_threads", "void", ["int"]);
  const bound = new Map<string, Fortran>();
  /** `signature`: c for a character, i for int*, and p for any array. */
  const fortran = (name: string, signature: string): Fortran => {
    let f = bound.get(name);
    if (!f) {
      const types = [...signature].map((t) => (t === "c" ? "str" : t === "i" ? "int*" : "void*"));
      f = library.func(`${name}_`, "void", types) as Fortran;
      bound.set(name, f);
    }
    return f;
  };
  // Bound at once, so that a library without LAPACK is refused here.
  fortran("dsyevd", "ccipippipii");
  fortran("dgesdd", "ciipippipipipi");
  setThreads(wantedThreads);
  const version = /OpenBLAS (\S+)/.exec(word("openblas_get_config"))?.[1] ?? "unknown";
  const slow = /^(Prescott|Core2|Generic|generic)$/.test(core());

  const constant = (like: Numbers, re: number, im: number): Numbers =>
    like instanceof Float32Array ? new Float32Array([re, im]) : new Float64Array([re, im]);
  const letter = (like: Numbers, scalar: Scalar): string =>
    like instanceof Float32Array ? (scalar === "complex" ? "c" : "s") : scalar === "complex" ? "z" : "d";

  return {
    path,
    version,
    advice: slow
      ? `OpenBLAS ${version} does not know this processor and uses its ${core()} kernels: start with OPENBLAS_CORETYPE=Haswell (or SkylakeX, Zen)`
      : null,
    core,
    threads: () => Number(getThreads()),
    setThreads: (n) => void setThreads(n),
    gemm(m, n, k, A, adjoint, B, C, scalar) {
      if (m === 0 || n === 0) return;
      // Row-major C = op(A) B is column-major C^T = B^T op(A)^T. The conjugate of a column-major "no transpose" has no
      // letter in BLAS, so a complex adjoint conjugates a copy of A first.
      let left = A;
      if (adjoint && scalar === "complex") {
        left = A.slice();
        for (let i = 1; i < left.length; i += 2) left[i] = -left[i];
      }
      fortran(`${letter(A, scalar)}gemm`, "cciiippipippi")(
        "N",
        adjoint ? "T" : "N",
        int(n),
        int(m),
        int(k),
        constant(A, 1, 0),
        B,
        int(n),
        left,
        int(adjoint ? m : k),
        constant(A, 0, 0),
        C,
        int(n)
      );
    },
    gemv(rows, cols, A, adjoint, x, y, scalar) {
      // Column-major A^T: "T" gives A x; "N" gives A^T x, conjugated around for complex: A^* x = conj(A^T conj(x)).
      const conjugate = adjoint && scalar === "complex";
      const input = conjugate ? x.slice() : x;
      if (conjugate) for (let i = 1; i < input.length; i += 2) input[i] = -input[i];
      fortran(`${letter(A, scalar)}gemv`, "ciippipippi")(
        adjoint ? "N" : "T",
        int(cols),
        int(rows),
        constant(A, 1, 0),
        A,
        int(cols),
        input,
        int(1),
        constant(A, 0, 0),
        y,
        int(1)
      );
      if (conjugate) for (let i = 1; i < y.length; i += 2) y[i] = -y[i];
    },
    eigen(n, A, values, vectors, scalar) {
      const job = vectors ? "V" : "N";
      const info = int(0);
      const size = new Float64Array(2);
      const iSize = int(0);
      if (scalar === "real") {
        const call = fortran("dsyevd", "ccipippipii");
        call(job, "L", int(n), A, int(n), values, size, int(-1), iSize, int(-1), info);
        call(job, "L", int(n), A, int(n), values, new Float64Array(size[0]), int(size[0]), new Int32Array(iSize[0]), int(iSize[0]), info);
      } else {
        const call = fortran("zheevd", "ccipippipipii");
        const rSize = new Float64Array(1);
        call(job, "L", int(n), A, int(n), values, size, int(-1), rSize, int(-1), iSize, int(-1), info);
        call(
          job,
          "L",
          int(n),
          A,
          int(n),
          values,
          new Float64Array(2 * size[0]),
          int(size[0]),
          new Float64Array(rSize[0]),
          int(rSize[0]),
          new Int32Array(iSize[0]),
          int(iSize[0]),
          info
        );
      }
      return info[0];
    },
    svd(rows, cols, A, U, s, Vh, scalar) {
      // Column-major A^T = (Vh)^T diag(s) U^T: LAPACK's U is our Vh and its V^T our U, both in place.
      const k = Math.min(rows, cols);
      const info = int(0);
      const size = new Float64Array(2);
      const iWork = new Int32Array(8 * k);
      // zgesdd with job N crashes in OpenBLAS 0.3.21 (too small a workspace of its own): complex values alone ask for the vectors too.
      const vectors = U.length > 0;
      const spare = (n: number) => new Float64Array(!vectors && scalar === "complex" ? 2 * n * k : 0);
      const [left, right] = vectors ? [Vh, U] : [spare(cols), spare(rows)];
      const head = [left.length ? "S" : "N", int(cols), int(rows), A, int(cols), s, left, int(cols), right, int(k)];
      if (scalar === "real") {
        const call = fortran("dgesdd", "ciipippipipipi");
        call(...head, size, int(-1), iWork, info);
        call(...head, new Float64Array(size[0]), int(size[0]), iWork, info);
      } else {
        const call = fortran("zgesdd", "ciipippipipippi");
        const M = Math.max(rows, cols);
        const rWork = new Float64Array(k * Math.max(5 * k + 7, 2 * M + 2 * k + 1));
        call(...head, size, int(-1), rWork, iWork, info);
        call(...head, new Float64Array(2 * size[0]), int(size[0]), rWork, iWork, info);
      }
      return info[0];
    },
    cholesky(n, A, scalar) {
      const info = int(0);
      fortran(`${scalar === "complex" ? "z" : "d"}potrf`, "cipii")("U", int(n), A, int(n), info);
      return info[0];
    }
  };
}

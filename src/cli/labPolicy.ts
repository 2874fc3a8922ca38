/**
 * What the lab's files may do, as content security policies. The page's is also written into dist/lab/index.html when it is built,
 * so that it holds on hosts that send no headers; a host that does can send these (docs/lab.md).
 */

/** No inline script or style, nothing from elsewhere. Who may embed the page is the host's to say, so frame-ancestors is absent. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'"
].join("; ");

/** Workers that compute: random numbers and gemm are WebAssembly. */
const WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
/** The worker that runs a reader's code: it may compile text, and reaches nothing. */
const SANDBOX_POLICY = "default-src 'none'; script-src 'self' 'unsafe-eval'; connect-src 'none'";

/** The policy of a file of dist/lab, by its path; workers have policies of their own, which their scripts' responses carry. */
export function policyOf(path: string): string {
  if (/sandbox[\w.]*-[\w-]+\.js$/i.test(path)) return SANDBOX_POLICY;
  return /\.worker-[\w-]+\.js$/.test(path) ? WORKER_POLICY : PAGE_POLICY;
}

/** Peak signal to noise in dB, the peak being white, 1. */
export function psnr(mse: number): number {
  return -10 * Math.log10(mse);
}

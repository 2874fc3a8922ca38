/** Numbers in running text, as figures write them on their axes but without markup. */
export function plain(value: number, digits = 4): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e5 && size >= 1e-3) return String(Number(value.toPrecision(digits))).replace("-", "−");
  const [mantissa, exponent] = value.toExponential(Math.max(0, digits - 2)).split("e");
  const power = [...String(Number(exponent))].map((c) => ({ "-": "⁻" })[c] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).join("");
  const short = String(Number(mantissa)).replace("-", "−");
  return short === "1" ? `10${power}` : short === "−1" ? `−10${power}` : `${short}×10${power}`;
}

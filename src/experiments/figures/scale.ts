/** Linear and logarithmic scales with the ticks a paper would have: round numbers, a true minus, powers of ten as 10 to the k. */
import { round } from "./markup.ts";

export interface Tick {
  readonly value: number;
  /** Markup; empty for a minor tick. */
  readonly label: string;
}
export interface Scale {
  readonly log: boolean;
  readonly domain: readonly [number, number];
  /** Domain to pixels. */
  at(value: number): number;
  readonly ticks: readonly Tick[];
}

/** A domain of no width is widened; about `count` labelled ticks. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number], count = 6): Scale {
  const [d0, d1] = widened(domain);
  const step = niceStep((d1 - d0) / count);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(d0 / step - 1e-9);
  const last = Math.floor(d1 / step + 1e-9);
  const big = Math.max(Math.abs(d0), Math.abs(d1));
  const ticks: Tick[] = [];
  for (let k = first; k <= last; k++) {
    const value = Number((k * step).toPrecision(12));
    ticks.push({ value, label: big >= 1e5 || big < 1e-3 ? scientific(value, step) : minus(value.toFixed(digits)) });
  }
  return { log: false, domain: [d0, d1], at: (v) => range[0] + ((v - d0) / (d1 - d0)) * (range[1] - range[0]), ticks };
}

/** Needs a domain above 0. Decades are labelled, thinned if there are many; under one decade 1-2-5 numbers are. */
export function logScale(domain: readonly [number, number], range: readonly [number, number], most = 8): Scale {
  const [d0, d1] = domain[0] === domain[1] ? [domain[0] / 2, domain[0] * 2] : domain;
  const [l0, l1] = [Math.log10(d0), Math.log10(d1)];
  const at = (v: number) => range[0] + ((Math.log10(v) - l0) / (l1 - l0)) * (range[1] - range[0]);
  const ticks: Tick[] = [];
  const decades = Math.floor(l1 + 1e-9) - Math.ceil(l0 - 1e-9) + 1;
  const every = Math.max(1, Math.ceil(decades / most));
  for (let k = Math.floor(l0); k <= Math.ceil(l1); k++)
    for (let m = 1; m < 10; m++) {
      const value = Number(`${m}e${k}`);
      if (value < d0 * (1 - 1e-9) || value > d1 * (1 + 1e-9)) continue;
      if (m === 1) ticks.push({ value, label: k % every === 0 ? power(k) : "" });
      else if (decades < 2 && (m === 2 || m === 5)) ticks.push({ value, label: k >= -3 && k <= 4 ? plain(value) : `${m}×${power(k)}` });
      else if (every === 1) ticks.push({ value, label: "" });
    }
  return { log: true, domain: [d0, d1], at, ticks };
}

export function power(k: number): string {
  return k === 0 ? "1" : k === 1 ? "10" : `10^{${minus(String(k))}}`;
}

/** 1 digit to 4 digits as they are, else mantissa times power of ten. */
export function plain(value: number, digits = 4): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return scientific(value);
  return minus(String(Number(value.toPrecision(digits))));
}

/** Mantissa times power of ten, with the digits that tell values `step` apart (3 when no step is given). */
function scientific(value: number, step?: number): string {
  if (value === 0) return "0";
  const exponent = Math.floor(Math.log10(Math.abs(value)) + 1e-12);
  const digits = step ? Math.max(0, exponent - Math.floor(Math.log10(step) + 1e-9)) : 2;
  const mantissa = Number((value / 10 ** exponent).toFixed(Math.min(15, digits)));
  if (Math.abs(mantissa) === 1) return `${mantissa < 0 ? "−" : ""}${power(exponent)}`;
  return `${minus(String(mantissa))}×${power(exponent)}`;
}

export function minus(number: string): string {
  return number.replace("-", "−");
}

function niceStep(rough: number): number {
  const decade = 10 ** Math.floor(Math.log10(rough));
  const mantissa = rough / decade;
  return (mantissa <= 1.05 ? 1 : mantissa <= 2.1 ? 2 : mantissa <= 5.2 ? 5 : 10) * decade;
}

function widened([a, b]: readonly [number, number]): [number, number] {
  if (b > a) return [a, b];
  const half = Math.abs(a) > 0 ? Math.abs(a) * 0.1 : 0.5;
  return [a - half, a + half];
}

/** Smallest interval around the values with a margin of `pad` of its length; `hard` ends are never crossed. */
export function extent(
  values: readonly number[],
  pad: number,
  hard: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (!(high >= low)) return [0, 1];
  const margin = (high - low || Math.abs(high) || 1) * pad;
  return [Math.max(low - margin, Math.min(hard[0], low)), Math.min(high + margin, Math.max(hard[1], high))];
}

/** SVG path data; starts anew after a null. */
export function path(points: readonly (readonly [number, number] | null)[]): string {
  let d = "";
  let open = false;
  for (const p of points) {
    if (!p) open = false;
    else {
      d += `${open ? "L" : "M"}${round(p[0])},${round(p[1])}`;
      open = true;
    }
  }
  return d;
}

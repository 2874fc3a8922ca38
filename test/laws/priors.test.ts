/** The laws every prior obeys, at the defaults and at points drawn from its declared ranges: a new prior is tested by being registered. */
import { describe, expect, test } from "vitest";
import { make } from "../../src/core/parameters.ts";
import type { Family, Field, Params, Prior, Vec } from "../../src/core/types.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import * as priors from "../../src/priors/index.ts";

const families = Object.values(priors) as unknown as Family<Prior>[];
const POINTS = 5;

/** The defaults, then points drawn from the ranges (lists keep their default length); a point that a cross rule refuses is drawn again. */
function points(family: Family<Prior>): Record<string, number | string | number[]>[] {
  const rng = makeRng(20, family.id);
  const draw = (p: Params[string]): number | string | number[] => {
    switch (p.kind) {
      case "choice":
        return p.options[Math.floor(rng.uniform() * p.options.length)];
      case "brick":
      case "layers":
      case "file":
        return p.default;
      case "list":
        return p.default.map(() => p.min + (p.max - p.min) * rng.uniform());
      default: {
        const u = rng.uniform();
        const x = p.scale === "log" ? p.min * (p.max / p.min) ** u : p.min + u * (p.max - p.min);
        return p.kind === "integer" ? Math.round(x) : x;
      }
    }
  };
  const list: Record<string, number | string | number[]>[] = [{}];
  for (let tries = 0; list.length <= (Object.keys(family.params).length ? POINTS : 0) && tries < 100; tries++) {
    const point = Object.fromEntries(Object.entries(family.params).map(([k, p]) => [k, draw(p)]));
    try {
      make(family, point);
      list.push(point);
    } catch {}
  }
  // the corners of each scalar range, one at a time
  for (const [k, p] of Object.entries(family.params))
    if (p.kind === "real")
      for (const x of [p.min, p.max])
        try {
          make(family, { [k]: x });
          list.push({ [k]: x });
        } catch {}
  return list;
}

function posterior(prior: Prior, a: number, b: Vec): { mean: Vec; variance: Vec } {
  const mean = new Float64Array(b.length);
  const variance = new Float64Array(prior.scalar === "complex" ? b.length / 2 : b.length);
  prior.posterior(Float64Array.of(a), b, mean, variance);
  return { mean, variance };
}
function logPartition(prior: Prior, a: number, b: Vec): Vec {
  const out = new Float64Array(prior.scalar === "complex" ? b.length / 2 : b.length);
  prior.logPartition(Float64Array.of(a), b, out);
  return out;
}
const average = (f: Field, value: (k: number) => number): number => f.weight.reduce((s, w, k) => s + w * value(k), 0);
/** E |<x>|^2, E variance and E log Z on the matched line of precision r. */
function matched(prior: Prior, r: number): { q: number; mmse: number; psi: number } {
  const f = prior.field(r, r);
  const { mean, variance } = posterior(prior, r, f.input);
  const logZ = logPartition(prior, r, f.input);
  const square = prior.scalar === "complex" ? (k: number) => mean[2 * k] ** 2 + mean[2 * k + 1] ** 2 : (k: number) => mean[k] ** 2;
  return { q: average(f, square), mmse: average(f, (k) => variance[k]), psi: average(f, (k) => logZ[k]) };
}
/** Length scale of the prior, to choose precisions where something happens. */
const scaleOf = (prior: Prior): number => Math.sqrt(Math.max(prior.secondMoment - prior.mean ** 2, 1e-300));

/** Largest |x - mean| of weight above 1e-12: the noiseless field is the prior itself. */
function reachOf(prior: Prior): number {
  const f = prior.field(1, 0);
  let reach = 0;
  for (let k = 0; k < f.weight.length; k++)
    if (f.weight[k] > 1e-12)
      reach = Math.max(reach, prior.scalar === "complex" ? Math.abs(f.input[2 * k]) : Math.abs(f.input[k] - prior.mean));
  return reach;
}

/** Derivative by Richardson's extrapolation of central differences of steps h, h/2, h/4, h/8; and its error: truncation seen, rounding computed. */
function derivative(f: (t: number) => number, h: number): { value: number; error: number } {
  const row: number[] = [];
  let size = 0;
  for (let i = 0; i < 4; i++) {
    const s = h / 2 ** i;
    const up = f(s);
    const down = f(-s);
    size = Math.max(size, Math.abs(up), Math.abs(down));
    row.push((up - down) / (2 * s));
  }
  let previous = row[3];
  for (let level = 1; level < 4; level++) {
    previous = row[3];
    for (let i = 3; i >= level; i--) row[i] += (row[i] - row[i - 1]) / (4 ** level - 1);
  }
  return { value: row[3], error: 4 * Math.abs(row[3] - previous) + (64 * 2.2e-16 * size) / h };
}
function close(actual: number, expected: number, tolerance: number, what: string): void {
  if (!(Math.abs(actual - expected) <= tolerance))
    throw new Error(`${what}: ${actual} against ${expected}, off by ${actual - expected}, allowed ${tolerance}`);
}

for (const family of families)
  for (const point of points(family)) {
    const prior = make(family, point);
    const bayes = prior.rule === "bayes";
    const complex = prior.scalar === "complex";
    const scale = scaleOf(prior);
    const reach = reachOf(prior);
    /** Precisions from uninformative to sharp for this prior. */
    const precisions = [0.01, 0.3, 2, 6, 30, 1e3].map((x) => x / scale ** 2);

    describe(`prior ${family.id} ${JSON.stringify(point)}`, () => {
      test("mean and variance are the first two derivatives of log Z in b", () => {
        for (const a of precisions)
          for (const u of [-6, -2.3, -0.7, 0.013, 0.4, 1.9, 5]) {
            const width = Math.sqrt(a + 1 / scale ** 2); // the b over which a posterior changes is at least of the order of this or a component's own
            const b0 = a * prior.mean + u * Math.sqrt(a);
            // along the first real coordinate; a complex b is b0 + 0.3 i width
            const at = (t: number): Vec => (complex ? Float64Array.of(b0 + t, 0.3 * width) : Float64Array.of(b0 + t));
            const half = complex ? 0.5 : 1; // d/d Re b = 2 Re d_conj(b)
            const { mean, variance } = posterior(prior, a, at(0));
            const h = 0.3 / reach; // log Z is analytic in |Im b| < (pi/2)/(half the spread of x), and entire or wider in Re b
            if (!bayes && Math.abs(Math.abs(b0) - Number((point as { rate?: number }).rate ?? 1)) < 2 * h) continue; // the kink itself
            const first = derivative((t) => half * logPartition(prior, a, at(t))[0], h);
            close(mean[0], first.value, first.error + 1e-9 * (Math.abs(mean[0]) + scale), `d log Z / d b at a=${a} b=${b0}`);
            if (!complex) {
              const second = derivative((t) => posterior(prior, a, at(t)).mean[0], h);
              close(variance[0], second.value, second.error + 1e-8 * variance[0] + 1e-13 * scale ** 2, `d mean / d b at a=${a} b=${b0}`);
            } else {
              // d_b mean = (d_re mean_re + d_im mean_im)/2
              const re = derivative((t) => posterior(prior, a, at(t)).mean[0], h);
              const im = derivative((t) => posterior(prior, a, Float64Array.of(b0, 0.3 * width + t)).mean[1], h);
              close(variance[0], 0.5 * (re.value + im.value), re.error + im.error + 1e-8 * variance[0], `d mean / d b at a=${a} b=${b0}`);
            }
          }
      });

      test("no information gives back the prior", () => {
        const zero = new Float64Array(complex ? 2 : 1);
        close(logPartition(prior, 0, zero)[0], 0, 1e-12, "log Z(0, 0)");
        if (!bayes) return;
        const { mean, variance } = posterior(prior, 0, zero);
        close(mean[0], prior.mean, 1e-12 * (scale + Math.abs(prior.mean)), "mean");
        close(variance[0] + mean[0] ** 2, prior.secondMoment, 1e-12 * prior.secondMoment, "second moment");
        const blind = prior.field(0, 0);
        expect([...blind.input]).toEqual([...zero]);
        expect([...blind.weight]).toEqual([1]);
      });

      if (bayes)
        test("E variance = rho - q on the matched line (Nishimori)", () => {
          for (const r of [1e-6, 1e-3, 0.01, 0.3, 2, 6, 30, 1e3, 1e5, 1e8].map((x) => x / scale ** 2)) {
            const { q, mmse } = matched(prior, r);
            close(mmse, prior.secondMoment - q, 1e-9 * prior.secondMoment, `E var against rho - q at r=${r}`);
            expect(mmse).toBeGreaterThanOrEqual(0);
          }
        });

      if (bayes)
        test("mmse falls with r, and d Psi / dr = q/2 (I-MMSE; q if complex)", () => {
          let last = Infinity;
          for (let e = -4; e <= 6; e += 0.5) {
            const r = 10 ** e / scale ** 2;
            const { mmse, q } = matched(prior, r);
            if (mmse > 1e-12 * scale ** 2 || last > 1e-12 * scale ** 2) expect(mmse, `at r=${r}`).toBeLessThanOrEqual(last * (1 + 1e-10));
            last = mmse;
            if (e % 1 === 0 && e >= -2 && e <= 3) {
              // along log r: d Psi / d log r = r q / 2
              const slope = derivative((t) => matched(prior, r * Math.exp(t)).psi, 0.08);
              const exact = r * q * (complex ? 1 : 0.5);
              close(slope.value, exact, slope.error + 1e-8 * (exact + 1e-300), `d Psi / d log r at r=${r}`);
            }
          }
        });

      test("the field has the sampler's law, matched or not", () => {
        const n = 20_000;
        const rng = makeRng(3, family.id);
        const x = new Float64Array(complex ? 2 * n : n);
        const xi = new Float64Array(x.length);
        const b = new Float64Array(x.length);
        prior.sample(rng.fork("x0"), x);
        rng.fork("xi").fillNormal(xi, complex ? Math.SQRT1_2 : 1);
        for (const [m, qh] of [
          [1, 1],
          [0.7, 2.3],
          [30, 4],
          [0, 1],
          [-2, 3]
        ] as const) {
          const mHat = m / scale ** 2;
          const qHat = qh / scale ** 2;
          const unit = Math.sqrt(qHat + mHat ** 2 * scale ** 2); // b in its own unit
          for (let i = 0; i < b.length; i++) b[i] = mHat * x[i] + Math.sqrt(qHat) * xi[i];
          const f = prior.field(mHat, qHat);
          close(
            average(f, () => 1),
            1,
            1e-13 + (1e-15 * Math.abs(mHat * prior.mean)) / Math.sqrt(qHat),
            "total weight"
          );
          const centre = mHat * prior.mean;
          const of = (v: Vec, k: number): number => (complex ? Math.hypot(v[2 * k], v[2 * k + 1]) / unit : (v[k] - centre) / unit);
          const tests: ((u: number) => number)[] = [
            (u) => u,
            (u) => u * u,
            (u) => Math.tanh(u),
            (u) => Math.tanh(3 * u - 1),
            (u) => Math.exp(-8 * u * u),
            (u) => Math.cos(2 * u)
          ];
          for (const [i, phi] of tests.entries()) {
            const exact = average(f, (k) => phi(of(f.input, k)));
            const spread = Math.max(average(f, (k) => phi(of(f.input, k)) ** 2) - exact ** 2, 0);
            let s = 0;
            for (let k = 0; k < n; k++) s += phi(of(b, k));
            // 5 standard errors: one false alarm in 2e6, for averages that are near Gaussian; rare heavy values add their own size
            close(s / n, exact, 5 * Math.sqrt(spread / n) + 1e-12, `E phi${i}(b) at mHat=${mHat} qHat=${qHat}`);
          }
        }
        // and the moments that it declares
        const size = (k: number): number => (complex ? x[2 * k] ** 2 + x[2 * k + 1] ** 2 : x[k] ** 2);
        let s = 0;
        let ss = 0;
        for (let k = 0; k < n; k++) {
          s += size(k) / n;
          ss += size(k) ** 2 / n;
        }
        close(s, prior.secondMoment, 5 * Math.sqrt((ss - s * s) / n) + 1e-12 * s + rare(prior, n), "second moment of the draws");
      });

      test("extreme messages stay finite, and a strong one decides", () => {
        for (const a of [0, 1e-300, 1e-12, 1, 1e6, 1e12, 1e15])
          for (const b of [-1e10, -1e4, -1, -1e-9, 0, 1e-9, 1, 1e4, 1e10]) {
            const at = complex ? Float64Array.of(b, -b / 3) : Float64Array.of(b);
            const { mean, variance } = posterior(prior, a, at);
            const logZ = logPartition(prior, a, at)[0];
            if (![...mean, ...variance, logZ].every(Number.isFinite) || !(variance[0] >= 0))
              throw new Error(`a=${a} b=${b}: mean ${mean}, variance ${variance}, log Z ${logZ}`);
          }
        if (!bayes) return;
        // a message of precision 1e15 around a typical draw pins a continuous x to the message
        const x = new Float64Array(complex ? 20 : 10);
        prior.sample(makeRng(5, family.id), x);
        const a = 1e15 / scale ** 2;
        const b = x.map((v) => a * v);
        const { mean } = posterior(prior, a, b);
        for (let i = 0; i < x.length; i++) close(mean[i], x[i], 1e-6 * scale + 1e-13 * Math.abs(x[i]), "pinned mean");
      });

      test("a precision each gives what that precision shared gives", () => {
        const n = precisions.length;
        const each = Float64Array.from(precisions);
        const width = complex ? 2 : 1;
        const b = Float64Array.from({ length: width * n }, (_, i) => (i - 3) * (0.9 / scale));
        const m = new Float64Array(b.length);
        const v = new Float64Array(n);
        const z = new Float64Array(n);
        prior.posterior(each, b, m, v);
        prior.logPartition(each, b, z);
        for (let i = 0; i < n; i++) {
          const own = b.subarray(width * i, width * (i + 1));
          const { mean, variance } = posterior(prior, each[i], own);
          expect([...m.subarray(width * i, width * (i + 1))]).toEqual([...mean]);
          expect(v[i]).toBe(variance[0]);
          expect(z[i]).toBe(logPartition(prior, each[i], own)[0]);
        }
      });

      test("the same seed draws the same signal, another seed another", () => {
        const draw = (seed: number): number[] => {
          const x = new Float64Array(200);
          prior.sample(makeRng(seed, "x0"), x);
          return [...x];
        };
        expect(draw(0)).toEqual(draw(0));
        if (new Set(draw(0)).size > 1) expect(draw(0)).not.toEqual(draw(1));
      });

      test("break points are sorted chains", () => {
        for (const a of precisions)
          for (const chain of prior.breaks?.(a) ?? []) {
            expect(chain.every(Number.isFinite)).toBe(true);
            for (let i = 1; i < chain.length; i++) expect(chain[i]).toBeGreaterThanOrEqual(chain[i - 1]);
          }
      });
    });
  }

/** Draws see nothing of a component rarer than 25/n: the second moment is then not testable by drawing. */
function rare(prior: Prior, n: number): number {
  return prior.dimension > 0 && prior.dimension < 25 / n ? prior.secondMoment : 0;
}

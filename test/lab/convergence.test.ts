import { describe, expect, test } from "vitest";
import { readOptions, switchOf, withOption, withParam } from "../../lab/src/views/convergence/choices.ts";
import { noiseWords } from "../../lab/src/views/convergence/noiseWords.ts";
import { emptyTrail, extend, prolonged, thinned, trailTable } from "../../lab/src/views/convergence/trail.ts";
import { due, type Mode, modeAfter, pressOf, speedOf } from "../../lab/src/views/convergence/transport.ts";
import { normality } from "../../src/algorithms/effectiveNoise.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

describe("transport of a live run", () => {
  test("play, pause, step, finish and end follow each other as buttons say", () => {
    const path: Mode[] = ["opening"];
    for (const press of ["play", "opened", "play", "pause", "step", "finish", "end", "play", "reset", "opened"] as const)
      path.push(modeAfter(path[path.length - 1], press));
    expect(path).toEqual([
      "opening",
      "opening", // nothing plays before the instance is drawn
      "resting",
      "playing",
      "resting",
      "resting",
      "rushing",
      "ended",
      "ended", // a run that has ended is replayed by a reset
      "opening",
      "resting"
    ]);
  });
  test("a refused run stays refused until other parameters open another", () => {
    expect(modeAfter(modeAfter("opening", "refuse"), "play")).toBe("refused");
    expect(modeAfter("refused", "reset")).toBe("opening");
  });
  test("frames are due at the speed chosen, whatever the screen's rate, and a page that slept owes a quarter of a second", () => {
    for (const rate of [30, 60, 144]) {
      let carried = 0;
      let frames = 0;
      for (let k = 0; k < 2 * rate; k++) {
        const owed = due(1000 / rate, "8", carried);
        carried = owed.carried;
        frames += owed.count;
      }
      expect(Math.abs(frames - 16)).toBeLessThanOrEqual(1);
    }
    expect(due(60_000, "8", 0).count).toBe(2);
    expect(due(1, "max", 0).count).toBeGreaterThan(1e9);
  });
  test("an unknown speed is the usual one; keys press what they show", () => {
    expect(speedOf("warp")).toBe("8");
    expect(pressOf(" ", "playing")).toBe("pause");
    expect(pressOf(" ", "ended")).toBe("replay");
    expect(pressOf("ArrowRight", "resting")).toBe("step");
    expect(pressOf("x", "resting")).toBeNull();
  });
});

describe("the trail of a run", () => {
  const frames = Array.from({ length: 1000 }, (_, t) => ({ t, mse: 1 / (t + 1) }));
  test("a long one is thinned to what a figure shows, its last frame kept, and cut at a time", () => {
    const trail = emptyTrail(["mse"]);
    extend(trail, frames);
    const thin = thinned(trail, 100);
    expect(thin.t.length).toBeLessThanOrEqual(101);
    expect(thin.t[thin.t.length - 1]).toBe(999);
    expect(thin.series.mse[thin.t.length - 1]).toBe(1 / 1000);
    const cut = thinned(trail, 100, 12);
    expect(cut.t[cut.t.length - 1]).toBe(12);
  });
  test("an observable that is missing from a frame is no number, not zero", () => {
    const trail = emptyTrail(["mse"]);
    extend(trail, [{ t: 0 }]);
    expect(trail.series.mse[0]).toBeNaN();
  });
  test("a theory that has settled stays; one that is longer than the run is left as it is", () => {
    const theory = { t: [0, 1], series: { mse: [1, 0.5] } };
    expect(prolonged(theory, 9)).toEqual({ t: [0, 1, 9], series: { mse: [1, 0.5, 0.5] } });
    expect(prolonged(theory, 1)).toBe(theory);
  });
  test("its table is tidy", () => {
    expect(trailTable([{ name: "run", trail: { t: [0, 1], series: { mse: [1, 0.5] } } }], ["mse"])).toBe(
      "source,t,mse\nrun,0,1\nrun,1,0.5\n"
    );
  });
});

describe("the effective noise in words", () => {
  const draws = (scale: number) => {
    const x = new Float64Array(2000);
    makeRng(3, "noise").fillNormal(x, scale);
    return x;
  };
  // one stream of numbers: no false alarm is left to chance
  test("normal draws are called Gaussian, too wide ones are not and are said to be overconfident", () => {
    expect(noiseWords(normality(draws(1))).gaussian).toBe("yes");
    const wide = noiseWords(normality(draws(1.6)));
    expect(wide.gaussian).toBe("no");
    expect(wide.why).toMatch(/standard deviation is 1\.6 times.*overconfidence/);
  });
  test("heavy tails are named", () => {
    const cubes = draws(1).map((x) => (x * x * x) / Math.sqrt(15));
    expect(noiseWords(normality(cubes)).why).toMatch(/heavier than Gaussian/);
  });
});

describe("choices of the convergence view", () => {
  const entry = {
    observables: { overlap: { symbol: "m", about: "", range: [0, 1] as const }, mse: { symbol: "mse", about: "", range: [0, 1] as const } },
    params: {
      onsager: { kind: "choice", default: "on", options: ["on", "off"], symbol: "", about: "" },
      damping: { kind: "real", default: 0.2, min: 0, max: 0.99, symbol: "δ", about: "" }
    }
  } as const;
  test("the mean squared error is drawn unless another observable is asked for", () => {
    expect(readOptions(entry, {}).observable).toBe("mse");
    expect(readOptions(entry, { observable: "overlap" }).observable).toBe("overlap");
    expect(readOptions(entry, { observable: "nonsense", logy: "off" })).toMatchObject({ observable: "mse", logY: false, logX: null });
  });
  test("a parameter at its default leaves the address, others enter it as they are", () => {
    expect(withParam(entry, { damping: 0.5 }, "damping", 0.2)).toEqual({});
    expect(withParam(entry, {}, "onsager", "off")).toEqual({ onsager: "off" });
    expect(withOption({ speed: "8" }, "speed", null)).toEqual({});
  });
  test("the switch is there where the declaration has it", () => {
    expect(switchOf(entry, { onsager: "off" })).toBe("off");
    expect(switchOf({ params: {} }, {})).toBeNull();
  });
});

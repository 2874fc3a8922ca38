import { expect, test } from "vitest";
import { evolveRun } from "../../src/core/scenario.ts";
import { informationPlaneFigure } from "../../src/experiments/figures/index.ts";
import { layerEntropy } from "../../src/scenarios/layerEntropy.ts";

const circles = (svg: string) => svg.match(/<circle /g)?.length ?? 0;

test("the information plane has one curve a layer, one point an epoch, and circles for runs", () => {
  const theory = { t: [0, 5], matrices: { informationX: [[[0.7, 0.3]], [[0.6, 0.2]]], informationY: [[[0.4, 0.2]], [[0.4, 0.1]]] } };
  const svg = informationPlaneFigure({ theory, runs: [theory], title: "plane" });
  expect(svg).toContain("epoch 0 … 5");
  // four of the theory, four of the run, two keys
  expect(circles(svg)).toBe(10);
  expect(svg).not.toContain("NaN");
});

test("a run of layer-entropy without training is one point a layer", () => {
  const svg = informationPlaneFigure({ theory: evolveRun(layerEntropy, { layers: "linear:noise=0.1;linear:noise=0.1" }) });
  expect(circles(svg)).toBe(3);
  expect(svg).not.toContain("epoch");
});

import { expect, test } from "vitest";
import { matrixTable, stopAt, stops } from "../../lab/src/views/matrices/times.ts";
import { matricesAtFigure, matricesAtHeight } from "../../src/experiments/figures/index.ts";

const run = {
  t: [0, 1, 10],
  matrices: {
    Q: [
      [
        [1, 0],
        [0, 1]
      ],
      [
        [2, 0],
        [0, 2]
      ],
      [
        [4, -1],
        [-1, 4]
      ]
    ]
  }
};

test("a scrubber goes through at most so many frames, the first and the last among them", () => {
  expect(stops(3, 200)).toEqual([0, 1, 2]);
  const many = stops(5000, 200);
  expect([many.length, many[0], many[199]]).toEqual([200, 0, 4999]);
});

test("an address asks for the closest time, and for the last where it asks for none", () => {
  expect(stopAt([0, 1, 10], "7")).toBe(2);
  expect(stopAt([0, 1, 10], "0.2")).toBe(0);
  expect(stopAt([0, 1, 10], undefined)).toBe(2);
  expect(stopAt([0, 1, 10], "soon")).toBe(2);
});

test("the table has a row for every entry at every time", () => {
  const lines = matrixTable([{ name: "theory", run }], ["Q"])
    .trim()
    .split("\n");
  expect(lines.length).toBe(1 + 3 * 4);
  expect(lines[lines.length - 1]).toBe("theory,10,Q,2,2,4");
});

test("heat maps at a time show that time's entries on a scale of all times, in the height they ask for", () => {
  const svg = matricesAtFigure({ theory: run, at: 1.2, width: 400 });
  expect([...svg.matchAll(/>(-?\d\.\d\d|−\d\.\d\d)</g)].map((m) => m[1])).toEqual(["2.00", "0.00", "0.00", "2.00"]);
  expect(svg).toContain(`height="${matricesAtHeight({ theory: run }, 400)}"`);
  expect(matricesAtFigure({ theory: { t: [0] }, at: 0 })).toBe("");
});

import { describe, expect, test } from "vitest";
import * as channels from "../../src/channels/index.ts";
import { make } from "../../src/core/parameters.ts";
import type { Channel, Family } from "../../src/core/types.ts";
import { likelihoodModule } from "../../src/modules/index.ts";

// python3 test/modules/narrow.py
const MESSAGES: readonly (readonly [Family<Channel>, number, number])[] = [
  [channels.abs as Family<Channel>, 2, 1.946122847590467],
  [channels.abs as Family<Channel>, 80, 1086.030665752061],
  [channels.abs as Family<Channel>, 1e4, 1624812.4916077724],
  [channels.sign as Family<Channel>, 2, 1.8501369466487023],
  [channels.sign as Family<Channel>, 80, 6.999933351639264],
  [channels.sign as Family<Channel>, 1e5, 228.40890923656733]
];

describe("likelihoods of inputs that are almost known, which adaptive quadrature misses", () => {
  for (const [family, az, message] of MESSAGES)
    test(`${family.id} at precision ${az} answers ${message} to 1e-8`, () => {
      const module = likelihoodModule(make(family, { noise: 0 }), 1);
      expect(Math.abs(module.error(0, [az], [1]).extrinsic / message - 1)).toBeLessThan(1e-8);
    });
});

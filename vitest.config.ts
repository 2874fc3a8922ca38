import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

const nightly = process.env.SPINODAL_NIGHTLY === "1";

/** The longest files, first: begun last, one of them would keep one core busy while the other has nothing left to do. */
const LONGEST = [
  "scenarios/agreement",
  "lab/access.browser",
  "fuzz/fuzz",
  "cli/solve",
  "house/docs",
  "cli/theory",
  "laws/modules",
  "laws/channels"
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
      return place < 0 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b)); // a stable sort: the others keep their order
  }
}

/** Two workers at most: the statistical tests fill a core each, and timings of processes they spawn should not starve. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["**/node_modules/**", ...(nightly ? [] : ["test/nightly/**"])],
    pool: "forks",
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: nightly ? 1_800_000 : 240_000,
    hookTimeout: 120_000,
    teardownTimeout: 10_000
  }
});

import { defineConfig } from "vitest/config";

const nightly = process.env.SPINODAL_NIGHTLY === "1";

/** Two workers at most: the statistical tests fill a core each, and timings of processes they spawn should not starve. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["**/node_modules/**", ...(nightly ? [] : ["test/nightly/**"])],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: nightly ? 1_800_000 : 240_000,
    hookTimeout: 120_000,
    teardownTimeout: 10_000
  }
});

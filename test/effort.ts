/** How much work a test does: the everyday figure, or under `npm run nightly` the thorough one. What is asserted is the same. */
const thorough = process.env.SPINODAL_NIGHTLY === "1";
export const effort = (everyday: number, nightly: number): number => (thorough ? nightly : everyday);

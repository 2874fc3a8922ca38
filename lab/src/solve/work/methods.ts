/** The methods of protocol.ts as a worker offers them: the code behind is loaded when one is first called. */
import type { Answer } from "../../engine/protocol.ts";
import type { SolverMethods } from "./protocol.ts";

type Answering = <T>(work: () => Promise<T>) => Promise<Answer<T>>;
const solver = () => import("./solver.ts");

export const solverMethods = (answer: Answering): SolverMethods => ({
  readFile: (file) => answer(async () => (await solver()).readFile(file)),
  transpose: (matrix) => answer(async () => (await solver()).transpose(matrix)),
  drawExample: (id, seed) => answer(async () => (await solver()).heldExample(id, seed)),
  forecast: (asked) => answer(async () => (await import("./forecast.ts")).forecast(asked)),
  openSolve: (job) => answer(async () => (await solver()).openSolve(job)),
  advanceSolve: (milliseconds, stop) => answer(async () => (await solver()).advanceSolve(milliseconds, stop)),
  openImage: (task) => answer(async () => (await solver()).openImage(task)),
  advanceImage: (milliseconds) => answer(async () => (await solver()).advanceImage(milliseconds))
});

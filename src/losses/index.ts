// The registry of losses: one export line each; the id is what users type.
export { absolute } from "./absolute.ts";
export { hinge } from "./hinge.ts";
export { huber } from "./huber.ts";
export { logistic } from "./logistic.ts";
export { square } from "./square.ts";

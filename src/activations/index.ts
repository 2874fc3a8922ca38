// The registry of activations: one export line each; the id is what users type.
export { abs } from "./abs.ts";
export { door } from "./door.ts";
export { hardSigmoid } from "./hardSigmoid.ts";
export { hardTanh } from "./hardTanh.ts";
export { leakyRelu } from "./leakyRelu.ts";
export { linear } from "./linear.ts";
export { relu } from "./relu.ts";
export { sign } from "./sign.ts";

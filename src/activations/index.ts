// The registry of activations: one export line each; the id is what users type.
export { abs } from "./abs.ts";
export { complexLinear } from "./complexLinear.ts";
export { door } from "./door.ts";
export { erf } from "./erf.ts";
export { hardSigmoid } from "./hardSigmoid.ts";
export { hardTanh } from "./hardTanh.ts";
export { leakyRelu } from "./leakyRelu.ts";
export { linear } from "./linear.ts";
export { logistic } from "./logistic.ts";
export { modulus } from "./modulus.ts";
export { relu } from "./relu.ts";
export { sign } from "./sign.ts";
export { sine } from "./sine.ts";
export { softplus } from "./softplus.ts";
export { tanh } from "./tanh.ts";

// The registry of channels: one export line each; the id is what users type.
export { abs } from "./abs.ts";
export { complexGaussian } from "./complexGaussian.ts";
export { gaussian } from "./gaussian.ts";
export { hardTanh } from "./hardTanh.ts";
export { leakyRelu } from "./leakyRelu.ts";
export { logistic } from "./logistic.ts";
export { modulus } from "./modulus.ts";
export { poisson } from "./poisson.ts";
export { quantized } from "./quantized.ts";
export { relu } from "./relu.ts";
export { sign } from "./sign.ts";
export { symmetricDoor } from "./symmetricDoor.ts";

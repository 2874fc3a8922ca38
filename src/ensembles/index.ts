// The registry of ensembles: one export line each; the id is what users type.
export { gaussianIid } from "./gaussianIid.ts";
export { complexGaussianIid } from "./complexGaussianIid.ts";
export { binaryIid } from "./binaryIid.ts";

/** Modules: the factors of a tree of variables, each with its instance side (message passing) and its asymptotic one (state evolution). */
export { biasModule } from "./bias.ts";
export { concatenateModule, splitModule } from "./concatenate.ts";
export { duplicateModule, reshapeModule } from "./duplicate.ts";
export { groupSparsityModule } from "./groupSparsity.ts";
export { ensembleModule } from "./linear/ensembleModule.ts";
export { type LinearMethod, type LinearModule, type LinearOptions, linearModule } from "./linear/linearModule.ts";
export { noiseModule } from "./noise.ts";
export { sumModule } from "./sum.ts";
export { activationModule, type ActivationNoise } from "./activation.ts";
export { likelihoodModule } from "./likelihood.ts";
export { penaltyModule, priorModule } from "./prior.ts";

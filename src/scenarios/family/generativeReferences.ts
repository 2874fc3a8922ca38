/** Sources of the scenarios with generative priors. */
import type { Reference } from "../../core/types.ts";

export const generativeReferences: readonly Reference[] = [
  {
    key: "aubin2020",
    cite: "B. Aubin, B. Loureiro, A. Baker, F. Krzakala, L. Zdeborová, Exact asymptotics for phase retrieval and compressed sensing with random generative priors, MSML, PMLR 107 (2020)",
    url: "https://arxiv.org/abs/1912.02008",
    used: "the models, their state evolution and phase diagrams"
  },
  {
    key: "baker2020",
    cite: "A. Baker, B. Aubin, F. Krzakala, L. Zdeborová, Tree-AMP: compositional inference with tree approximate message passing, J. Mach. Learn. Res. 24 (2023)",
    url: "https://arxiv.org/abs/2004.01571",
    used: "expectation propagation on trees of modules, its state evolution and free entropy"
  }
];

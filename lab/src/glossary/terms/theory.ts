/** Bayes, free entropies, phases and transitions. */
import type { Term } from "../types.ts";

export const theory: readonly Term[] = [
  {
    id: "posterior",
    name: "Posterior",
    definition:
      "The law of the unknowns given the data, P(x | y) in proportion to P₀(x) P(y | x): a Boltzmann weight whose field is the data."
  },
  {
    id: "bayes-optimal",
    name: "Bayes-optimal",
    definition: "Inference with the prior and the channel that drew the data; no other estimate does better on average."
  },
  {
    id: "nishimori",
    name: "Nishimori identity",
    definition:
      "Under the right model the truth is one more sample of the posterior, so that m = q and the believed error is the error made.",
    of: ["noiseRatio"]
  },
  {
    id: "order-parameter",
    name: "Order parameter",
    definition: "One of the few numbers that say in what state a large system is: a magnetisation, an overlap."
  },
  {
    id: "mean-field",
    name: "Mean-field theory",
    definition:
      "Replacing what a unit feels by its average and asking for consistency; exact where every unit feels many others weakly and the echo is accounted for."
  },
  { id: "magnetization", tex: "m", within: "magnets", name: "Magnetisation", definition: "The mean of the spins.", of: ["magnetization"] },
  { id: "energy", tex: "e", name: "Energy", definition: "Energy per spin.", of: ["energy"] },
  {
    id: "free-entropy",
    tex: "\\Phi",
    name: "Free entropy",
    definition:
      "ln Z in nats per unknown, or per spin, as a function of the order parameter; its stationary points are the states, its highest maximum is equilibrium."
  },
  { id: "landscape", name: "Landscape", definition: "The free entropy drawn against the order parameter." },
  {
    id: "fixed-point",
    name: "Fixed point",
    definition: "A state that state evolution leaves as it is; a stationary point of the free entropy. It attracts when it is stable."
  },
  {
    id: "metastable",
    name: "Metastable",
    definition:
      "A local maximum of the free entropy that is not the highest: local dynamics stays in it for a time exponential in the size."
  },
  {
    id: "spinodal",
    tex: "\\alpha_{\\mathrm{sp}}",
    name: "Spinodal",
    definition:
      "Where a maximum of the free entropy appears or disappears; the threshold called spinodalLow is where the informed branch begins."
  },
  {
    id: "hard-phase",
    name: "Hard phase",
    definition: "Where the best fixed point is known and no fast algorithm is known to reach it: AMP stops at a worse one."
  },
  {
    id: "phases",
    name: "Impossible, hard, easy",
    definition: "Below the information-theoretic threshold; between it and the algorithmic one; above both."
  },
  {
    id: "information-theoretic",
    tex: "\\alpha_{\\mathrm{IT}}",
    name: "Information-theoretic threshold",
    definition: "Where the informed branch begins to have the larger free entropy: below, the data do not contain the signal."
  },
  {
    id: "algorithmic",
    tex: "\\alpha_{\\mathrm{alg}}",
    name: "Algorithmic threshold",
    definition: "Above it AMP reaches the best fixed point from an uninformed start."
  },
  {
    id: "weak-recovery",
    tex: "\\alpha_{\\mathrm{wr}}",
    name: "Weak recovery",
    definition: "Where zero overlap loses its stability: above, an algorithm can do better than chance in a symmetric model."
  },
  {
    id: "l1-threshold",
    tex: "\\alpha_{\\ell_1}",
    name: "L1 threshold",
    definition: "The Donoho–Tanner line: above it convex L1 minimisation recovers a sparse signal exactly."
  },
  {
    id: "symmetry",
    name: "Symmetry",
    definition:
      "A change of the signal that leaves the law of the data alone, such as its sign in phase retrieval; zero overlap is then always a fixed point."
  },
  {
    id: "replica",
    name: "Replica method",
    definition:
      "Computing the mean of ln Z from the moments of Z, with copies of the system; exact for the matched models of this lab, as was proved later."
  },
  {
    id: "gap",
    name: "Computational gap",
    definition: "The distance between what the data allow and what fast algorithms reach.",
    see: ["hard-phase"]
  },
  {
    id: "entropy",
    tex: "H",
    name: "Entropy",
    definition: "In nats per input component; a differential entropy where the variable is continuous.",
    of: ["entropy"]
  },
  {
    id: "mutual-information",
    tex: "I",
    name: "Mutual information",
    definition: "What one variable tells about another, in nats per input component.",
    of: ["mutualInformation", "informationX", "informationY"]
  },
  {
    id: "replica-weights",
    tex: "W_l",
    name: "Weights of a layer",
    definition: "The matrices between layers: drawn, given, or trained.",
    of: ["weights", "layer", "draws", "generatorSeed", "decoder", "nonlinearity"]
  },
  {
    id: "phase-transition",
    name: "Phase transition",
    definition:
      "A value of a parameter at which the state of a large system changes in kind: continuously, or with a jump of the order parameter."
  },
  {
    id: "hysteresis",
    name: "Hysteresis",
    definition:
      "Where two states coexist, the one that is found depends on where one comes from: informed and uninformed starts end in different ones."
  },
  {
    id: "trivial-fixed-point",
    name: "Trivial fixed point",
    definition:
      "Zero overlap, where symmetric iterations can stop though it is unstable; a run that ends there has not converged to anything."
  }
];

/** Any prior through any channel, teacher and student alike or not. */
import { generalizedLinear } from "./family/generalizedLinear.ts";
import { thresholdLandmark } from "./family/landmark.ts";
import { mse, overlap } from "./family/observables.ts";

const itself = () => glm;

export const glm = generalizedLinear({
  id: "glm",
  title: "Generalized linear model",
  summary: "Any prior and any channel from the registries, as brick specs; a teacher with other bricks makes it mismatched.",
  formulas: ["y \\sim P(\\cdot \\mid W x), \\quad x_i \\sim P_0"],
  params: {
    prior: { kind: "brick", registry: "prior", default: "gauss-bernoulli:rho=0.1", symbol: "P₀", about: "the student's prior" },
    channel: { kind: "brick", registry: "channel", default: "gaussian:noise=0.01", symbol: "P(y|z)", about: "the student's channel" },
    teacherPrior: {
      kind: "brick",
      registry: "prior",
      default: "",
      optional: true,
      symbol: "P₀*",
      about: "the law of the signal, when it is not the student's prior"
    },
    teacherChannel: {
      kind: "brick",
      registry: "channel",
      default: "",
      optional: true,
      symbol: "P*(y|z)",
      about: "the law of the labels, when it is not the student's channel"
    }
  },
  observables: { overlap: { ...overlap, range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] }, mse },
  thresholdNames: ["weakRecovery", "algorithmic", "informationTheoretic", "spinodalLow"],
  bricks: ({ prior, channel, teacherPrior, teacherChannel }) => ({ prior, channel, teacherPrior, teacherChannel }),
  observe: ({ rho, m, mse }) => ({ overlap: m / rho, mse }),
  references: [
    {
      key: "rangan2011",
      cite: "S. Rangan, IEEE Int. Symp. Inf. Theory, 2168 (2011)",
      url: "https://arxiv.org/abs/1010.5141",
      used: "GAMP (algorithm 1) and state evolution, matched or not"
    },
    {
      key: "barbier2019",
      cite: "J. Barbier, F. Krzakala, N. Macris, L. Miolane, L. Zdeborová, PNAS 116, 5451 (2019)",
      url: "https://doi.org/10.1073/pnas.1802705116",
      used: "replica formula (eqs. 4-7)"
    }
  ],
  landmarks: [
    thresholdLandmark(itself, { prior: "gauss-bernoulli:rho=0.2", channel: "gaussian:noise=0" }, "algorithmic", {
      name: "the compressed-sensing AMP threshold, composed from bricks",
      value: 0.355410828,
      tolerance: 1e-9,
      source: "Krzakala et al. 2012; see compressed-sensing"
    })
  ],
  agreement: [
    { at: "every-t", bias: 4, params: { prior: "laplace", channel: "gaussian:noise=0.1", alpha: 1, size: 1000 } },
    {
      at: "every-t",
      bias: 4,
      params: {
        prior: "gauss-bernoulli:rho=0.3",
        channel: "gaussian:noise=0.05",
        teacherPrior: "laplace",
        teacherChannel: "gaussian:noise=0.1",
        alpha: 1.5,
        size: 1000
      }
    },
    { at: "every-t", bias: 4, params: { prior: "binary", channel: "logistic", alpha: 4, size: 800 } }
  ]
});

/** The examples of the page in words and specs; work/examples.ts draws them. */
import type { ExampleId } from "./exampleIds.ts";

export interface ExampleModel {
  readonly title: string;
  readonly about: string;
  readonly rows: number;
  readonly cols: number;
  readonly complex: boolean;
  /** What is drawn from. */
  readonly prior: string;
  readonly channel: string;
  /** What the form is filled with: less than the example knows, so that something is learned. */
  readonly form: { readonly prior: string; readonly channel: string; readonly learn: string };
}

export const exampleModels: Readonly<Record<ExampleId, ExampleModel>> = {
  sparse: {
    title: "Sparse signal",
    about: "300 measurements of 500 components, a tenth of them nonzero; noise and share are learned",
    rows: 300,
    cols: 500,
    complex: false,
    prior: "gauss-bernoulli:rho=0.1",
    channel: "gaussian:noise=1e-3",
    form: { prior: "gauss-bernoulli:rho=0.2", channel: "gaussian:noise=0.01", learn: "rho,noise" }
  },
  complex: {
    title: "Complex signal",
    about: "a sparse complex signal under a complex matrix, as in magnetic resonance or radar",
    rows: 200,
    cols: 320,
    complex: true,
    prior: "complex-gauss-bernoulli:rho=0.15",
    channel: "complex-gaussian:noise=1e-3",
    form: { prior: "complex-gauss-bernoulli:rho=0.15", channel: "complex-gaussian:noise=1e-3", learn: "" }
  },
  signs: {
    title: "Signs only",
    about: "a one-bit camera: 1200 signs of projections of 400 components; the size of the signal is a convention",
    rows: 1200,
    cols: 400,
    complex: false,
    prior: "gauss-bernoulli:rho=0.25,variance=4",
    channel: "sign",
    form: { prior: "gauss-bernoulli:rho=0.25,variance=4", channel: "sign", learn: "" }
  }
};

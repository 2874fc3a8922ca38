/** A word or a letter of the field, defined once. */
export interface Term {
  /** In the address, and what others link to. */
  readonly id: string;
  /** The letter, TeX; absent for words. No two terms without `within` share one. */
  readonly tex?: string;
  readonly name: string;
  /** One or two sentences, plain text. */
  readonly definition: string;
  /** Parameters and observables it explains: "noise" in every scenario, "sgd-scaling.delta" in that one alone. */
  readonly of?: readonly string[];
  /** Where the letter means this, when it means something else in other places. */
  readonly within?: string;
  /** Other terms worth reading. */
  readonly see?: readonly string[];
}

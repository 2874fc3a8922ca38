/** The chains that the theory is asked about: one of given or limiting spectra, or one a reported epoch of trained ones. */
import { outcome } from "../../core/outcome.ts";
import type { Outcome, Vec } from "../../core/types.ts";
import { makeRng } from "../../numerics/random/index.ts";
import { worse } from "./entropies.ts";
import { type P, planOf, type Setting } from "./setting.ts";
import { type TheoryChain, theoryChain } from "./stages.ts";
import { train, type TrainedFrame } from "./training.ts";
import { lawOf, pooledLaw } from "./weights.ts";

/** The chain of the theory at each reported epoch, and the losses there. */
export interface TheoryPoint {
  readonly epoch: number;
  readonly chain: TheoryChain;
  readonly trainingLoss: number;
  readonly testLoss: number;
}

/**
 * Sampled or given weights: one point. Trained: `trainings` networks of their own streams side by side, all of whose singular values
 * make the law of a layer; they share nothing with a simulation but the size, on which training depends.
 */
export function* theoryPoints(p: P, s: Setting): Generator<TheoryPoint, Outcome> {
  const { chain, sizes, matrices } = s;
  if (p.weights !== "trained") {
    const laws = [s.generator, ...(matrices ? matrices.map(lawOf) : sizes.slice(2).map(() => s.sampled))];
    yield { epoch: 0, chain: theoryChain(chain, sizes, laws), trainingLoss: 1, testLoss: 1 };
    return outcome("converged", 0, 0);
  }
  const runs = Array.from({ length: p.trainings }, (_, k) => {
    const rng = makeRng(k, "layer-entropy theory");
    const generator = s.generator.sample(rng.fork("generator"), sizes[1], sizes[0]);
    const weights = sizes.slice(2).map((_, l) => (matrices?.[l].data as Vec | undefined) ?? null);
    return train(chain, { generator, sizes: sizes.slice(1), weights }, planOf(p, sizes[1]), rng.fork("training")).frames;
  });
  for (;;) {
    const steps = runs.map((run) => run.next());
    const ended = steps.find((step) => step.done);
    if (ended) return steps.reduce((worst, step) => (step.done ? worse(worst, step.value) : worst), ended.value as Outcome);
    const frames = steps.map((step) => step.value as TrainedFrame);
    const laws = sizes.slice(2).map((rows, l) =>
      pooledLaw(
        frames.map((f) => f.singularValues[l]),
        rows,
        sizes[l + 1]
      )
    );
    const mean = (of: (f: TrainedFrame) => number) => frames.reduce((sum, f) => sum + of(f), 0) / frames.length;
    yield {
      epoch: frames[0].epoch,
      chain: theoryChain(chain, sizes, [s.generator, ...laws]),
      trainingLoss: mean((f) => f.trainingLoss),
      testLoss: mean((f) => f.testLoss)
    };
  }
}

/** Teacher and student of a generalized linear model from brick specs, with their theory computed once per model. */
import { ParameterError } from "../../core/parameters.ts";
import { makeFromSpec, readSpec } from "../../core/specs.ts";
import type { Channel, Ensemble, Prior } from "../../core/types.ts";
import * as channels from "../../channels/index.ts";
import * as ensembles from "../../ensembles/index.ts";
import * as priors from "../../priors/index.ts";
import { type FixedPointCurve, fixedPointCurve, type Model, type Thresholds, thresholdsOf } from "../../theory/index.ts";

export interface BrickSpecs {
  readonly prior: string;
  readonly channel: string;
  /** Absent or "": the same as the student's. */
  readonly teacherPrior?: string;
  readonly teacherChannel?: string;
}

export interface Models {
  readonly student: Model;
  /** The same object as `student` when matched. */
  readonly teacher: Model;
  readonly matched: boolean;
  readonly ensemble: Ensemble;
}

const models = new Map<string, Models>();
/** A fixed-point curve and what is read off it. */
export interface Theory {
  readonly curve: FixedPointCurve;
  readonly thresholds: Thresholds;
}

const theories = new Map<Models, Theory>();
const signals = new Map<string, Theory>();
const KEEP = 64; // models remembered: a sweep over another parameter does not hoard memory

function remember<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    if (map.size >= KEEP) map.delete(map.keys().next().value as K);
    map.set(key, value);
  }
  return value;
}

/** Builds (or recalls) the models. Throws ParameterError when the bricks do not fit together. */
export function modelsOf(id: string, specs: BrickSpecs): Models {
  return remember(models, JSON.stringify([specs.prior, specs.channel, specs.teacherPrior, specs.teacherChannel]), () => {
    const student = {
      prior: makeFromSpec<Prior>(priors, specs.prior, "prior"),
      channel: makeFromSpec<Channel>(channels, specs.channel, "channel")
    };
    const matched = !specs.teacherPrior && !specs.teacherChannel;
    const teacher = matched
      ? student
      : {
          prior: specs.teacherPrior ? makeFromSpec<Prior>(priors, specs.teacherPrior, "prior") : student.prior,
          channel: specs.teacherChannel ? makeFromSpec<Channel>(channels, specs.teacherChannel, "channel") : student.channel
        };
    if (teacher.prior.rule === "map")
      throw new ParameterError(
        `${id}: prior ${readSpec(specs.prior).id} is an estimator, not the law of a signal; give --teacher-prior, such as gauss-bernoulli:rho=0.1`
      );
    const { scalar } = student.prior;
    for (const [what, found] of [
      ["channel", student.channel.scalar],
      ["teacher-prior", teacher.prior.scalar],
      ["teacher-channel", teacher.channel.scalar]
    ])
      if (found !== scalar)
        throw new ParameterError(`${id}: prior ${specs.prior} is ${scalar} but the ${what} is ${found}; take both real or both complex`);
    if (student.channel.labelScalar !== teacher.channel.labelScalar)
      throw new ParameterError(
        `${id}: the teacher's labels are ${teacher.channel.labelScalar}, the student's channel expects ${student.channel.labelScalar} ones`
      );
    return {
      student,
      teacher,
      matched,
      ensemble: makeFromSpec<Ensemble>(ensembles, scalar === "complex" ? "complex-gaussian-iid" : "gaussian-iid", "ensemble")
    };
  });
}

/** Forgets every model and curve: for benchmarks of a cold start. */
export function forget(): void {
  models.clear();
  theories.clear();
  signals.clear();
}

/** The theory of a model that is more than two bricks, computed once for each key. */
export function theoryFor(key: string, make: () => FixedPointCurve): Theory {
  return remember(signals, key, () => {
    const curve = make();
    return { curve, thresholds: thresholdsOf(curve) };
  });
}

/** The fixed-point curve and thresholds of a matched model, computed once. */
export function theoryOf(m: Models): Theory {
  return remember(theories, m, () => {
    const curve = fixedPointCurve(m.student.prior, m.student.channel);
    return { curve, thresholds: thresholdsOf(curve) };
  });
}

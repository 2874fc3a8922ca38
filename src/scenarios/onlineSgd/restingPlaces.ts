/** Where the dynamics of `online-sgd` rests, as marks on its trajectory: the symmetric plateau, and the specialised end. */
import { factorOf } from "../../algorithms/sgd/index.ts";
import { succeeded } from "../../core/outcome.ts";
import type { FixedPoint, Overlaps, Prediction } from "../../core/types.ts";
import { makeRng } from "../../numerics/random/index.ts";
import { sgdOde, specialisedFixedPoint, symmetricPlateau } from "../../theory/sgd/index.ts";
import { STEPS } from "./framesOf.ts";
import type { P } from "./setting.ts";

type Resting = Pick<P, "activation" | "learningRate" | "noise" | "weightDecay" | "train">;

/** Units of both networks together for which resting places are sought: their cost grows with the fourth power, and relu is slow. */
const MOST: Readonly<Record<P["activation"], number>> = { erf: 10, linear: 10, square: 10, relu: 4 };

/** Share of a mean by which second layers or teacher norms may differ and still count as equal. */
const ALIKE = 1e-9;

function common(values: readonly number[]): number | null {
  const mean = values.reduce((s, x) => s + x, 0) / values.length;
  return values.every((x) => Math.abs(x - mean) <= ALIKE * Math.abs(mean)) ? mean : null;
}

/**
 * Both of a teacher with orthogonal units of the sampled ones' mean norm, which the sampled teacher has up to 1/sqrt N. The plateau
 * is given for several students and teachers, equal second layers and the first layer trained; the specialised end for as many
 * students as teachers, all second layers 1 and erf or relu.
 */
export function restingPlaces(
  p: Resting,
  { v, vTeacher, T }: Pick<Overlaps, "v" | "vTeacher" | "T">
): Pick<Prediction<"generalizationError">, "fixedPoints" | "levels"> {
  const points: FixedPoint[] = [];
  const levels: { readonly name: string; readonly observable: string; readonly value: number }[] = [];
  const [weight, teacherWeight] = [common(v), common(vTeacher)];
  const [K, M] = [v.length, vTeacher.length];
  if (p.train !== "first" || !weight || !teacherWeight) return {};
  const teacherNorm = T.reduce((sum, row, n) => sum + row[n], 0) / M;
  const { activation, learningRate, noise, weightDecay } = p;
  if (K > 1 && M > 1 && K + M <= MOST[activation] && teacherNorm > 0 && learningRate > 0) {
    const plateau = symmetricPlateau({
      ...{ activation, learningRate, noise, weightDecay, teacherNorm, v: weight, vTeacher: teacherWeight },
      studentUnits: K,
      teacherUnits: M
    });
    if (succeeded(plateau.outcome)) {
      const { generalizationError, overlaps, escapeTime } = plateau;
      const order = { generalizationError, ...orderOf(overlaps), ...(escapeTime !== null ? { escapeTime } : {}) };
      points.push({ order, stable: isStable(p, overlaps) });
      if (generalizationError > NOTHING) levels.push({ name: "plateau", observable: "generalizationError", value: generalizationError });
    }
  }
  if (
    K === M &&
    K + M <= MOST[activation] &&
    weight === 1 &&
    teacherWeight === 1 &&
    (activation === "erf" || activation === "relu") &&
    teacherNorm > 0 &&
    learningRate > 0
  ) {
    const end = specialisedFixedPoint({ activation, learningRate, noise, weightDecay }, K, teacherNorm);
    if (succeeded(end.outcome)) {
      const { generalizationError, overlaps } = end;
      points.push({ order: { generalizationError, ...orderOf(overlaps) }, stable: isStable(p, overlaps) });
      if (generalizationError > NOTHING)
        levels.push({ name: "specialised", observable: "generalizationError", value: generalizationError });
    }
  }
  return { ...(points.length ? { fixedPoints: points } : {}), ...(levels.length ? { levels } : {}) };
}

const orderOf = ({ Q, R }: Overlaps) => ({ R: R[0][0], Q: Q[0][0], ...(Q.length > 1 ? { C: Q[0][1] } : {}) });

/** Error below which a resting place is exact. */
const NOTHING = 1e-12;
/** Size of the disturbance, and the time in units of 1/eta in which it must have shrunk. */
const DISTURBANCE = 1e-4;
const PATIENCE = 200;

/** True where students moved a little, each in a direction of its own, come back: their overlaps are nearer after a while. */
function isStable(p: Resting, place: Overlaps): boolean {
  const { factor, rank } = factorOf(place);
  const [K, M] = [place.Q.length, place.T.length];
  const N = rank + K;
  const units = (u: number) => {
    const row = new Float64Array(N);
    row.set(factor.subarray(u * rank, (u + 1) * rank));
    return row;
  };
  const rng = makeRng(0, "online-sgd/disturbance");
  const students = Array.from({ length: K }, (_, k) => units(k).map((x) => x + DISTURBANCE * rng.normal()));
  const teachers = Array.from({ length: M }, (_, m) => units(K + m));
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((s, x, j) => s + x * b[j], 0);
  const start = {
    ...place,
    Q: students.map((a) => students.map((b) => dot(a, b))),
    R: students.map((a) => teachers.map((b) => dot(a, b)))
  };
  const distance = ({ Q, R }: Pick<Overlaps, "Q" | "R">) =>
    [...Q.flat(), ...R.flat()].reduce((s, x, i) => s + (x - [...place.Q.flat(), ...place.R.flat()][i]) ** 2, 0);
  const time = PATIENCE / p.learningRate;
  for (const { t, overlaps } of sgdOde(p, start, [time], STEPS)) if (t === time) return distance(overlaps) < distance(start);
  return false;
}

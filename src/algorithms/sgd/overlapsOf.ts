/** Order parameters of actual weights, Q = W W^T/N, R = W teacher^T/N and T = teacher teacher^T/N, and those of random ones. */
import { ParameterError } from "../../core/parameters.ts";
import type { Overlaps, Rng, Vec } from "../../core/types.ts";

/** A B^T / N of row-major `rows` x N and `cols` x N, summed in four running sums. */
export function gram(A: Vec, rows: number, B: Vec, cols: number, N: number): number[][] {
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: cols }, (_, k) => {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let a = i * N;
      let b = k * N;
      const end = a + N;
      for (; a + 3 < end; a += 4, b += 4) {
        s0 += A[a] * B[b];
        s1 += A[a + 1] * B[b + 1];
        s2 += A[a + 2] * B[b + 2];
        s3 += A[a + 3] * B[b + 3];
      }
      for (; a < end; a++, b++) s0 += A[a] * B[b];
      return (s0 + s1 + (s2 + s3)) / N;
    })
  );
}

/** `W` is K x N, `teacher` M x N; K and M are the lengths of `v` and `vTeacher`. */
export function overlapsOf(W: Vec, v: ArrayLike<number>, teacher: Vec, vTeacher: ArrayLike<number>): Overlaps {
  const K = v.length;
  const M = vTeacher.length;
  const N = W.length / K;
  if (!Number.isInteger(N) || teacher.length !== M * N)
    throw new ParameterError(`overlaps: ${K} students in ${W.length} numbers and ${M} teachers in ${teacher.length} do not share one N`);
  return {
    Q: gram(W, K, W, K, N),
    R: gram(W, K, teacher, M, N),
    T: gram(teacher, M, teacher, M, N),
    v: Array.from(v),
    vTeacher: Array.from(vTeacher)
  };
}

export interface RandomOverlaps {
  /** Student and teacher units. */
  readonly K: number;
  readonly M: number;
  readonly N: number;
  /** Standard deviation of the student's weights; the teacher's is 1. */
  readonly studentScale: number;
  /** v_k ~ N(0, secondScale^2); v_k = 1 where absent. Those of the teacher are 1. */
  readonly secondScale?: number;
}

/** The overlaps of independent Gaussian weights of dimension N. */
export function sampleOverlaps({ K, M, N, studentScale, secondScale }: RandomOverlaps, rng: Rng): Overlaps {
  const W = new Float64Array(K * N);
  const teacher = new Float64Array(M * N);
  rng.fork("W").fillNormal(W, studentScale);
  rng.fork("teacher").fillNormal(teacher);
  const v = new Float64Array(K).fill(1);
  if (secondScale !== undefined) rng.fork("v").fillNormal(v, secondScale);
  return overlapsOf(W, v, teacher, new Float64Array(M).fill(1));
}

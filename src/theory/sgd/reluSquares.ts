/** <theta_i theta_k Delta^2> of relu networks: every quadruple of different fields is integrated once and used in all its places. */
import type { Vec } from "../../core/types.ts";
import { fourOrthant, halfProduct, halfSquare, orthantWork, quadrantProductOf, quadrantSquare, rampProduct } from "./orthants.ts";

/** For K students among L fields: writes <theta_i theta_k Delta^2>, K x K, from covariances `C` (L x L) and signed second layers `s`. */
export function reluSquares(K: number, L: number): (C: Vec, s: Vec, square: Vec) => void {
  const work = orthantWork();
  const rho = new Float64Array(L * L);
  const s1 = new Float64Array(L); // s_a times the standard deviation of field a; 0 for a field that vanishes
  const alive = new Uint8Array(L);
  const members = new Int32Array(4);

  /** Adds 2 s_z s_u <theta_i theta_k z_+ u_+> for the pairs of students among four different fields a < b < c < d. */
  function quadruple(a: number, b: number, c: number, d: number, square: Vec): void {
    members[0] = a;
    members[1] = b;
    members[2] = c;
    members[3] = d;
    for (let x = 0; x < 4; x++) for (let y = 0; y < 4; y++) work.r[4 * x + y] = rho[members[x] * L + members[y]];
    const p4 = fourOrthant(work);
    for (let x = 0; x < 3; x++)
      for (let y = x + 1; y < 4 && members[y] < K; y++) {
        const z = x > 0 ? 0 : y > 1 ? 1 : 2;
        const u = 6 - x - y - z;
        const weight = 2 * s1[members[z]] * s1[members[u]];
        if (weight !== 0) square[members[x] * K + members[y]] += weight * quadrantProductOf(work, p4, x, y, z, u);
      }
  }

  return (C, s, square) => {
    for (let a = 0; a < L; a++) {
      const aa = C[a * L + a];
      alive[a] = aa > 0 ? 1 : 0;
      s1[a] = aa > 0 ? s[a] * Math.sqrt(aa) : 0;
    }
    for (let a = 0; a < L; a++) {
      rho[a * L + a] = 1;
      for (let b = 0; b < a; b++) {
        const r = alive[a] && alive[b] ? C[a * L + b] / Math.sqrt(C[a * L + a] * C[b * L + b]) : 0;
        rho[a * L + b] = rho[b * L + a] = Math.max(-1, Math.min(1, r));
      }
    }
    for (let i = 0; i < K; i++)
      for (let k = i; k < K; k++) {
        let sum = 0;
        if (alive[i] && alive[k])
          for (let z = 0; z < L; z++) {
            if (s1[z] === 0) continue;
            const iz = rho[i * L + z];
            const kz = rho[k * L + z];
            const ik = rho[i * L + k];
            sum +=
              s1[z] *
              s1[z] *
              (i === k ? (z === i ? 0.5 : halfSquare(iz)) : z === i || z === k ? halfSquare(ik) : quadrantSquare(ik, iz, kz));
            for (let u = z + 1; u < L; u++) {
              if (s1[u] === 0) continue;
              const zIn = z === i || z === k;
              const uIn = u === i || u === k;
              const zu = rho[z * L + u];
              let value = 0;
              if (i === k) value = zIn || uIn ? rampProduct(zu) : halfProduct(iz, rho[i * L + u], zu);
              else if (zIn && uIn) value = rampProduct(zu);
              else if (zIn || uIn) {
                const other = (zIn ? z : u) === i ? k : i;
                value = halfProduct(rho[other * L + z], rho[other * L + u], zu);
              }
              sum += 2 * s1[z] * s1[u] * value; // four different fields: below
            }
          }
        square[i * K + k] = sum;
      }
    for (let a = 0; a < K; a++)
      for (let b = a + 1; b < K; b++)
        for (let c = b + 1; c < L; c++)
          for (let d = c + 1; d < L; d++) if (alive[a] && alive[b] && alive[c] && alive[d]) quadruple(a, b, c, d, square);
    for (let i = 0; i < K; i++) for (let k = 0; k < i; k++) square[i * K + k] = square[k * K + i];
  };
}

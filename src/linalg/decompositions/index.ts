/** Dense decompositions: Hermitian eigenvalues, thin singular values, Cholesky; ours in WebAssembly, or LAPACK where it is loaded. */
export { type Cholesky, cholesky } from "./cholesky.ts";
export { type Eigen, symmetricEigen } from "./eigen.ts";
export type { DecompositionOptions, MatrixData } from "./workspace.ts";
export { type TridiagonalForm, tridiagonalForm } from "./tridiagonal.ts";
export { type SingularValues, svd } from "./svd.ts";
export { orientRows } from "./orientRows.ts";

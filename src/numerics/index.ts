/** Special functions, quadrature, roots, fixed points, differential equations, continuation, random numbers. */
export {
  type ContinuationOptions,
  type Curve,
  type CurvePoint as ContinuationPoint,
  continuation,
  type Residual,
  type ResidualJacobian
} from "./continuation.ts";
export { fitExponent, type PowerLaw } from "./fitExponent.ts";
export * from "./fixedPoint.ts";
export * from "./jacobian.ts";
export { type VectorIntegrand, type VectorIntegrator, vectorIntegrator } from "./vectorIntegrator.ts";
export { dopri5, type OdeEnd, type OdeOptions, type RightHandSide } from "./ode.ts";
export * from "./quadrature.ts";
export * from "./random/index.ts";
export * from "./roots.ts";
export * from "./special/index.ts";

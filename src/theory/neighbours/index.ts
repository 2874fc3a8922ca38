/** Distances between points on manifolds of known dimension. */
export { capShare, type SphereNeighbours, sphereNeighbours } from "./sphereNeighbours.ts";

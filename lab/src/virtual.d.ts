declare module "virtual:catalogue" {
  const catalogue: import("./catalogue/types.ts").Catalogue;
  export default catalogue;
}
declare module "virtual:scenarios" {
  const loaders: Readonly<Record<string, () => Promise<import("../../src/experiments/cell.ts").AnyScenario>>>;
  export default loaders;
}

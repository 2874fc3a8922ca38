/** What the sandbox says of a reader's code, and what the editor and the memory of the lessons do. */
import vm from "node:vm";
import { expect, it } from "vitest";
import { broken, indented } from "../../lab/src/lessons/editing.ts";
import { type ExerciseSpec, judge } from "../../lab/src/lessons/exercise.ts";
import { EMPTY, readProgress, standing } from "../../lab/src/lessons/progress.ts";
import { evaluator, type Maker } from "../../lab/src/lessons/sandbox/evaluate.ts";
import { lockdown } from "../../lab/src/lessons/sandbox/lockdown.ts";

const make: Maker = (...parts) => new Function(...parts) as (...args: unknown[]) => unknown;

it("an error names its line, at compile time and at run time", () => {
  const reader = evaluator(make);
  expect(reader.load("function f(x) {\n  return x;\n}", "f").trouble).toBeNull();
  expect(reader.load("function f(x) {\n  const a = 1;\n  return a +* x;\n}", "f").trouble?.line).toBe(3);
  expect(reader.load("function f(x) {\n\n  return nothing + x;\n}", "f").trouble).toBeNull();
  const { trouble } = reader.call([[1]]);
  expect(trouble).toEqual({ message: "ReferenceError: nothing is not defined", line: 3 });
});

it("a bracket that is not closed is said to be that, without a line", () => {
  const { trouble } = evaluator(make).load("function f(x) {\n  return x;\n", "f");
  expect(trouble?.line).toBeNull();
  expect(trouble?.message).toContain("is every bracket closed?");
});

it("only numbers and plain arrays of numbers come out, and the code is strict", () => {
  const reader = evaluator(make);
  const outcome = (code: string) => {
    const loaded = reader.load(code, "f");
    return loaded.trouble?.message ?? reader.call([[2]]).trouble?.message ?? reader.call([[2]]).values[0];
  };
  expect(outcome("const f = (x) => [x, x * x];")).toEqual([2, 4]);
  expect(outcome("function f(x) { x; }")).toBe("TypeError: f should return a number, it returned nothing; is there a return?");
  expect(outcome("function f(x) { return 'a'; }")).toBe("TypeError: f should return a number, it returned a string");
  expect(outcome("function g(x) { return x; }")).toBe("there is no function called f");
  expect(outcome("function f(x) { return import('data:text/javascript,1'); }")).toBe("import is not available here");
  expect(outcome("function f(x) { undeclared = x; return x; }")).toContain("ReferenceError");
});

it("console.log is kept, a little of it", () => {
  const reader = evaluator(make);
  reader.load("function f(x) { console.log('x is', x, [1, 2]); return x; }", "f");
  expect(reader.call([[3]]).printed).toEqual(["x is 3 [1,2]"]);
  expect(reader.call(Array.from({ length: 100 }, () => [1])).printed.length).toBeLessThan(60);
});

it("nothing but mathematics is in reach after the lockdown", () => {
  const scope = vm.createContext({ fetch: () => 1, setTimeout, postMessage: () => 1, Worker: class {} });
  vm.runInContext(
    "Object.setPrototypeOf(globalThis, Object.create(Object.prototype, { XMLHttpRequest: { value: 1, configurable: true } }))",
    scope
  );
  vm.runInContext(
    `(${lockdown.toString().replaceAll("KEPT", "new Set(['Object','Math','globalThis','Set'])").replace("sealConstructors()", "0")})(globalThis)`,
    scope
  );
  expect(
    vm.runInContext(
      "[typeof fetch, typeof setTimeout, typeof postMessage, typeof Worker, typeof XMLHttpRequest, typeof Math].join(' ')",
      scope
    )
  ).toBe("undefined undefined undefined undefined undefined object");
});

it("the sentence of a check names the first input that failed, what was expected and what came", () => {
  const spec = {
    name: "f",
    letters: ["R", "Σ"],
    inputs: [
      [1, 0.5],
      [-2, 0.5]
    ],
    tolerance: 1e-9
  } as unknown as ExerciseSpec;
  const said = (values: readonly number[]) => judge(spec, [0.25, -1], { values, trouble: null, printed: [] }).sentence;
  expect(said([0.25, -1])).toBe("All 2 inputs agree with the library.");
  expect(said([0.25, Number.NaN])).toBe("f(R = −2, Σ = 0.5) should be −1, yours is NaN; 1 of 2 inputs agree.");
  expect(said([0, 0])).toBe("f(R = 1, Σ = 0.5) should be 0.25, yours is 0; no input agrees yet.");
});

it("Tab indents at the caret or the lines selected, Enter keeps the margin and goes deeper after a brace", () => {
  expect(indented("ab", 1, 1)).toEqual({ from: 1, to: 1, insert: "  " });
  expect(indented("a\nb\nc", 2, 5)).toEqual({ from: 2, to: 5, insert: "  b\n  c" });
  expect(broken("  x = {", 7, 7).insert).toBe("\n    ");
  expect(broken("  x;", 4, 4).insert).toBe("\n  ");
});

it("what the browser kept is taken as far as it fits, and nothing else", () => {
  expect(readProgress(null)).toEqual(EMPTY);
  expect(readProgress("{not json")).toEqual(EMPTY);
  const kept = readProgress(
    JSON.stringify({ done: ["amp/a", 3], steps: { amp: 2, x: "y" }, guesses: { "amp/a": 0.5, b: ["c"] }, code: { d: 1 } })
  );
  expect(kept).toEqual({ done: ["amp/a"], steps: { amp: 2 }, guesses: { "amp/a": 0.5 }, code: {} });
  expect(standing(kept, "amp").words).toBe("1 of 2 steps");
});

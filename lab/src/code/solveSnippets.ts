/** The command line and the program that recover the same signal from the same files, or spoil and recover the same picture. */
import type { ImageTask } from "../../../src/experiments/imageTask.ts";
import type { Form } from "../solve/form.ts";
import { learnList, wholeOf } from "../solve/form.ts";
import { commandLine } from "./shell.ts";
import type { Snippet } from "./snippets.ts";

/** What of the arrays is named; `turned` where the page has transposed one. */
type Files = Readonly<Record<"matrix" | "observations" | "truth", { readonly place: string; readonly turned?: boolean } | null>>;

export function solveSnippets(form: Form, { matrix, observations, truth }: Files): Snippet[] {
  if (!matrix || !observations) return [];
  const { prior, channel, basis, damping, iterations, init } = form;
  const learn = learnList(form);
  const auto = form.auto === "1";
  const seed = wholeOf(form.seed, 1);
  const flags = [
    ["--matrix", matrix.place],
    ["--observations", observations.place],
    ...(truth ? [["--truth", truth.place]] : []),
    ["--prior", prior],
    ["--channel", channel],
    ...(basis ? [["--basis", basis]] : []),
    ...(learn.length ? [["--learn", learn.join(",")]] : []),
    ...(auto ? [["--auto"]] : []),
    ...(damping ? [["--damping", damping]] : []),
    ...(iterations ? [["--iterations", iterations]] : []),
    ...(init ? [["--init", init]] : []),
    ...(seed === 1 ? [] : [["--seed", String(seed)]]),
    ["--out", "out/solve"]
  ];
  const q = JSON.stringify;
  const code = [
    'import { channelOf, priorOf, solve, solveRequest } from "spinodal";',
    'import { readArrayFile } from "spinodal/node";',
    "",
    "const given = (place) => ({ place, array: readArrayFile(place) });",
    "const { request } = solveRequest({",
    `  matrix: given(${q(matrix.place)}),`,
    `  observations: given(${q(observations.place)}),`,
    ...(truth ? [`  truth: given(${q(truth.place)}),`] : []),
    `  prior: priorOf(${q(prior)}),`,
    `  channel: channelOf(${q(channel)}),`,
    ...(basis ? [`  basis: ${q(basis)},`] : []),
    ...(learn.length ? [`  learn: ${q(learn)},`] : []),
    ...(auto ? ["  auto: true,"] : []),
    ...(damping ? [`  damping: ${damping === "adaptive" ? q(damping) : Number(damping)},`] : []),
    ...(iterations ? [`  iterations: ${Number(iterations)},`] : []),
    ...(init ? [`  init: ${q(init)},`] : []),
    `  seed: ${seed}`,
    "});",
    "const sweeps = solve(request);",
    "let step = sweeps.next();",
    "while (!step.done) step = sweeps.next();",
    "const { outcome, estimate, deviation, metrics } = step.value;",
    "console.log(outcome, metrics?.raw, estimate.slice(0, 5), deviation.slice(0, 5));",
    ""
  ].join("\n");
  const turned = matrix.turned
    ? { note: `${matrix.place} was transposed on this page: save its transpose (numpy: A.T) and name that file instead.` }
    : {};
  return [
    { title: "Command line", language: "shell", text: commandLine(["spinodal", "solve"], flags), ...turned },
    { title: "TypeScript", language: "typescript", text: code, ...turned }
  ];
}

type Task = Required<Pick<ImageTask, "task" | "model" | "share" | "noise" | "weight" | "side" | "seed">>;

export function imageSnippets({ task, model, share, noise, weight, side, seed }: Task): Snippet[] {
  const q = JSON.stringify;
  const options = [
    `task: ${q(task)}`,
    `model: ${q(model)}`,
    `share: ${share}`,
    `noise: ${noise}`,
    ...(model === "total-variation" ? [`weight: ${weight}`] : []),
    `seed: ${seed}`
  ];
  const code = [
    'import { recoverImage } from "spinodal";',
    'import { readArrayFile } from "spinodal/node";',
    "",
    `const { data: pixels } = readArrayFile("picture.npy"); // ${side} x ${side} greys from 0 to 1`,
    `const run = recoverImage({ pixels, side: ${side}, ${options.join(", ")} });`,
    "let step = run.next();",
    "while (!step.done) step = run.next();",
    "const { outcome, mse, estimate, deviation } = step.value;",
    "console.log(outcome, mse, estimate.length, deviation?.length);",
    ""
  ].join("\n");
  return [
    {
      title: "TypeScript",
      language: "typescript",
      text: code,
      note: "picture.npy is the picture as it is shown here, saved with the button above."
    }
  ];
}

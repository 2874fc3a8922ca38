/** What reproduces the screen elsewhere: a command line and a program, from the same setting that the address carries. */
import { parse } from "../../../src/core/parameters.ts";
import { kebab } from "../../../src/core/specs.ts";
import type { Value } from "../../../src/core/types.ts";
import { isFileValue, type Setting, valueText } from "../address/address.ts";
import type { Entry } from "../catalogue/types.ts";
import { defaultName, gridText, suggestedGrid } from "../views/curve/axis.ts";
import { curveOptions } from "../views/curve/options.ts";
import { defaultHorizontal, heatColour, horizontalGrid, horizontalNames } from "../views/phase/axes.ts";
import { commandLine } from "./shell.ts";

export interface Snippet {
  readonly title: string;
  readonly language: "shell" | "typescript";
  readonly text: string;
  /** What to know before running it. */
  readonly note?: string;
}

/** What a view shows although the address does not say it: grids that it chose. */
export interface Chosen {
  readonly along?: string;
  readonly x?: string;
  readonly y?: string;
}

type Flags = readonly (readonly string[])[];

const fileOf = (key: string) => `${kebab(key)}.json`;

/** Parameters that are not at their default, in declared order. */
function given({ params }: Entry, setting: Setting, without: readonly string[] = []): [string, Value][] {
  return Object.keys(params)
    .filter(
      (key) =>
        setting.params[key] !== undefined && !without.includes(key) && valueText(setting.params[key]) !== valueText(params[key].default)
    )
    .map((key) => [key, setting.params[key]]);
}
function paramFlags(entry: Entry, setting: Setting, without: readonly string[] = []): Flags {
  return given(entry, setting, without).map(([key, value]) => [`--${kebab(key)}`, isFileValue(value) ? fileOf(key) : valueText(value)]);
}
function seedFlags({ seed, seeds }: Setting, count = seeds): Flags {
  return [
    ["--seeds", String(count)],
    ["--seed", String(seed)]
  ];
}

/** The parameters as an object literal; files are read where the program runs. */
function paramsLiteral(entry: Entry, setting: Setting, without: readonly string[] = []): string {
  const pairs = given(entry, setting, without).map(([key, value]) => {
    if (isFileValue(value)) return `${key}: readFileSync(${JSON.stringify(fileOf(key))}, "utf8")`;
    const typed = (parse({ id: entry.id, params: { [key]: entry.params[key] } }, { [key]: value }) as Record<string, Value>)[key];
    return `${key}: ${JSON.stringify(typed)}`;
  });
  return pairs.length ? `{ ${pairs.join(", ")} }` : "{}";
}

function program(
  entry: Entry,
  setting: Setting,
  names: readonly string[],
  body: readonly string[],
  without: readonly string[] = []
): string {
  const files = given(entry, setting, without).some(([, value]) => isFileValue(value));
  return [
    ...(files ? ['import { readFileSync } from "node:fs";'] : []),
    `import { ${[...names].sort((a, b) => a.localeCompare(b)).join(", ")} } from "spinodal";`,
    "",
    `const scenario = scenarioById(scenarios, ${JSON.stringify(entry.id)});`,
    `const params = ${paramsLiteral(entry, setting, without)};`,
    ...body,
    ""
  ].join("\n");
}

const LABORATORY = "const laboratory = { scenarios, executor: inProcessExecutor(), store: memoryStore() };";
/** Where the program is one thread and slow. */
const SLOW = 'One thread; localExecutor() from "spinodal/node" in place of inProcessExecutor() takes all cores.';

function seedsLiteral({ seed, seeds }: Setting): string {
  return seeds <= 12
    ? `[${Array.from({ length: seeds }, (_, k) => seed + k).join(", ")}]`
    : `Array.from({ length: ${seeds} }, (_, k) => ${seed} + k)`;
}

function curve(entry: Entry, setting: Setting, chosen: Chosen): Snippet[] {
  const options = curveOptions(setting.options, entry);
  if (options.against === "time") return trajectories(entry, setting, setting.seeds);
  const name = defaultName(entry);
  const along = setting.options.along ?? chosen.along ?? gridText(suggestedGrid(entry, name, setting.params[name]));
  const axis = along.split("=")[0].trim();
  const observable = options.observable === Object.keys(entry.observables)[0] ? [] : [["--observable", options.observable]];
  return [
    {
      title: "Command line",
      language: "shell",
      text: commandLine(
        ["spinodal", "compare", entry.id],
        [...paramFlags(entry, setting, [axis]), ["--along", along], ...seedFlags(setting), ...observable, ["--out", `out/${entry.id}`]]
      )
    },
    {
      title: "TypeScript",
      language: "typescript",
      text: program(
        entry,
        setting,
        ["compare", "inProcessExecutor", "memoryStore", "parseAxis", "scenarioById", "scenarios"],
        [
          `const along = parseAxis(${JSON.stringify(along)}, scenario);`,
          `const seeds = ${seedsLiteral(setting)};`,
          LABORATORY,
          "const { theory, dots, runs } = await compare({ scenario, params, along, seeds }, laboratory);",
          `for (const { x, all } of dots) console.log(x, all[${JSON.stringify(options.observable)}]);`
        ],
        [axis]
      ),
      note: SLOW
    }
  ];
}

/** Runs with all their frames, and the theory of the same. */
function trajectories(entry: Entry, setting: Setting, count: number): Snippet[] {
  const flags = paramFlags(entry, setting);
  return [
    {
      title: "Command line",
      language: "shell",
      text: [
        commandLine(["spinodal", "simulate", entry.id], [...flags, ...seedFlags(setting, count), ["--trajectory"], ["--json"]]),
        commandLine(["spinodal", "predict", entry.id], [...flags, ["--json"]])
      ].join("\n")
    },
    {
      title: "TypeScript",
      language: "typescript",
      text: program(
        entry,
        setting,
        ["evolveRun", "makeRng", "scenarioById", "scenarios", "simulateRun"],
        [
          ...(count === 1
            ? [`const run = simulateRun(scenario, params, ${setting.seed}, makeRng);`]
            : [`const runs = ${seedsLiteral({ ...setting, seeds: count })}.map((seed) => simulateRun(scenario, params, seed, makeRng));`]),
          "const theory = evolveRun(scenario, params);",
          count === 1
            ? "console.log(run.t, run.series, run.outcome);"
            : "for (const run of runs) console.log(run.seed, run.series, run.outcome);",
          "console.log(theory.t, theory.series);"
        ]
      )
    }
  ];
}

function matrices(entry: Entry, setting: Setting): Snippet[] {
  const [line, code] = trajectories(entry, setting, 1);
  return [
    line,
    { ...code, text: code.text.replaceAll("run.series, run.outcome", "run.matrices").replaceAll("theory.series", "theory.matrices") }
  ];
}

function pictures(entry: Entry, setting: Setting): Snippet[] {
  const [line] = trajectories(entry, setting, 1);
  return [
    { ...line, title: "Command line", note: "The numbers of the run; its pictures come from the program." },
    {
      title: "TypeScript",
      language: "typescript",
      text: program(
        entry,
        setting,
        ["makeRng", "parse", "scenarioById", "scenarios"],
        [
          `const frames = scenario.simulate(parse(scenario, params), makeRng(${setting.seed}, scenario.id), { detail: true });`,
          "for (const frame of frames)",
          "  for (const { name, role, shape, values, deviation } of frame.detail?.pictures ?? [])",
          "    console.log(frame.t, role, name, shape, values.length, deviation?.length);"
        ]
      )
    }
  ];
}

function landscape(entry: Entry, setting: Setting): Snippet[] {
  return [
    {
      title: "Command line",
      language: "shell",
      text: commandLine(["spinodal", "predict", entry.id], [...paramFlags(entry, setting), ["--json"]]),
      note: "Its fixedPoints are the maxima and minima of the curve; the curve itself comes from the program."
    },
    {
      title: "TypeScript",
      language: "typescript",
      text: program(
        entry,
        setting,
        ["parse", "scenarioById", "scenarios"],
        [
          "const { order, x, freeEntropy } = scenario.landscape(parse(scenario, params));",
          "console.log(order, x, freeEntropy);",
          "console.log(scenario.predict(parse(scenario, params)).fixedPoints);"
        ]
      )
    }
  ];
}

function phase(entry: Entry, setting: Setting, chosen: Chosen): Snippet[] {
  const x = setting.options.x ?? chosen.x ?? horizontalGrid(entry, defaultHorizontal(entry) ?? horizontalNames(entry)[0]);
  const y = setting.options.y ?? chosen.y;
  const axes = [x, ...(y === undefined ? [] : [y])].map((text) => text.split("=")[0].trim());
  // runs need a grid of their own, which the view writes into the address when they are asked for
  const runs = y !== undefined && setting.options.heat === "on";
  const grid = y === undefined ? [] : [["--y", y]];
  const shown = heatColour(entry, setting.options.colour);
  const colour = shown === "success" ? [] : [["--observable", shown]];
  return [
    {
      title: "Command line",
      language: "shell",
      text: commandLine(
        ["spinodal", "phase", entry.id],
        [
          ...paramFlags(entry, setting, axes),
          ["--x", x],
          ...grid,
          ...(runs ? [...seedFlags(setting), ...colour] : []),
          ["--out", `out/${entry.id}-phase`]
        ]
      )
    },
    {
      title: "TypeScript",
      language: "typescript",
      text: program(
        entry,
        setting,
        ["inProcessExecutor", "memoryStore", "parseAxis", "phaseDiagram", "scenarioById", "scenarios"],
        [
          `const x = parseAxis(${JSON.stringify(x)}, scenario);`,
          ...(y === undefined ? [] : [`const y = parseAxis(${JSON.stringify(y)}, scenario);`]),
          ...(runs ? [`const simulate = { seeds: ${seedsLiteral(setting)} };`] : []),
          LABORATORY,
          `const { columns, heat } = await phaseDiagram({ scenario, params, x${y === undefined ? "" : ", y"}${runs ? ", simulate" : ""} }, laboratory);`,
          "for (const { x, thresholds } of columns) console.log(x, thresholds);"
        ],
        axes
      ),
      note: SLOW
    }
  ];
}

/** In the order of their tabs. */
export function snippetsOf(entry: Entry, setting: Setting, chosen: Chosen = {}): Snippet[] {
  const files = given(entry, setting).filter(([, value]) => isFileValue(value));
  const made = snippetsFor(entry, setting, chosen);
  if (files.length === 0) return made;
  const note = `${files.map(([key]) => fileOf(key)).join(", ")} ${files.length > 1 ? "are" : "is"} what you opened here, saved as JSON.`;
  return made.map((s) => ({ ...s, note: s.note ? `${note} ${s.note}` : note }));
}

function snippetsFor(entry: Entry, setting: Setting, chosen: Chosen): Snippet[] {
  switch (setting.view) {
    case "curve":
      return curve(entry, setting, chosen);
    case "convergence":
      return trajectories(entry, setting, 1);
    case "landscape":
      return landscape(entry, setting);
    case "phase":
      return phase(entry, setting, chosen);
    case "matrices":
      return matrices(entry, setting);
    case "pictures":
      return pictures(entry, setting);
  }
}

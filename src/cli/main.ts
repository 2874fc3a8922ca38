/** The command line: one file per command, loaded only when it is called, so that starting costs little. */
import { Command, CommanderError } from "commander";
import { ParameterError, suggestion } from "../core/parameters.ts";
import { version } from "../experiments/version.ts";
import { EXIT } from "./exit.ts";

/** What a command file exports: it declares its options on `command` and attaches its action. `words` are its arguments, for scenario flags. */
export type Declare = (command: Command, words: readonly string[]) => void | Promise<void>;

interface Entry {
  readonly about: string;
  readonly load: () => Promise<{ readonly declare: Declare }>;
}

const commands: Readonly<Record<string, Entry>> = {
  list: { about: "scenarios, priors and channels", load: () => import("./list.ts") },
  describe: { about: "a scenario in words and formulas: flags, observables, references, landmarks", load: () => import("./describe.ts") },
  predict: { about: "theory: branches, phase, free entropy, fixed points, trajectory", load: () => import("./predict.ts") },
  simulate: { about: "finite-size runs", load: () => import("./simulate.ts") },
  compare: { about: "theory and simulation along a parameter: table, csv, figure", load: () => import("./compare.ts") },
  thresholds: { about: "transitions", load: () => import("./thresholds.ts") },
  phase: { about: "phase diagram", load: () => import("./phase.ts") },
  solve: { about: "recover a signal from your own data", load: () => import("./solve.ts") },
  lab: { about: "the web lab: every scenario live in a browser, on this machine only", load: () => import("./lab.ts") },
  doctor: { about: "what this machine offers and how to make it faster", load: () => import("./doctor.ts") },
  selftest: { about: "recompute every published number", load: () => import("./selftest.ts") },
  cite: { about: "references as text and BibTeX", load: () => import("./cite.ts") }
};

const GLOBAL = new Set(["-V", "--version", "-h", "--help"]);

/** Runs one command line; the exit code is left in process.exitCode. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT.good); // `spinodal list | head`
    throw error;
  });
  try {
    await run(argv);
  } catch (error) {
    process.exitCode = report(error, argv);
  }
}

async function run(argv: readonly string[]): Promise<void> {
  const program = new Command("spinodal")
    .description("a laboratory for the statistical physics of inference: theory and simulation on the same axes")
    .version(version)
    .helpCommand("help [command]", "the options of a command")
    .showSuggestionAfterError(true)
    .addHelpText(
      "after",
      "\nexamples:\n  spinodal compare perceptron --prior binary --along alpha=0.2:2:0.1 --out out/perceptron\n  spinodal thresholds compressed-sensing --rho 0.2\n  spinodal predict symmetric-door --help"
    );
  quiet(program);
  const verb = argv.find((word) => !GLOBAL.has(word));
  const asked = verb === "help" ? argv[argv.indexOf("help") + 1] : verb;
  if (verb !== undefined && verb !== "help" && !Object.hasOwn(commands, verb))
    throw new ParameterError(
      verb.startsWith("-")
        ? `unknown option ${verb}; a command comes first: ${Object.keys(commands).join(", ")}`
        : `unknown command ${JSON.stringify(verb)}${suggestion(verb, Object.keys(commands)) || ";"} there are ${Object.keys(commands).join(", ")}`
    );
  for (const [name, { about, load }] of Object.entries(commands)) {
    const command = quiet(program.command(name).description(about));
    if (name === asked) await (await load()).declare(command, argv.slice(argv.indexOf(name) + 1));
  }
  if (verb === undefined && argv.length === 0) program.outputHelp();
  else await program.parseAsync(argv, { from: "user" });
}

/** Commander throws instead of exiting, and leaves the printing of errors to `report`. */
function quiet(command: Command): Command {
  return command
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? 110, 120) });
}

/** Prints one sentence on stderr and returns the exit code. */
function report(error: unknown, argv: readonly string[]): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.good; // --help, --version
    const sentence = error.message
      .replace(/^error: /, "")
      .replace(/\.$/, "")
      .replace(/\s*\(Did you mean one of ([^?]*)\?\)/, "; did you mean one of $1?")
      .replace(/\s*\(Did you mean ([^?]*)\?\)/, "; did you mean $1?")
      .replace(/'/g, "")
      .split("\n")
      .join(" ");
    const words = argv.slice(0, argv[1] === undefined || argv[1].startsWith("-") ? 1 : 2).filter((word) => !word.startsWith("-"));
    console.error(`spinodal: ${sentence}${sentence.endsWith("?") ? "" : ";"} see spinodal ${[...words, "--help"].join(" ")}`);
    return EXIT.usage;
  }
  if (error instanceof ParameterError) {
    console.error(`spinodal: ${error.message}`);
    return EXIT.usage;
  }
  if (error instanceof Error && error.name === "Interrupted") {
    console.error(`spinodal: ${error.message}`);
    return EXIT.interrupted;
  }
  console.error(
    `spinodal: a mistake of the program, not yours; please report it with the command line and this trace\n${error instanceof Error ? error.stack : error}`
  );
  return EXIT.fault;
}

/** A model in words: one line a factor, with what goes in, what comes out, and its parameters. */
import type { Placed } from "./arrange.ts";
import type { Model } from "./model.ts";
import { shapeWords } from "./shape.ts";

/** 0.1, 1e-5, 12345: six digits. */
export function short(x: number): string {
  return String(Number(x.toPrecision(6)));
}

/** "rho=0.1, variance=1"; noises of zero and sizes, which the shapes tell, are left out. */
export function parameterWords({ factor }: Placed): string {
  const knobs = Object.entries(factor.knobs)
    .filter(([key, { value }]) => key !== "size" && !(/^noise(Before|After)$/.test(key) && value === 0))
    .map(([key, { value }]) => `${key}=${short(value)}`);
  const facts = Object.entries(factor.facts ?? {}).map(([key, value]) => `${key}=${typeof value === "number" ? short(value) : value}`);
  return [...knobs, ...facts].join(", ");
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, k) => Math.max(...rows.map((row) => row[k].length)));
  return rows.map((row) =>
    row
      .map((cell, k) => cell.padEnd(widths[k]))
      .join("  ")
      .trimEnd()
  );
}

export function describe(model: Model): string {
  const { placed, names } = model.plan;
  const name = (v: Parameters<typeof names.get>[0]) => names.get(v) ?? "";
  const rows = placed.map((p) => {
    const out = p.outputs.length
      ? p.outputs.map((v) => `${name(v)} (${shapeWords(v)})`).join(", ")
      : p.end?.end === "observe"
        ? `${p.owner} ${p.end.data ? "(data)" : "(no data)"}`
        : "(penalty)";
    return [
      p.factor.kind === p.factor.label ? p.factor.kind : `${p.factor.kind} ${p.factor.label}`,
      p.inputs.map(name).join(", "),
      out,
      parameterWords(p)
    ];
  });
  const lines = columns([["factor", "from", "to", "parameters"], ...rows]);
  const count = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;
  const branches = model.plan.variables.filter((v) => (model.plan.uses.get(v)?.length ?? 0) > 1).map(name);
  const free = model.plan.variables.filter((v) => (model.plan.uses.get(v)?.length ?? 0) === 0).map(name);
  return [
    `${count(placed.length, "factor")}, ${count(model.variables.length, "variable")}, ${count(model.observations.length, "observation")}`,
    "",
    ...lines,
    ...(branches.length ? ["", `branches at: ${branches.join(", ")}`] : []),
    ...(free.length ? ["", `observed by nothing: ${free.join(", ")}`] : []),
    ""
  ].join("\n");
}

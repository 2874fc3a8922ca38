/** Tables of numbers as text: commas, semicolons, tabs or blanks; an optional header; # comments; complex entries such as 1+2j. */
import Papa from "papaparse";
import { ParameterError } from "../core/parameters.ts";
import { checkSize, type NumericArray } from "./numericArray.ts";

export interface Table extends NumericArray {
  /** The header's names, absent when the first row is numbers. */
  readonly columns?: readonly string[];
}

const UNSIGNED = "(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?";
const REAL = new RegExp(`^[+-]?${UNSIGNED}$`);
const IMAGINARY = new RegExp(`^([+-]?)(${UNSIGNED})?[ij]$`);
const COMPLEX = new RegExp(`^([+-]?${UNSIGNED})([+-])(${UNSIGNED})?[ij]$`);

/** `[re, im]`, or null when the text is not a number. NaN and infinities are numbers here: the caller names their place. */
export function readNumber(text: string): readonly [number, number] | null {
  if (REAL.test(text)) return [Number(text), 0];
  if (/^[+-]?nan$/i.test(text)) return [Number.NaN, 0];
  if (/^[+-]?inf(inity)?$/i.test(text)) return [text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY, 0];
  const bare = text.startsWith("(") && text.endsWith(")") ? text.slice(1, -1) : text;
  if (bare !== text && REAL.test(bare)) return [Number(bare), 0];
  const imaginary = IMAGINARY.exec(bare);
  if (imaginary) return [0, Number(`${imaginary[1]}${imaginary[2] ?? 1}`)];
  const both = COMPLEX.exec(bare.replace("+-", "-")); // numpy.savetxt writes (1+-2j)
  return both ? [Number(both[1]), Number(`${both[2]}${both[3] ?? 1}`)] : null;
}

/** `n` rows of `m` numbers, as an `n`x`m` array (a vector when m = 1). Throws ParameterError with line and column. */
export function readCsv(text: string, source: string): Table {
  const delimiter = delimiterOf(text);
  let re = new Float64Array(1024);
  let im: Float64Array | null = null;
  let columns: string[] | undefined;
  let width = 0;
  let rows = 0;
  let line = 0;
  Papa.parse<string[]>(text, {
    delimiter,
    newline: text.includes("\r\n") ? "\r\n" : text.includes("\n") ? "\n" : "\r",
    step: ({ data }) => {
      line++;
      let cells = data.map((cell) => cell.trim());
      if (delimiter === " ") cells = cells.filter((cell) => cell !== "");
      const comment = cells.findIndex((cell) => cell.includes("#"));
      if (comment >= 0) {
        const before = cells[comment].slice(0, cells[comment].indexOf("#")).trim();
        cells = [...cells.slice(0, comment), ...(before === "" ? [] : [before])];
      }
      if (cells.every((cell) => cell === "")) return;
      if (cells.length > 1 && cells[cells.length - 1] === "" && (width === 0 || cells.length === width + 1)) cells.pop(); // a trailing comma
      if (rows === 0 && !columns && cells.every((cell) => readNumber(cell) === null && cell !== "")) {
        columns = cells;
        width = cells.length;
        return;
      }
      if (width === 0) width = cells.length;
      if (cells.length !== width)
        throw new ParameterError(
          `${source}: line ${line} has ${cells.length} ${cells.length === 1 ? "column" : "columns"} where ${width} are expected; every row needs as many`
        );
      const at = rows * width;
      if (at + width > re.length) {
        checkSize(source, [rows + 1, width], im ? 16 : 8);
        re = grown(re, at + width);
        if (im) im = grown(im, at + width);
      }
      for (let j = 0; j < width; j++) {
        const value = readNumber(cells[j]);
        if (!value || !Number.isFinite(value[0]) || !Number.isFinite(value[1]))
          throw badCell(source, line, j + 1, cells[j], value !== null);
        re[at + j] = value[0];
        if (value[1] !== 0 || /[ij]/.test(cells[j])) im ??= new Float64Array(re.length);
        if (im) im[at + j] = value[1];
      }
      rows++;
    }
  });
  if (rows === 0) throw new ParameterError(`${source}: no numbers in it; expected rows of numbers separated by commas, tabs or blanks`);
  const n = rows * width;
  const shape = width === 1 ? [rows] : [rows, width];
  const header = columns ? { columns } : {};
  const imaginary = im as Float64Array | null;
  if (!imaginary) return { scalar: "real", shape, data: re.slice(0, n), ...header };
  const data = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    data[2 * k] = re[k];
    data[2 * k + 1] = imaginary[k];
  }
  return { scalar: "complex", shape, data, ...header };
}

/** The delimiter of the first line that holds data. A semicolon or a tab wins over a comma, which may be a decimal one. */
function delimiterOf(text: string): string {
  const first = text.split(/\r\n|\n|\r/, 200).find((line) => line.trim() !== "" && !line.trim().startsWith("#")) ?? "";
  const body = first.trim();
  return body.includes(";") ? ";" : body.includes("\t") ? "\t" : body.includes(",") ? "," : / /.test(body) ? " " : ",";
}

function grown(old: Float64Array, least: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(Math.max(least, 2 * old.length));
  next.set(old);
  return next;
}

function badCell(source: string, line: number, column: number, cell: string, isNumber: boolean): ParameterError {
  const where = `${source}: line ${line}, column ${column}`;
  if (cell === "") return new ParameterError(`${where}: missing value; every cell needs a finite number`);
  if (isNumber) return new ParameterError(`${where}: ${cell}; every entry must be finite: remove or impute it first`);
  const comma = /^[+-]?\d+,\d+$/.test(cell) ? " (a decimal comma? write a point)" : "";
  return new ParameterError(`${where}: ${JSON.stringify(cell.slice(0, 40))} is not a number${comma}; expected e.g. 0.5, -1e-3 or 1+2j`);
}

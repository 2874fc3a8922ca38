import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readNpy, writeNpy } from "../../src/io/npy.ts";
import { readNpz, writeNpz } from "../../src/io/npz.ts";

const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));
const read = (name: string) => readNpy(bytesOf(name), name);

describe("npy files written by NumPy (fixtures/make.py)", () => {
  for (const type of ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "big-f8", "big-i2", "big-u4"])
    test(`the integers 0..5 as ${type}`, () => {
      const a = read(`a-${type}.npy`);
      expect(a.shape).toEqual([2, 3]);
      expect(a.scalar).toBe("real");
      expect([...a.data]).toEqual([0, 1, 2, 3, 4, 5]);
    });
  for (const type of ["c8", "c16", "big-c16"])
    test(`complex numbers as ${type} are interleaved`, () => {
      const a = read(`c-${type}.npy`);
      expect(a.scalar).toBe("complex");
      expect([...a.data]).toEqual([0, 0, 1, -1, 2, -4, 3, -9, 4, -16, 5, -25]);
    });
  test("booleans are 0 and 1", () => expect([...read("bool.npy").data]).toEqual([0, 1, 0, 1, 0, 1]));
  test("single precision stays single precision", () => expect(read("a-f4.npy").data).toBeInstanceOf(Float32Array));
  test("column-major files come out row-major, in two dimensions and three", () => {
    expect([...read("fortran.npy").data]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...read("fortran3.npy").data]).toEqual(Array.from({ length: 24 }, (_, k) => k));
  });
  test("versions 2 and 3 of the format", () => {
    for (const v of [2, 3]) expect([...read(`version${v}.npy`).data]).toEqual([0, 1, 2, 3, 4, 5]);
  });
  test("types without a number are refused by name", () => {
    expect(() => read("half.npy")).toThrow("half.npy: the numbers are of type <f2");
    expect(() => read("text.npy")).toThrow("text.npy: the numbers are of type <U1");
  });
  test("a truncated file says how many bytes are missing", () => {
    const whole = bytesOf("a-f8.npy");
    expect(() => readNpy(whole.slice(0, whole.length - 8), "cut.npy")).toThrow(
      "cut.npy: the file is truncated (2x3 needs 48 bytes of data, 40 are there)"
    );
    expect(() => readNpy(whole.slice(0, 40), "cut.npy")).toThrow("cut.npy: the file is truncated");
  });
  test("a header that promises more than memory is refused before anything is allocated", () => {
    const text = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000), }";
    const bytes = writeNpy({ scalar: "real", shape: [1], data: Float64Array.of(1) }).slice();
    new TextEncoder().encodeInto(text.padEnd(117), bytes.subarray(10));
    expect(() => readNpy(bytes, "huge.npy")).toThrow(/huge.npy: an array of 1000000x1000000 takes 7450.6 GiB/);
  });
});

describe("npy round trip", () => {
  test("any array of doubles comes back bit for bit", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 40 }), fc.boolean(), (values, complex) => {
        const data = Float64Array.from(complex ? [...values, ...values] : values);
        const back = readNpy(writeNpy({ scalar: complex ? "complex" : "real", shape: [values.length], data }), "a.npy");
        expect(back.shape).toEqual([values.length]);
        expect([...back.data]).toEqual([...data]);
      }),
      { numRuns: 100 }
    );
  });
  test("the header is padded to 64 bytes, as NumPy wants it", () => {
    const bytes = writeNpy({ scalar: "complex", shape: [1, 2], data: new Float32Array(4) });
    expect((bytes.length - 16) % 64).toBe(0);
    expect(new TextDecoder().decode(bytes.subarray(10, 80))).toContain("{'descr': '<c8', 'fortran_order': False, 'shape': (1, 2), }");
  });
});

describe("npz files", () => {
  test("members by name, stored or deflated", () => {
    const two = readNpz(bytesOf("two.npz"), "two.npz");
    expect(two.map((a) => a.name)).toEqual(["A", "y"]);
    expect([...two[1].data]).toEqual([1.5, -2.5]);
    const [one] = readNpz(bytesOf("one.npz"), "one.npz");
    expect([...one.data]).toEqual([0, 0, 1, 2, 2, 4, 3, 6, 4, 8, 5, 10]);
  });
  test("round trip", () => {
    const [a] = readNpz(writeNpz({ A: { scalar: "real", shape: [2, 1], data: Float64Array.of(3, 4) } }), "a.npz");
    expect(a).toEqual({ name: "A", scalar: "real", shape: [2, 1], data: Float64Array.of(3, 4) });
  });
  test("a damaged archive is one sentence", () => {
    expect(() => readNpz(bytesOf("two.npz").slice(0, 300), "cut.npz")).toThrow("cut.npz: the zip archive is damaged or truncated");
  });
});

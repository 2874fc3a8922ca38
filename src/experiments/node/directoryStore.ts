/**
 * A store in a folder: `cells/<writer>.ndjson`, one file per writer, one line per finished cell, each line one write call.
 * kill -9 can tear only the last line of a file, and a reader passes over a line that is torn.
 */
import { randomBytes } from "node:crypto";
import { closeSync, createReadStream, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { canonicalJson, type CellRecord, manifestOf } from "../cell.ts";
import type { Store } from "../store.ts";

export interface DirectoryStore extends Store {
  readonly directory: string;
  /** Lines that could not be read, torn or damaged; their cells are computed again. */
  readonly unreadable: number;
}

/** Opens or creates it and reads what every earlier writer left. The writer's own file appears with the first record. */
export async function openStore(directory: string): Promise<DirectoryStore> {
  const root = resolve(directory);
  const cells = join(root, "cells");
  mkdirSync(cells, { recursive: true });
  const writer = `${Date.now().toString(36)}-${process.pid.toString(36)}-${randomBytes(4).toString("hex")}`;
  const kept = new Map<string, CellRecord>();
  const damaged = new Map<string, number>();
  let file: number | null = null;

  const refresh = async () => {
    for (const name of readdirSync(cells).sort()) {
      if (!name.endsWith(".ndjson") || name === `${writer}.ndjson`) continue;
      let bad = 0;
      const lines = createInterface({
        input: createReadStream(join(cells, name), { encoding: "utf8" }),
        crlfDelay: Number.POSITIVE_INFINITY
      });
      for await (const line of lines) {
        if (line === "") continue;
        const record = readRecord(line);
        if (!record) bad++;
        else if (!kept.has(record.key)) kept.set(record.key, record);
      }
      damaged.set(name, bad);
    }
  };
  await refresh();

  return {
    directory: root,
    get unreadable() {
      return [...damaged.values()].reduce((s, n) => s + n, 0);
    },
    has: (key) => kept.has(key),
    get: (key) => kept.get(key),
    records: () => kept.values(),
    append(record) {
      if (kept.has(record.key)) return;
      file ??= openSync(join(cells, `${writer}.ndjson`), "ax");
      const line = Buffer.from(`${JSON.stringify(record)}\n`);
      for (let sent = 0; sent < line.length; ) sent += writeSync(file, line, sent); // one call, unless the disk is full or the line huge
      kept.set(record.key, record);
    },
    refresh,
    async saveManifest(manifest) {
      const folder = join(root, "manifests");
      mkdirSync(folder, { recursive: true });
      const name =
        manifest.description
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, "-")
          .replace(/^-|-$/g, "")
          .slice(0, 60) || "sweep";
      const path = join(folder, `${name}.json`);
      const cellLines = manifestOf(manifest.description, manifest.cells).cells.map(canonicalJson).join(",\n");
      const { cells: _, ...head } = manifest;
      writeWhole(path, `${JSON.stringify(head).slice(0, -1)},"cells":[\n${cellLines}\n]}\n`);
      return path;
    },
    close() {
      if (file === null) return;
      fsyncSync(file);
      closeSync(file);
      file = null;
    }
  };
}

/** A file that is either the old one or the whole new one, never half. */
export function writeWhole(path: string, data: string | Uint8Array): void {
  const draft = `${path}.${process.pid}.${randomBytes(3).toString("hex")}.part`;
  writeFileSync(draft, data);
  renameSync(draft, path);
}

/** null for a torn or foreign line. */
function readRecord(line: string): CellRecord | null {
  try {
    const record: unknown = JSON.parse(line);
    if (record === null || typeof record !== "object") return null;
    const { key, cell, result } = record as Partial<CellRecord>;
    const whole =
      typeof key === "string" &&
      key.length === 64 &&
      typeof cell === "object" &&
      typeof result === "object" &&
      result !== null &&
      "kind" in result;
    return whole ? (record as CellRecord) : null;
  } catch {
    return null;
  }
}

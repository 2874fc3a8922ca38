/** Where finished cells are kept: the contract, and a store in memory for small sweeps and browsers. */
import type { CellRecord, Manifest } from "./cell.ts";

/** Appends only. A record that `append` accepted is there for good. */
export interface Store {
  /** The folder behind it, or null when it lives in memory. An executor on other machines needs one. */
  readonly directory: string | null;
  has(key: string): boolean;
  get(key: string): CellRecord | undefined;
  /** Every record, each key once. */
  records(): IterableIterator<CellRecord>;
  /** Written before it returns; a key that is there already is left alone. */
  append(record: CellRecord): void;
  /** Takes in what other writers have appended since. */
  refresh(): Promise<void>;
  /** Keeps the manifest beside the cells; the path of the file, null in memory. */
  saveManifest(manifest: Manifest): Promise<string | null>;
  close(): void;
}

export function memoryStore(): Store {
  const kept = new Map<string, CellRecord>();
  return {
    directory: null,
    has: (key) => kept.has(key),
    get: (key) => kept.get(key),
    records: () => kept.values(),
    append(record) {
      if (!kept.has(record.key)) kept.set(record.key, record);
    },
    refresh: async () => {},
    saveManifest: async () => null,
    close() {}
  };
}

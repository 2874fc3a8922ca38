/** The package as it is installed and published: lockfile in step, no install scripts, no host names, every listed file there. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly bin?: unknown;
  readonly gypfile?: boolean;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}
interface Lock {
  readonly name: string;
  readonly version: string;
  readonly lockfileVersion: number;
  readonly packages: Readonly<
    Record<string, Manifest & { readonly integrity?: string; readonly hasInstallScript?: boolean; readonly optional?: boolean }>
  >;
}
const read = <T>(path: string) => JSON.parse(readFileSync(join(ROOT, path), "utf8")) as T;
const manifest = read<Manifest>("package.json");
const lockText = readFileSync(join(ROOT, "package-lock.json"), "utf8");
const lock = JSON.parse(lockText) as Lock;
const denied = Object.entries(manifest.allowScripts ?? {}).flatMap(([name, allowed]) => (allowed ? [] : [name]));

describe("the lockfile", () => {
  test("is in step with package.json: name, version, engines and every wanted range", () => {
    const root = lock.packages[""];
    expect(lock.lockfileVersion).toBe(3);
    expect([lock.name, lock.version]).toEqual([manifest.name, manifest.version]);
    for (const key of [
      "name",
      "version",
      "engines",
      "dependencies",
      "devDependencies",
      "optionalDependencies",
      "peerDependencies",
      "bin"
    ] as const)
      expect(root[key], key).toEqual(manifest[key]);
  });

  test("holds a package with an integrity hash for every dependency of every package, in the version that is installed", () => {
    const missing: string[] = [];
    for (const [place, p] of Object.entries(lock.packages)) {
      if (place !== "" && !p.integrity) missing.push(`${place} has no integrity`);
      for (const name of Object.keys({ ...p.dependencies, ...(place === "" ? p.devDependencies : {}) })) {
        // as Node looks it up: in the package's own node_modules, then in those of the folders above
        let folder = place;
        for (;;) {
          if (lock.packages[`${folder ? `${folder}/` : ""}node_modules/${name}`]) break;
          if (folder === "") {
            missing.push(`${place || "the root"} wants ${name}`);
            break;
          }
          folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")));
        }
      }
      const installed = join(ROOT, place, "package.json");
      if (place !== "" && existsSync(installed)) {
        const { version } = JSON.parse(readFileSync(installed, "utf8")) as Manifest;
        if (version !== p.version) missing.push(`${place} is ${version}, locked ${p.version}`);
      } else if (place !== "" && !p.optional) missing.push(`${place} is not installed`);
    }
    expect(missing).toEqual([]);
  });

  test("names no host: a package comes from whatever registry the user has", () => {
    expect(lockText).not.toMatch(/"resolved"/);
    const urls = Object.values(lock.packages).flatMap((p) => Object.values({ ...p.dependencies }).filter((range) => /:\/\//.test(range)));
    expect(urls).toEqual([]);
  });
});

/** Folders of node_modules that hold a package, scoped and nested ones included. */
function packages(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    if (name.startsWith(".")) return [];
    const path = join(folder, name);
    if (name.startsWith("@")) return packages(path);
    return existsSync(join(path, "package.json")) ? [path, ...packages(join(path, "node_modules"))] : [];
  });
}

describe("install scripts", () => {
  /** What npm would run when it installs this package: its own scripts, or node-gyp for a binding.gyp. */
  function runsAtInstall(path: string): boolean {
    const p = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Manifest;
    const own = ["preinstall", "install", "postinstall"].some((s) => p.scripts?.[s]);
    return own || (existsSync(join(path, "binding.gyp")) && p.gypfile !== false);
  }

  test("no installed dependency has one, but those that allowScripts denies", () => {
    const all = packages(join(ROOT, "node_modules"));
    expect(all.length).toBeGreaterThan(50);
    const running = all.filter(runsAtInstall).map((path) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
    expect(running.filter((name) => !denied.includes(name))).toEqual([]);
  });

  test("nor does the lockfile know of one on another platform", () => {
    const scripted = Object.entries(lock.packages).flatMap(([place, p]) =>
      p.hasInstallScript ? [place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length)] : []
    );
    expect(scripted.filter((name) => !denied.includes(name))).toEqual([]);
    expect(readFileSync(join(ROOT, ".npmrc"), "utf8")).toMatch(/^ignore-scripts=true$/m);
  });
});

describe("what is published", () => {
  // what `npm pack` runs first: the bundles and the declarations
  beforeAll(() => {
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/build.mjs"), "--types"], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  }, 240_000);

  test("every entry of files, bin and exports exists after a build", () => {
    const targets = Object.values(manifest.exports ?? {}).flatMap((e) => Object.values(e));
    for (const path of [...(manifest.files ?? []), ...Object.values((manifest.bin ?? {}) as Record<string, string>), ...targets])
      expect(existsSync(join(ROOT, path)), path).toBe(true);
  });

  test("every script of package.json starts a file that exists", () => {
    for (const [name, line] of Object.entries(manifest.scripts ?? {})) {
      const file = /^node (\S+)/.exec(line)?.[1];
      if (file) expect(existsSync(join(ROOT, file)), `${name}: ${line}`).toBe(true);
    }
  });
});

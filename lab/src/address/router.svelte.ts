/**
 * The one place that touches `location` and `history`. Deliberate steps (a page, a scenario, a view) are entries of the history;
 * what is dragged replaces the entry, a few times a second at most, since browsers refuse more than a hundred changes in half a minute.
 */
import { bricks, entryOf } from "../catalogue/index.ts";
import { type Address, formatAddress, parseAddress, pathTroubles, type Setting } from "./address.ts";
import { checked, trimmed } from "./checked.ts";

const EVERY = 400; // ms: 75 changes in half a minute
const isParameter = (id: string, key: string) => key in (entryOf(id)?.params ?? {});

interface Shown {
  readonly address: Address;
  readonly notices: readonly string[];
}

function read(): Shown {
  const address = parseAddress(location.hash, isParameter, new URLSearchParams(location.search).has("embed"));
  if (address.page !== "scenario") return { address, notices: [] };
  const entry = entryOf(address.setting.scenario);
  if (!entry) return { address, notices: [] }; // the page says that there is none
  const { setting, notices } = checked(address, entry, bricks);
  const { madeBy: _, ...rest } = address;
  return { address: { ...rest, setting }, notices: [...pathTroubles(location.hash), ...notices] };
}

class Router {
  private shown: Shown = $state.raw(read());
  private written = location.hash;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = 0;

  constructor() {
    // a link, the address bar and the arrows of the browser all end here
    const heard = () => {
      if (location.hash === this.written) return;
      clearTimeout(this.timer);
      this.timer = undefined;
      this.written = location.hash;
      this.shown = read();
    };
    addEventListener("hashchange", heard);
    addEventListener("popstate", heard);
    addEventListener("pagehide", () => this.flush());
    document.addEventListener("click", () => this.flush(), { capture: true }); // before a link leaves, what was dragged is in the history
  }

  get address(): Address {
    return this.shown.address;
  }
  /** What of the link could not be used, a sentence each. */
  get notices(): readonly string[] {
    return this.shown.notices;
  }
  dismiss(): void {
    this.shown = { ...this.shown, notices: [] };
  }

  /** A deliberate step. */
  go(address: Address): void {
    this.flush();
    this.shown = { address, notices: [] };
    const fragment = formatAddress(address);
    if (fragment === this.written) return;
    history.pushState(null, "", fragment);
    this.written = location.hash;
  }

  /** The same page, changed a little. */
  settle(address: Address): void {
    this.shown = { ...this.shown, address };
    const wait = EVERY - (performance.now() - this.last);
    this.timer ??= setTimeout(() => this.flush(), Math.max(0, wait));
  }

  /** Of a scenario page: another scenario or view is a step, the rest is not. */
  change(patch: Partial<Setting>): void {
    const { address } = this.shown;
    if (address.page !== "scenario") return;
    const setting = { ...address.setting, ...patch };
    const entry = entryOf(setting.scenario);
    const next = { ...address, setting: entry ? { ...setting, params: trimmed(entry, setting.params) } : setting };
    if (setting.scenario !== address.setting.scenario || setting.view !== address.setting.view) this.go(next);
    else this.settle(next);
  }

  private flush(): void {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.last = performance.now();
    const fragment = formatAddress(this.shown.address);
    if (fragment === this.written) return;
    history.replaceState(null, "", fragment);
    this.written = location.hash;
  }
}

export const router = new Router();

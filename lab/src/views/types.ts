/** What every view is given. A view owns nothing of the address: it shows `setting` and asks for changes. */
import type { Component } from "svelte";
import type { Setting, ViewId } from "../address/address.ts";
import type { Entry } from "../catalogue/types.ts";

export interface ViewProps {
  readonly entry: Entry;
  readonly setting: Setting;
  /** Merged into the setting; params and options replace the old ones whole. Views that are dragged call it often. */
  readonly change: (patch: Partial<Setting>) => void;
  /** In lessons, embeds and cards: the figure and its essential controls only. */
  readonly compact?: boolean;
}
export interface View {
  readonly id: ViewId;
  readonly title: string;
  /** One line, for tabs and screen readers. */
  readonly about: string;
  /** Null where the scenario has it, else why not, in a sentence. */
  missing(entry: Entry): string | null;
  load(): Promise<{ readonly default: Component<ViewProps> }>;
}

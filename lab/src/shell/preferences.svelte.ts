/** Theme and motion, as chosen or as the system says; kept by the browser where it lets us (not in private windows, not always on file://). */

export type Theme = "auto" | "light" | "dark";
export type Motion = "auto" | "still" | "moving";

function kept<T extends string>(key: string, known: readonly T[], fallback: T): T {
  try {
    const value = localStorage.getItem(`spinodal.${key}`);
    return known.includes(value as T) ? (value as T) : fallback;
  } catch {
    return fallback;
  }
}
function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`spinodal.${key}`, value);
  } catch {
    // chosen for this visit only
  }
}

const darkSystem = matchMedia("(prefers-color-scheme: dark)");
const stillSystem = matchMedia("(prefers-reduced-motion: reduce)");

class Preferences {
  private theme_: Theme = $state(kept("theme", ["auto", "light", "dark"], "auto"));
  private motion_: Motion = $state(kept("motion", ["auto", "still", "moving"], "auto"));
  private systemDark = $state(darkSystem.matches);
  private systemStill = $state(stillSystem.matches);

  constructor() {
    darkSystem.addEventListener("change", (event) => {
      this.systemDark = event.matches;
      this.show();
    });
    stillSystem.addEventListener("change", (event) => {
      this.systemStill = event.matches;
      this.show();
    });
    this.show();
  }

  get theme(): Theme {
    return this.theme_;
  }
  set theme(value: Theme) {
    this.theme_ = value;
    keep("theme", value);
    this.show();
  }
  get dark(): boolean {
    return this.theme_ === "auto" ? this.systemDark : this.theme_ === "dark";
  }
  /** Nothing should move by itself. */
  get still(): boolean {
    return this.motion_ === "auto" ? this.systemStill : this.motion_ === "still";
  }
  set still(value: boolean) {
    this.motion_ = value === this.systemStill ? "auto" : value ? "still" : "moving";
    keep("motion", this.motion_);
    this.show();
  }

  private show(): void {
    const { dataset } = document.documentElement;
    dataset.theme = this.dark ? "dark" : "light";
    dataset.motion = this.still ? "still" : "moving";
  }
}

export const preferences = new Preferences();

/** The transport of a live run: which mode follows which press, and how many frames are due. Pure; liveRun.svelte.ts acts on it. */

/**
 * opening: the instance is being drawn. resting: waits for a press. playing: at the speed chosen. rushing: as fast as it computes.
 * ended: nothing more to come. refused: the parameters were not accepted.
 */
export type Mode = "opening" | "resting" | "playing" | "rushing" | "ended" | "refused";
export type Press = "play" | "pause" | "step" | "finish" | "reset" | "opened" | "end" | "refuse";

/** What a press that makes no sense in a mode does is nothing. `reset` opens the instance anew, from every mode. */
export function modeAfter(mode: Mode, press: Press): Mode {
  if (press === "reset") return "opening";
  if (press === "refuse") return "refused";
  if (mode === "refused") return mode;
  if (mode === "opening") return press === "opened" ? "resting" : mode;
  if (press === "end") return "ended";
  if (mode === "ended") return mode;
  switch (press) {
    case "play":
      return "playing";
    case "finish":
      return "rushing";
    case "pause":
    case "step":
      return "resting";
    default:
      return mode;
  }
}

/** Frames a second; "max" is as many as are computed. */
export const SPEEDS = ["1", "3", "8", "25", "max"] as const;
export type Speed = (typeof SPEEDS)[number];
export const DEFAULT_SPEED: Speed = "8";

export function speedOf(text: string | undefined): Speed {
  return SPEEDS.find((s) => s === text) ?? DEFAULT_SPEED;
}

/** Enough for any run, and a number that travels. */
const ALL = Number.MAX_SAFE_INTEGER;

/**
 * How many frames are due after `milliseconds` more, and the fraction of a frame that is carried to the next time. A page that slept (a
 * hidden tab) owes no more than a quarter of a second.
 */
export function due(milliseconds: number, speed: Speed, carried: number): { readonly count: number; readonly carried: number } {
  if (speed === "max") return { count: ALL, carried: 0 };
  const owed = carried + (Math.min(milliseconds, 250) / 1000) * Number(speed);
  const count = Math.floor(owed + 1e-9);
  return { count, carried: Math.max(0, owed - count) };
}

/** Keyboard of the view: what a key presses, null where it is none of ours. */
export function pressOf(key: string, mode: Mode): Press | "replay" | null {
  if (key === " ") return mode === "playing" || mode === "rushing" ? "pause" : mode === "ended" ? "replay" : "play";
  if (key === "ArrowRight") return "step";
  if (key === "End") return "finish";
  if (key === "Home") return "reset";
  return null;
}

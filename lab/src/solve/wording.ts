/** Sentences of the library as the page says them: flags of the command line become the names of controls. */

const CONTROLS: Readonly<Record<string, string>> = {
  "--auto": "“Apply cures”",
  "--learn": "learning",
  "--truth": "the truth",
  "--matrix": "the matrix",
  "--observations": "the measurements",
  "--prior": "prior",
  "--channel": "channel",
  "--basis": "basis",
  "--damping": "damping",
  "--iterations": "sweeps",
  "--init": "start"
};

export function onPage(sentence: string): string {
  const text = sentence.replace(/^solve: /, "").replace(/--[a-z]+/g, (flag) => CONTROLS[flag] ?? flag.slice(2));
  // a file keeps its name as it is
  const opening = /^\S+\.\w+:/.test(text) ? text.charAt(0) : text.charAt(0).toUpperCase();
  return opening + text.slice(1) + (/[.?!)]$/.test(text) ? "" : ".");
}

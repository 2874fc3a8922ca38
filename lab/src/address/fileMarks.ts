/**
 * Files in links: only the digest of a file's text travels, `file:1f0c...`. Whoever opened the file here finds it again
 * (back, forward, reload of a fragment); elsewhere the link says which file is missing.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** The text of a `file` parameter is JSON; no other parameter begins like it. */
export function isFileText(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

const opened = new Map<string, string>();
const marks = new Map<string, string>();

/** `file:` and 16 hexadecimal digits of SHA-256; the text is remembered for as long as the page is open. */
export function fileMark(text: string): string {
  let mark = marks.get(text);
  if (mark === undefined) {
    mark = `file:${bytesToHex(sha256(utf8ToBytes(text))).slice(0, 16)}`;
    marks.set(text, mark);
    opened.set(mark, text);
  }
  return mark;
}

export function isFileMark(text: string): boolean {
  return /^file:[0-9a-f]{16}$/.test(text);
}

/** The text behind a mark, where it was opened here. */
export function fileBehind(mark: string): string | undefined {
  return opened.get(mark);
}

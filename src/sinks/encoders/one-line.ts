/** C0 and C1 controls, DEL, the separators that end a line for some readers, and what turns the reading order around. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** Text that cannot end its line or steer a terminal: runs of such characters become one blank. */
export function onOneLine(text: string): string {
  return text.replace(UNSAFE, ' ').trim();
}

/** The beginning of a text, at most `length` UTF-16 units, no character halved; a cut is shown by `...`. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 3).replace(/[\ud800-\udbff]$/, '')}...`;
}

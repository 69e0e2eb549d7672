/**
 * JSON lets these stand unescaped, but they end a line for some readers of NDJSON (NEL, U+2028, U+2029), steer a terminal
 * that shows the file (C1 controls), or turn the reading order of what follows around (bidirectional controls).
 */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** One line of NDJSON. Keys that are `undefined` are left out. */
export function jsonLine(value: object): string {
  return `${JSON.stringify(value).replace(UNSAFE, escaped)}\n`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A run of letters and digits. `end` is exclusive. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Whatever stands between words (`_`, `-`, `.`, `/`, space ...) separates. Beyond ASCII all counts as a letter. */
export function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  let start = -1;
  for (let at = 0; at < text.length; at++) {
    if (isWordCode(text.charCodeAt(at))) {
      if (start === -1) start = at;
    } else if (start !== -1) {
      words.push({ text: text.slice(start, at), start, end: at });
      start = -1;
    }
  }
  if (start !== -1) words.push({ text: text.slice(start), start, end: text.length });
  return words;
}

function isWordCode(code: number): boolean {
  return isDigitCode(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code >= 128;
}

export function isDigitCode(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** @returns true for one ASCII digit or more, and nothing else. */
export function isNumber(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isDigitCode(text.charCodeAt(at))) return false;
  return text !== '';
}

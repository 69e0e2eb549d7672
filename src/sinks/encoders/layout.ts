/**
 * Text as lines of at most `width` characters, broken at white space, and within a word where the word alone is longer.
 * What could steer a terminal becomes U+FFFD. White space of every kind, line breaks too, becomes one space.
 */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap((it) => pieces(harmless(it), width))) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (lengthOf(joined) <= width) {
      line = joined;
    } else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** A label in its column, and text beside it. */
export function row(label: string, lines: readonly string[], indent: number): readonly string[] {
  return lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(indent - 2)}${line}`);
}

/** C0 and C1 controls, DEL, and the marks that turn the reading order around. */
const STEERING = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

function harmless(word: string): string {
  return word.replace(STEERING, '\ufffd');
}

/** In code points: near enough to columns for addresses, names and English. */
function lengthOf(text: string): number {
  return [...text].length;
}

function pieces(word: string, width: number): readonly string[] {
  const characters = [...word];
  const cut: string[] = [];
  for (let start = 0; start < characters.length; start += width) {
    cut.push(characters.slice(start, start + width).join(''));
  }
  return cut;
}

/**
 * Text as it was before OpenSSH made it printable: `log.c` writes messages through `strnvis(3)` with `VIS_CSTYLE` and
 * `VIS_OCTAL`, so bytes outside ASCII are `\303\251`, a backslash is `\\`, and quotes stay as they are.
 */
export function unvis(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/(?:\\[0-3][0-7]{2})+|\\([\s\S])/g, (run, escaped: string | undefined) =>
    escaped === undefined ? fromOctal(run) : (CONTROLS.get(escaped) ?? escaped),
  );
}

function fromOctal(run: string): string {
  const bytes = Buffer.alloc(run.length / 4);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(run.slice(index * 4 + 1, index * 4 + 4), 8);
  }
  return bytes.toString();
}

/** vis(3), `VIS_CSTYLE`. */
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['a', '\x07'],
  ['v', '\v'],
  ['f', '\f'],
  ['s', ' '],
  ['0', '\0'],
]);

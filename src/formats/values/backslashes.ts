/**
 * Takes back what a server put before characters that would break its log: `\"`, `\\`, `\t` and the like, `\x22` and
 * `\xc3\xa9` (bytes of UTF-8; Apache writes lower, nginx upper case), and JSON's `\/` and `\u00e9`. What is no such
 * escape stays as it is.
 */
export function withoutBackslashes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPES, (written) => {
    if (written.startsWith('\\x')) return Buffer.from(written.replaceAll('\\x', ''), 'hex').toString();
    if (written.startsWith('\\u')) return String.fromCharCode(Number.parseInt(written.slice(2), 16));
    const escaped = written.charAt(1);
    return CONTROLS[escaped] ?? escaped;
  });
}

/** Bytes that stand side by side are taken together, for they may be one character. */
const ESCAPES = /(?:\\x[0-9A-Fa-f]{2})+|\\u[0-9A-Fa-f]{4}|\\["\\/bfnrtv]/g;

const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

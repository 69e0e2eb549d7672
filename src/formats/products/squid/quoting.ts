/**
 * How Squid protects a value in its log (squid.conf, "logformat", encoding): `quoted` `"`, `percent` `[`, `url` `#`,
 * `shell` `/`, `raw` `'`. `none` is what stands there without any: raw, but for headers, which are percent-encoded.
 */
export type SquidQuoting = 'none' | 'quoted' | 'percent' | 'url' | 'shell' | 'raw';

/** The value as it was before Squid protected it. What was not escaped properly stays as it is. */
export function unquote(value: string, quoting: SquidQuoting): string {
  switch (quoting) {
    case 'none':
    case 'raw':
      return value;
    case 'quoted':
      return withoutBackslashes(value);
    case 'percent':
      return percentDecoded(withoutBackslashes(value));
    case 'url':
      return percentDecoded(value);
    case 'shell':
      return withoutBackslashes(value.startsWith('"') ? value.slice(1, -1) : value);
    default:
      return quoting satisfies never;
  }
}

/** `%XX` as bytes of UTF-8. */
export function percentDecoded(value: string): string {
  if (!value.includes('%')) return value;
  return value.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
}

function withoutBackslashes(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\([\s\S])/g, (_, escaped: string) => CONTROLS[escaped] ?? escaped);
}

const CONTROLS: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t' };

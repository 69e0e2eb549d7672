/**
 * Percent-decodes once, as UTF-8 (RFC 3986 section 2.1). Where the bytes are no UTF-8, each stands for one Latin-1
 * character; a percent sign without two hexadecimal digits stays.
 */
export function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}

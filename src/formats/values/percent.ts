/**
 * A path without its percent signs (RFC 3986 section 2.1), as UTF-8. What is no UTF-8, or holds a percent sign that
 * stands for nothing, is left as it is written.
 */
export function pathFromUrl(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The first line of a request, as far as it is one. */
export interface RequestLine {
  readonly method?: string;
  readonly target?: string;
}

/**
 * Reads `POST /claims HTTP/1.1` (RFC 9112 section 3). A target may hold blanks where a client sent them raw, and the
 * version may be missing. What is no request (`-`, `<BADREQ>`, a TLS hello) gives nothing.
 */
export function readRequestLine(text: string): RequestLine {
  const methodEnd = text.indexOf(' ');
  if (methodEnd <= 0 || methodEnd > LONGEST_METHOD || !isToken(text, methodEnd)) return NOTHING;
  const lastBlank = text.lastIndexOf(' ');
  const hasVersion = lastBlank > methodEnd && text.startsWith('HTTP/', lastBlank + 1);
  const target = text.slice(methodEnd + 1, hasVersion ? lastBlank : text.length);
  return target === '' ? NOTHING : { method: text.slice(0, methodEnd), target };
}

/** Letters, and the few other marks that methods in use have. */
function isToken(text: string, end: number): boolean {
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at) | LOWER_CASE;
    const isLetter = code >= 97 && code <= 122;
    if (!isLetter && text[at] !== '-' && text[at] !== '_') return false;
  }
  return true;
}

const NOTHING: RequestLine = {};
const LONGEST_METHOD = 32;
const LOWER_CASE = 32;

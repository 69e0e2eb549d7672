/** A message without the header that syslog or the journal put before it. */
export interface SyslogMessage {
  /** UTC, ms since the epoch. */
  readonly timeMs?: number;
  /** As the header has it: a name, a name with its domain, or an address. */
  readonly host?: string;
  readonly program?: string;
  /** Digits mostly; of any form in RFC 5424. */
  readonly pid?: string;
  /** Without the blanks and the byte order mark before it. */
  readonly message: string;
}

/** Relays leave a blank before the message (the one behind the tag's colon), RFC 5424 allows a byte order mark. */
export function messageFrom(text: string, start: number): string {
  const at = afterBlanks(text, start);
  return text.slice(text.charCodeAt(at) === BYTE_ORDER_MARK ? at + 1 : at);
}

/** The first place from `start` on that holds no blank. */
export function afterBlanks(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === BLANK) at++;
  return at;
}

const BLANK = 32;
const BYTE_ORDER_MARK = 0xfeff;

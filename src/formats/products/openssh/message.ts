import type { Endpoint, LogRecord } from '../../record.ts';
import type { AddressReader } from '../../values/address-text.ts';

/** What a message tells, without the time, host and session that its header tells. */
export type SshFacts = Omit<LogRecord, 'timeMs' | 'server' | 'session'>;

/** `broken`: begins like a message that is known, and goes on as none does. */
export type SshMessage = SshFacts | { readonly skipped: string } | 'broken';

/** How one kind of message begins, and what reads the rest of it. */
export interface MessageKind {
  readonly start: string;
  readonly read: (rest: string, addressText: AddressReader) => SshMessage;
}

/** The last part of messages about a connection: `IP port N`, in old versions `IP` alone; a name with `UseDNS yes`. */
export function peerOf(text: string, addressText: AddressReader): Endpoint | undefined {
  const [, address = '', digits] = /^(\S{1,255})(?: port (\d{1,5}))?$/.exec(text) ?? [];
  if (address === '') return undefined;
  // What sftp-server(8) writes when it was not started by sshd.
  if (address === 'UNKNOWN') return {};
  const ip = addressText(address);
  const port = Number(digits);
  return {
    ...(ip === undefined ? { host: address.toLowerCase() } : { ip }),
    ...(port > 0 && port <= 65_535 && { port }),
  };
}

/** Looks among kinds by the message's first word, then by the rest of its beginning. */
export function messageTable(
  kinds: readonly MessageKind[],
): (message: string, addressText: AddressReader) => SshMessage {
  const byFirstWord = new Map<string, readonly MessageKind[]>();
  for (const kind of kinds) {
    const word = firstWord(kind.start);
    byFirstWord.set(word, [...(byFirstWord.get(word) ?? []), kind]);
  }
  return (message, addressText) => {
    for (const { start, read } of byFirstWord.get(firstWord(message)) ?? []) {
      if (message.startsWith(start)) return read(message.slice(start.length), addressText);
    }
    return { skipped: 'tells nothing about logins or files' };
  };
}

function firstWord(text: string): string {
  const end = text.indexOf(' ');
  return end === -1 ? text : text.slice(0, end);
}

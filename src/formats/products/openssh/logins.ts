import type { Endpoint } from '../../record.ts';
import type { AddressReader } from '../../values/address-text.ts';
import { type MessageKind, messageTable, peerOf, type SshFacts, type SshMessage } from './message.ts';
import { unvis } from './text.ts';

/**
 * Messages of sshd (`auth.c`, `packet.c`, `session.c`), which is `sshd-session` and `sshd-auth` from OpenSSH 9.8 on. A
 * connection whose user is known ends in one of four ways; the fifth, a mere `Connection closed by IP`, has no user.
 */
const KINDS: readonly MessageKind[] = [
  // At level VERBOSE a key that may be used is announced in the same words as a login.
  { start: 'Accepted key ', read: () => ({ skipped: 'announces a key, not yet a login' }) },
  { start: 'Accepted certificate ', read: () => ({ skipped: 'announces a certificate, not yet a login' }) },
  { start: 'Accepted ', read: readAccepted },
  // "Failed to ...": something else of the daemon's.
  { start: 'Failed to ', read: () => ({ skipped: 'tells of trouble of the daemon itself' }) },
  { start: 'Failed ', read: readFailed },
  { start: 'Invalid user ', read: readInvalidUser },
  { start: 'Disconnected from user ', read: readEnd },
  { start: 'Connection closed by user ', read: readEnd },
  { start: 'Connection reset by user ', read: readEnd },
  { start: 'Timeout, client not responding from user ', read: readEnd },
];

/** What a message of sshd's tells. Before authentication (`[preauth]`) nobody was let in, so no one leaves either. */
export const readSshdMessage = messageTable(KINDS);

/**
 * `publickey for USER from IP port N ssh2: ED25519 SHA256:...`. The account exists, so its name is no trick of the
 * client's, but a certificate's id, further on, may be any text: hence the first ` from ` that fits.
 */
function readAccepted(rest: string, addressText: AddressReader): SshMessage {
  const { method, after } = methodOf(rest);
  if (method === undefined) return 'broken';
  for (let at = after.indexOf(' from '); at !== -1; at = after.indexOf(' from ', at + 1)) {
    ORIGIN.lastIndex = at;
    const [origin, peerText = '', fingerprint] = ORIGIN.exec(after) ?? [];
    const peer = origin === undefined ? undefined : peerOf(peerText, addressText);
    if (peer === undefined) continue;
    const key = fingerprint === undefined ? undefined : keyOf(fingerprint);
    return {
      kind: 'login',
      client: { ...peer, user: unvis(after.slice(0, at)) },
      auth: { method, ...(key !== undefined && { key }) },
      outcome: 'success',
    };
  }
  return 'broken';
}

/** ` from IP port N ssh2: ED25519 SHA256:...` */
const ORIGIN = / from (\S{1,255}(?: port \d{1,5})?) ssh\d(?:: [\w-]{1,64} (\S{1,256}))?/y;

/** `password for [invalid user ]USER from IP port N ssh2`. The name is the client's own words: hence the last ` from `. */
function readFailed(rest: string, addressText: AddressReader): SshMessage {
  const { method, after } = methodOf(rest);
  if (method === undefined) return 'broken';
  const end = after.lastIndexOf(' ssh');
  const client = userFrom(after.slice(0, end === -1 ? undefined : end).replace(/^invalid user /, ''), addressText);
  return client === undefined ? 'broken' : { kind: 'login', client, auth: { method }, outcome: 'failure' };
}

/** `USER from IP port N` */
function readInvalidUser(rest: string, addressText: AddressReader): SshMessage {
  const client = userFrom(rest, addressText);
  return client === undefined ? 'broken' : { kind: 'login', client, outcome: 'failure' };
}

/** `USER IP port N` */
function readEnd(rest: string, addressText: AddressReader): SshMessage {
  const port = rest.lastIndexOf(' port ');
  const userEnd = port === -1 ? -1 : rest.lastIndexOf(' ', port - 1);
  const peer = userEnd <= 0 ? undefined : peerOf(rest.slice(userEnd + 1), addressText);
  if (peer === undefined) return 'broken';
  return { kind: 'logout', client: { ...peer, user: unvis(rest.slice(0, userEnd)) } } satisfies SshFacts;
}

function userFrom(text: string, addressText: AddressReader): Endpoint | undefined {
  const at = text.lastIndexOf(' from ');
  const peer = at === -1 ? undefined : peerOf(text.slice(at + ' from '.length), addressText);
  if (peer === undefined) return undefined;
  const user = unvis(text.slice(0, at));
  return user === '' ? peer : { ...peer, user };
}

/** `keyboard-interactive/pam for ...`: the method ends at the first blank. */
function methodOf(rest: string): { readonly method: string | undefined; readonly after: string } {
  const end = rest.indexOf(' for ');
  const method = end === -1 ? '' : rest.slice(0, end);
  return { method: /^[\w/.-]{1,64}$/.test(method) ? method : undefined, after: rest.slice(end + ' for '.length) };
}

/**
 * A fingerprint as `SHA256:...` or `MD5:...`: before OpenSSH 6.8 it was MD5 without saying so. Of a certificate the
 * one that is logged first is that of the user's key; old versions log none, and a word of the id stands there.
 */
function keyOf(fingerprint: string): string | undefined {
  if (/^[0-9a-f]{2}(?::[0-9a-f]{2}){15}$/.test(fingerprint)) return `MD5:${fingerprint}`;
  return /^(?:SHA\d{1,3}|MD5):/.test(fingerprint) ? fingerprint : undefined;
}

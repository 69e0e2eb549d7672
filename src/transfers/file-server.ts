import type { LogRecord } from '../formats/record.ts';
import { type Origin, observed } from './observed.ts';
import type { FileSession, LiveLogins, Sessions } from './sessions.ts';
import type { Access, Party, Transfer } from './transfer.ts';

/** Remembered of one user at one address; of more, the oldest are simply not joined. */
const MAX_LOGINS = 64;

/**
 * A login line. With an authentication (sshd's `Accepted ...`) it is an access. Without one it is the SFTP server's own
 * `session opened`, which is an access only where sshd's line was not in this log.
 */
export function loginAccess(origin: Origin, sessions: Sessions): readonly Access[] {
  const { record, line } = origin;
  if (record.outcome !== 'success') return [];
  const joined = record.auth === undefined ? liveLogins(sessions, line.source, record) : undefined;
  if (record.auth === undefined) openFileSession(origin, sessions, joined);
  else rememberLogin(origin, sessions);
  return joined === undefined ? [access(origin)] : [];
}

/** A logout line ends the file session, or one of the logins. */
export function forgetLogin({ record, line }: Origin, sessions: Sessions): void {
  const fileSession = fileSessionKey(record);
  if (fileSession !== undefined && sessions.get(line.source, fileSession) !== undefined) {
    sessions.end(line.source, fileSession);
    return;
  }
  const logins = liveLogins(sessions, line.source, record)?.logins;
  const port = record.client?.port;
  if (logins === undefined || port === undefined) return;
  const left = logins.filter((it) => it.port !== port);
  if (left.length === 0) sessions.end(line.source, loginsKey(record));
  else sessions.set(line.source, loginsKey(record), { kind: 'logins', logins: left }, record.timeMs);
}

/**
 * A file that was read from our server went to the session's client. The close line alone tells the bytes, and nothing
 * else: user and address come from the session. What was written is inbound. Nothing is known at `open`: an open that
 * failed looks the same, and the close follows otherwise.
 */
export function fileTransfers(origin: Origin, sessions: Sessions): readonly Transfer[] {
  const { record, line } = origin;
  const key = fileSessionKey(record);
  const state = key === undefined ? undefined : sessions.get(line.source, key);
  const session = state?.kind === 'file-session' ? state : undefined;
  if (key !== undefined && session !== undefined) sessions.set(line.source, key, session, record.timeMs);

  const bytes = record.bytesToClient;
  if (record.file === undefined || record.outcome === undefined || bytes === undefined || bytes === 0) return [];
  const receiver = receiverOf(record, session);
  return [
    {
      kind: 'transfer',
      ...observed(origin, 'to-client', 'sftp'),
      vehicle: 'file',
      sender: serverOf(record),
      receiver,
      bytes,
      // The server counts what it sent; a forced close cuts the rest short, not what had gone.
      reach: record.outcome === 'success' || record.outcome === 'aborted' ? 'delivered' : 'attempted',
      path: record.file.path,
      ...(receiver.user !== undefined && { account: receiver.user }),
      ...(session?.key !== undefined && { key: session.key }),
      ...(receiver.ip === undefined && { addressMissing: session === undefined ? NO_BEGINNING : NO_ADDRESS }),
    },
  ];
}

const NO_BEGINNING = 'the line that opened this session is not in the log';
const NO_ADDRESS = 'the line that opened this session does not tell an address';

function access(origin: Origin): Access {
  const { client = {}, auth } = origin.record;
  return {
    kind: 'access',
    ...observed(origin, 'access', auth === undefined ? 'sftp' : 'ssh'),
    receiver: client,
    sender: serverOf(origin.record),
    ...(client.user !== undefined && { account: client.user }),
    ...(auth?.key !== undefined && { key: auth.key }),
    ...(auth !== undefined && { authMethod: auth.method }),
  };
}

function openFileSession({ record, line }: Origin, sessions: Sessions, logins: LiveLogins | undefined): void {
  const key = fileSessionKey(record);
  if (key === undefined) return;
  const { user, ip } = record.client ?? {};
  // Nothing in the log says which of several logins the session belongs to.
  const port = shared(logins?.logins.map((it) => it.port));
  const sshKey = shared(logins?.logins.map((it) => it.key));
  const session: FileSession = {
    kind: 'file-session',
    ...(user !== undefined && { user }),
    ...(ip !== undefined && { ip }),
    ...(port !== undefined && { port }),
    ...(sshKey !== undefined && { key: sshKey }),
  };
  sessions.set(line.source, key, session, record.timeMs);
}

function rememberLogin({ record, line }: Origin, sessions: Sessions): void {
  const before = liveLogins(sessions, line.source, record)?.logins ?? [];
  const { port } = record.client ?? {};
  const key = record.auth?.key;
  const login = { ...(port !== undefined && { port }), ...(key !== undefined && { key }) };
  // Where no port is logged no end can be told from another: the latest login stands for all.
  const others = before.filter((it) => it.port !== port);
  const logins = [...others, login].slice(-MAX_LOGINS);
  sessions.set(line.source, loginsKey(record), { kind: 'logins', logins }, record.timeMs);
}

/** What all have in common; `undefined` where they differ. */
function shared<T>(values: readonly T[] = []): T | undefined {
  const [first, ...others] = values;
  return others.every((it) => it === first) ? first : undefined;
}

function liveLogins(sessions: Sessions, source: string, record: LogRecord): LiveLogins | undefined {
  const state = sessions.get(source, loginsKey(record));
  return state?.kind === 'logins' ? state : undefined;
}

function receiverOf({ client }: LogRecord, session: FileSession | undefined): Party {
  const { kind: _, key: __, ...party } = session ?? { kind: 'file-session' };
  return { ...party, ...client };
}

function serverOf({ server }: LogRecord): Party {
  return server ?? {};
}

function fileSessionKey({ session, server }: LogRecord): string | undefined {
  return session === undefined ? undefined : `session ${server?.host ?? ''} ${session}`;
}

function loginsKey({ client, server }: LogRecord): string {
  return `logins ${server?.host ?? ''} ${client?.ip ?? client?.host ?? ''} ${client?.user ?? ''}`;
}

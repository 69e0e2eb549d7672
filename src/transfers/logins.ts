import type { LogRecord } from '../formats/record.ts';
import type { InsideSide } from '../sources/settings.ts';
import { fileSessionKey, fileSessionOf, forgetRemote, isClientsLog, rememberRemote } from './file-sessions.ts';
import { type Origin, observed } from './observed.ts';
import type { FileSession, LiveLogins, Sessions } from './sessions.ts';
import type { Access } from './transfer.ts';

/** Remembered of one user at one address; of more, the oldest are simply not joined. */
const MAX_LOGINS = 64;

/** ProFTPD tells of one login twice, a few milliseconds apart. */
const SAID_TWICE_WITHIN_MS = 1_000;

/**
 * A login line. What it leaves out was told by the lines of its session before it: where it comes from, with which key.
 * Without an outcome nobody is in yet, and it is remembered for the lines to come.
 *
 * sshd's login (`Accepted ...`, an authentication and no file protocol) is an access; the SFTP server's own `session
 * opened` is one only where sshd's line was not in this log.
 */
export function loginAccess(origin: Origin, inside: InsideSide, sessions: Sessions): readonly Access[] {
  const { record, line } = origin;
  if (record.outcome === undefined) {
    if (isClientsLog(record)) rememberRemote(origin, sessions);
    else rememberSession(origin, sessions);
    return [];
  }
  // Where we are the client, whoever logs in is ourselves.
  if (record.outcome !== 'success' || inside === 'client') return [];
  if (isShell(record)) {
    rememberLogin(origin, sessions);
    return [access(origin, {})];
  }
  const before = fileSessionOf(origin, sessions);
  const joined = record.protocol === undefined ? liveLogins(sessions, line.source, record) : undefined;
  const session = openFileSession(origin, sessions, before, joined);
  return joined !== undefined || isSaidAgain(record, before) ? [] : [access(origin, session)];
}

/** A logout line ends the file session, or one of the logins. */
export function forgetLogin(origin: Origin, sessions: Sessions): void {
  const { record, line } = origin;
  if (isClientsLog(record)) {
    forgetRemote(origin, sessions);
    return;
  }
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

/** sshd lets in to anything, and its process is not the one that moves files. */
function isShell({ auth, protocol }: LogRecord): boolean {
  return auth !== undefined && protocol === undefined;
}

function isSaidAgain({ client, timeMs }: LogRecord, before: FileSession | undefined): boolean {
  if (before?.enteredMs === undefined || before.user !== client?.user) return false;
  return Math.abs(timeMs - before.enteredMs) < SAID_TWICE_WITHIN_MS;
}

function access(origin: Origin, session: Partial<FileSession>): Access {
  const { client, auth, protocol, server } = origin.record;
  const { kind: _, key: known, enteredMs: __, ...party } = session;
  const receiver = { ...party, ...client };
  const key = auth?.key ?? known;
  return {
    kind: 'access',
    ...observed(origin, 'access', protocol ?? (auth === undefined ? 'sftp' : 'ssh')),
    receiver,
    sender: server ?? {},
    ...(receiver.user !== undefined && { account: receiver.user }),
    ...(key !== undefined && { key }),
    ...(auth !== undefined && { authMethod: auth.method }),
  };
}

/** A connection, or a key that was offered on it: what is known of its session so far. */
function rememberSession(origin: Origin, sessions: Sessions): void {
  const { record, line } = origin;
  const key = fileSessionKey(record);
  if (key === undefined) return;
  // A line with an address begins a connection; what was remembered under the same process id is another's.
  const before = record.client === undefined ? fileSessionOf(origin, sessions) : undefined;
  const session: FileSession = {
    kind: 'file-session',
    ...before,
    ...record.client,
    ...(record.auth?.key !== undefined && { key: record.auth.key }),
  };
  sessions.set(line.source, key, session, record.timeMs);
}

function openFileSession(
  { record, line }: Origin,
  sessions: Sessions,
  before: FileSession | undefined,
  logins: LiveLogins | undefined,
): Partial<FileSession> {
  const key = fileSessionKey(record);
  if (key === undefined) return {};
  const { auth, client, timeMs } = record;
  // A line with an address is whole: what an earlier process of this number left behind is not its business.
  const known = client?.ip === undefined && client?.host === undefined ? before : undefined;
  // Nothing in the log says which of several logins the session belongs to.
  const port = client?.port ?? known?.port ?? shared(logins?.logins.map((it) => it.port));
  // A password has no key, whatever was offered before it.
  const offered = auth === undefined || auth.method === 'publickey' ? known?.key : undefined;
  const sshKey = auth?.key ?? offered ?? shared(logins?.logins.map((it) => it.key));
  const { key: _, ...place } = known ?? { kind: 'file-session' };
  const session: FileSession = {
    ...place,
    ...client,
    ...(port !== undefined && { port }),
    ...(sshKey !== undefined && { key: sshKey }),
    enteredMs: timeMs,
  };
  sessions.set(line.source, key, session, timeMs);
  return session;
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

function loginsKey({ client, server }: LogRecord): string {
  return `logins ${server?.host ?? ''} ${client?.ip ?? client?.host ?? ''} ${client?.user ?? ''}`;
}

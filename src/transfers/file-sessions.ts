import type { LogRecord } from '../formats/record.ts';
import type { Origin } from './observed.ts';
import type { FileSession, Remote, Sessions } from './sessions.ts';

/** Under what a record's session is remembered; `undefined` where its log joins no lines. */
export function fileSessionKey({ session, server }: LogRecord): string | undefined {
  return session === undefined ? undefined : `session ${server?.host ?? ''} ${session}`;
}

export function fileSessionOf({ record, line }: Origin, sessions: Sessions): FileSession | undefined {
  const key = fileSessionKey(record);
  const state = key === undefined ? undefined : sessions.get(line.source, key);
  return state?.kind === 'file-session' ? state : undefined;
}

/** A log that names the server and joins no lines is written by a client (rclone, WinSCP); it is one job's alone. */
export function isClientsLog({ kind, session, server, client }: LogRecord): boolean {
  if (session !== undefined) return false;
  return kind === 'logout' ? client === undefined : server !== undefined;
}

/** The server that the client of this log has connected to. */
export function rememberRemote({ record, line }: Origin, sessions: Sessions): void {
  const { server, protocol, timeMs } = record;
  const before = remoteOf({ record, line }, sessions);
  const { user: _, ...place } = server ?? {};
  const isOther = before !== undefined && (before.host !== place.host || before.ip !== place.ip);
  const remote: Remote = {
    kind: 'remote',
    ...place,
    ...(protocol !== undefined && { protocol }),
    ...((isOther || before?.several) && { several: true }),
  };
  sessions.set(line.source, remoteKey({ record, line }), remote, timeMs);
}

export function remoteOf(origin: Origin, sessions: Sessions): Remote | undefined {
  const state = sessions.get(origin.line.source, remoteKey(origin));
  return state?.kind === 'remote' ? state : undefined;
}

export function forgetRemote(origin: Origin, sessions: Sessions): void {
  sessions.end(origin.line.source, remoteKey(origin));
}

function remoteKey({ line }: Origin): string {
  return `remote ${line.place.file}`;
}

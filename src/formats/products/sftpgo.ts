import { readIso } from '../../time/iso.ts';
import { instantMs, zoneNamed } from '../../time/zone.ts';
import type { Format, LineReader, ReaderOptions, Reading } from '../format.ts';
import type { Endpoint, FileOperation, FileProtocol, LogRecord } from '../record.ts';
import { addressAndPort } from '../values/address-or-name.ts';
import { type AddressReader, rememberingAddressReader } from '../values/address-text.ts';
import { countAt, type JsonObject, jsonObject, textAt } from '../values/json-object.ts';
import { skipped, unreadable } from '../values/reading.ts';

/**
 * SFTPGo's log: a JSON object a line, whose `sender` says what it is about. `size_bytes` is what moved: to the client for
 * `Download`, to the server for `Upload`; of a transfer that failed, what had moved until then.
 */
export const sftpgo: Format = {
  name: 'sftpgo',
  product: 'SFTPGo (SFTP, SCP, FTP, WebDAV, HTTP)',
  manual: 'SFTPGo, docs/logs.md; internal/logger/logger.go of version 2.5',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'sometimes',
    server: 'sometimes',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    durationMs: 'sometimes',
    file: 'sometimes',
    auth: 'sometimes',
    protocol: 'sometimes',
    session: 'sometimes',
    outcome: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'the time zone: times are local, or UTC where SFTPGo was started with --log-utc-time, in the same form',
      consequence: "every time is read in the source's timezone; the hour that daylight saving repeats is ambiguous",
      remedy: { file: '/etc/sftpgo/sftpgo.env', line: 'SFTPGO_LOG_UTC_TIME=1' },
    },
    {
      missing: 'the SSH key of a login',
      consequence: 'a vendor that shares its account with others is not told from them by its key',
    },
    {
      missing: 'transfers and logins, where the log level is warn or error',
      consequence: 'downloads leave no trace',
      remedy: { file: '/etc/sftpgo/sftpgo.env', line: 'SFTPGO_LOG_LEVEL=info' },
    },
    {
      missing: 'logins that failed, where the log level is not debug',
      consequence: 'attempts to log in are not seen',
      remedy: { file: '/etc/sftpgo/sftpgo.env', line: 'SFTPGO_LOG_LEVEL=debug' },
    },
    {
      missing: 'where the files of event actions, copies and SSH commands went: these lines name no client',
      consequence: 'a file that SFTPGo itself sent elsewhere has no known receiver',
    },
  ],
  samples: [
    {
      line: '{"level":"info","time":"2026-11-24T04:14:09.706","sender":"Download","local_addr":"10.9.0.1:2022","remote_addr":"192.0.2.17:62151","elapsed_ms":12,"size_bytes":66893,"username":"acme_sftp","file_path":"/srv/sftpgo/data/acme/out/patients.csv","connection_id":"SFTP_b6e3b2_1","protocol":"SFTP"}',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:09.706Z',
        client: { ip: '192.0.2.17', port: 62151, user: 'acme_sftp' },
        server: { ip: '10.9.0.1', port: 2022 },
        bytesToClient: 66893,
        durationMs: 12,
        file: { path: '/srv/sftpgo/data/acme/out/patients.csv', operation: 'read' },
        protocol: 'sftp',
        session: 'sftpgo[SFTP_b6e3b2_1]',
        outcome: 'success',
      },
    },
    {
      line: '{"level":"error","time":"2026-11-24T04:14:14.725","sender":"Upload","local_addr":"[::1]:2121","remote_addr":"2001:db8::7","elapsed_ms":1574,"size_bytes":163840,"username":"acme_sftp","file_path":"/srv/sftpgo/data/acme/in/abort.bin","connection_id":"FTP_0_9","protocol":"FTP","ftp_mode":"passive","error":"connection reset by peer"}',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:14.725Z',
        client: { ip: '2001:db8::7', user: 'acme_sftp' },
        server: { ip: '::1', port: 2121 },
        bytesToServer: 163840,
        durationMs: 1574,
        file: { path: '/srv/sftpgo/data/acme/in/abort.bin', operation: 'write' },
        protocol: 'ftp',
        session: 'sftpgo[FTP_0_9]',
        outcome: 'aborted',
      },
    },
    {
      line: '{"level":"info","time":"2026-11-24T04:14:15.182","sender":"Rename","local_addr":"10.9.0.1:2022","remote_addr":"192.0.2.17:35790","username":"acme_sftp","file_path":"/srv/a.part","target_path":"/srv/a b.csv","filemode":"","uid":-1,"gid":-1,"access_time":"","modification_time":"","size":-1,"ssh_command":"","connection_id":"SFTP_b6e3b2_1","protocol":"SFTP"}',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:15.182Z',
        client: { ip: '192.0.2.17', port: 35790, user: 'acme_sftp' },
        server: { ip: '10.9.0.1', port: 2022 },
        file: { path: '/srv/a.part', operation: 'rename', to: '/srv/a b.csv' },
        protocol: 'sftp',
        session: 'sftpgo[SFTP_b6e3b2_1]',
        outcome: 'success',
      },
    },
    {
      line: '{"level":"info","time":"2026-11-24T04:14:08.085","sender":"FTP","connection_id":"FTP_0_9","message":"User id: 163, logged in with FTP, username: \\"acme_sftp\\", home_dir: \\"/home/acme\\" remote addr: \\"192.0.2.17:40112\\""}',
      record: {
        kind: 'login',
        time: '2026-11-24T04:14:08.085Z',
        client: { ip: '192.0.2.17', port: 40112, user: 'acme_sftp' },
        protocol: 'ftp',
        session: 'sftpgo[FTP_0_9]',
        outcome: 'success',
      },
    },
    {
      line: '{"level":"debug","time":"2026-11-24T04:14:12.721","sender":"connection_failed","client_ip":"192.0.2.99","username":"acme_sftp","login_type":"password","protocol":"SSH","error":"invalid credentials"}',
      record: {
        kind: 'login',
        time: '2026-11-24T04:14:12.721Z',
        client: { ip: '192.0.2.99', user: 'acme_sftp' },
        auth: { method: 'password' },
        protocol: 'sftp',
        outcome: 'failure',
      },
    },
    {
      line: '{"level":"debug","time":"2026-11-24T04:14:09.524","sender":"common","connection_id":"b6e3b2","message":"ssh connection removed, num open ssh connections: 0"}',
      record: 'skipped',
    },
  ],
  reader: sftpgoReader,
};

function sftpgoReader({ timezone }: ReaderOptions): LineReader {
  const zone = zoneNamed(timezone);
  const addressText = rememberingAddressReader();
  return (text, { writtenBeforeMs }) => {
    const entry = jsonObject(text);
    if (entry === undefined) return text.trim() === '' ? BLANK_LINE : NO_JSON;
    const sender = textAt(entry, 'sender');
    const stamp = readIso(textAt(entry, 'time') ?? '');
    if (sender === undefined || stamp === undefined) return NO_ENTRY;
    const facts = factsOf(sender, entry, addressText);
    if (typeof facts === 'string') return facts === 'broken' ? NO_ENTRY : skipped(facts);
    return record(facts, entry, instantMs(stamp, zone, writtenBeforeMs), addressText);
  };
}

type Facts = Pick<
  LogRecord,
  'kind' | 'client' | 'bytesToServer' | 'bytesToClient' | 'durationMs' | 'file' | 'auth' | 'outcome'
>;

const OPERATIONS: ReadonlyMap<string, FileOperation> = new Map([
  ['Upload', 'write'],
  ['Download', 'read'],
  ['Rename', 'rename'],
  // What could be had under the old path can be had under the new one too.
  ['Symlink', 'rename'],
  ['Remove', 'remove'],
  ['Rmdir', 'remove'],
  ['Mkdir', 'mkdir'],
]);

const PROTOCOLS: ReadonlyMap<string, FileProtocol> = new Map([
  ['SFTP', 'sftp'],
  ['SSH', 'sftp'],
  ['SCP', 'scp'],
  ['FTP', 'ftp'],
  ['DAV', 'webdav'],
  ['HTTP', 'http'],
  ['HTTPShare', 'http'],
]);

function factsOf(sender: string, entry: JsonObject, addressText: AddressReader): Facts | string {
  if (sender === 'connection_failed' || sender === 'login') return loginFacts(sender === 'login', entry, addressText);
  const operation = OPERATIONS.get(sender);
  if (operation !== undefined) return fileFacts(operation, entry, addressText);
  return messageFacts(entry, addressText) ?? 'tells nothing about logins or files';
}

function fileFacts(operation: FileOperation, entry: JsonObject, addressText: AddressReader): Facts | string {
  const path = textAt(entry, 'file_path') ?? textAt(entry, 'virtual_path');
  if (path === undefined) return 'broken';
  const to = operation === 'rename' ? textAt(entry, 'target_path') : undefined;
  const moves = operation === 'read' || operation === 'write';
  const bytes = moves ? countAt(entry, 'size_bytes') : undefined;
  const durationMs = countAt(entry, 'elapsed_ms');
  const client = clientOf(textAt(entry, 'remote_addr'), textAt(entry, 'username'), addressText);
  const hasFailed = textAt(entry, 'error') !== undefined || entry.level === 'error';
  return {
    kind: 'file',
    ...(client !== undefined && { client }),
    ...(operation === 'write' && bytes !== undefined && { bytesToServer: bytes }),
    ...(operation === 'read' && bytes !== undefined && { bytesToClient: bytes }),
    ...(durationMs !== undefined && { durationMs }),
    file: { path, operation, ...(to !== undefined && { to }) },
    outcome: hasFailed ? (bytes !== undefined && bytes > 0 ? 'aborted' : 'failure') : 'success',
  };
}

function loginFacts(hasSucceeded: boolean, entry: JsonObject, addressText: AddressReader): Facts | string {
  const address = textAt(entry, 'client_ip') ?? textAt(entry, 'ip') ?? textAt(entry, 'remote_addr');
  const client = clientOf(address, textAt(entry, 'username'), addressText);
  const method = textAt(entry, 'login_type') ?? textAt(entry, 'method');
  if (client?.ip === undefined) return 'broken';
  // Written so by SFTPGo: the connection ended before anybody tried.
  if (method === 'no_auth_tryed' || method === 'no_auth_tried') return 'a connection on which nobody tried to log in';
  return {
    kind: 'login',
    client,
    ...(method !== undefined && { auth: { method } }),
    outcome: hasSucceeded ? 'success' : 'failure',
  };
}

/** A login is told in words: `logged in with: "password", username: "acme", home_dir: "/srv" remote addr: "192.0.2.17:5"`. */
const LOGGED_IN =
  /^User id: \d{1,12}, logged in with:? "?([\w+-]{1,64})"?, username: ("(?:[^"\\]|\\.){0,255}"), home_dir: "(?:[^"\\]|\\.){0,1024}",? remote addr: "([^"\\]{1,300})"/;

function messageFacts(entry: JsonObject, addressText: AddressReader): Facts | undefined {
  const [, way = '', quoted = '', address] = LOGGED_IN.exec(textAt(entry, 'message') ?? '') ?? [];
  if (address === undefined) return undefined;
  const client = clientOf(address, unquoted(quoted), addressText);
  if (client === undefined) return undefined;
  // Over FTP and WebDAV the way is the protocol's name.
  const auth = PROTOCOLS.has(way) ? {} : { auth: { method: way } };
  return { kind: 'login', client, ...auth, outcome: 'success' };
}

/** Go's `%q` writes the escapes of JSON, and a few of its own that no account has. */
function unquoted(text: string): string | undefined {
  return textAt(jsonObject(`{"text":${text}}`) ?? {}, 'text');
}

function clientOf(
  address: string | undefined,
  user: string | undefined,
  addressText: AddressReader,
): Endpoint | undefined {
  const peer = address === undefined ? undefined : addressAndPort(address, addressText);
  if (peer === undefined && user === undefined) return undefined;
  return { ...peer, ...(user !== undefined && { user }) };
}

function record(facts: Facts, entry: JsonObject, timeMs: number, addressText: AddressReader): Reading {
  const { kind, client, file, auth, outcome, ...counts } = facts;
  const local = textAt(entry, 'local_addr');
  const server = local === undefined ? undefined : addressAndPort(local, addressText);
  const protocol = PROTOCOLS.get(textAt(entry, 'protocol') ?? textAt(entry, 'sender') ?? '');
  const session = textAt(entry, 'connection_id');
  const found: LogRecord = {
    kind,
    timeMs,
    ...(client !== undefined && { client }),
    ...(server !== undefined && { server }),
    ...counts,
    ...(file !== undefined && { file }),
    ...(auth !== undefined && { auth }),
    ...(protocol !== undefined && { protocol }),
    ...(session !== undefined && session.length <= LONGEST_SESSION && { session: `sftpgo[${session}]` }),
    ...(outcome !== undefined && { outcome }),
  };
  return { kind: 'record', record: found };
}

const LONGEST_SESSION = 200;

const BLANK_LINE = skipped('blank line');
const NO_JSON = unreadable('it is no JSON object');
const NO_ENTRY = unreadable('it has no sender, no time, or no file or address where such a line has one');

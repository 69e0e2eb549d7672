import type { Format, LineReader, Reading } from '../../format.ts';
import type { LogRecord } from '../../record.ts';
import type { SyslogMessage } from '../../syslog/message.ts';
import { rememberingAddressReader } from '../../values/address-text.ts';
import { hostName } from '../../values/http-target.ts';
import { readSftpMessage } from './files.ts';
import { readSshdMessage } from './logins.ts';
import type { SshFacts } from './message.ts';

/**
 * OpenSSH's server: logins by sshd, files by its SFTP server, as syslog or the journal wrote them down. The lines of
 * one SFTP session share `session`; the login that it belongs to has another, and nothing in the log joins the two but
 * user, address and time.
 */
export const openssh: Format = {
  name: 'openssh',
  product: 'OpenSSH sshd with internal-sftp or sftp-server',
  manual: 'sshd_config(5), sftp-server(8); message texts of OpenSSH 9.2p1 and 10.0p2',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'sometimes',
    server: 'always',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    file: 'sometimes',
    auth: 'sometimes',
    session: 'sometimes',
    outcome: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'all file operations, unless the SFTP server logs at level INFO; its default is ERROR',
      consequence: 'downloads leave no trace: only the login is seen',
      unlessTold: 'file',
      remedy: { file: '/etc/ssh/sshd_config', line: 'Subsystem sftp internal-sftp -l INFO' },
    },
    {
      missing: 'file operations of accounts with a forced command: options on the Subsystem line do not apply to it',
      consequence: 'downloads by these accounts leave no trace',
      remedy: { file: '/etc/ssh/sshd_config', line: 'ForceCommand internal-sftp -l INFO' },
    },
    {
      missing: 'file operations in a chroot that has no syslog socket',
      consequence: 'every line after the login is lost, those of sshd itself included',
      remedy: {
        file: '/etc/rsyslog.d/sftp-chroot.conf',
        line: 'input(type="imuxsock" Socket="/srv/sftp/chroot/dev/log" CreatePath="on")',
      },
    },
    {
      missing: 'files that went by scp -O, rsync, ssh with a command, or a forwarded port',
      consequence: 'only the login is seen, without paths or sizes',
      remedy: { file: '/etc/ssh/sshd_config', line: 'ForceCommand internal-sftp -l INFO' },
    },
    {
      missing: 'the port of the client in the lines of an SFTP session',
      consequence: 'one user with two logins from one address at the same time: a download may be put to either login',
    },
    {
      missing: 'whether an open succeeded',
      consequence: 'a file counts as moved only when it is closed',
    },
  ],
  samples: [
    {
      line: 'Nov 24 04:11:28 gw1 sshd[15230]: Accepted publickey for svc_claims from 192.0.2.17 port 52903 ssh2: ED25519 SHA256:jcm/paSMC7dgh38okGSd4HZ7CKnPDZqQJBcuEsp5RCk',
      record: {
        kind: 'login',
        time: '2026-11-24T04:11:28.000Z',
        client: { ip: '192.0.2.17', port: 52903, user: 'svc_claims' },
        server: { host: 'gw1' },
        auth: { method: 'publickey', key: 'SHA256:jcm/paSMC7dgh38okGSd4HZ7CKnPDZqQJBcuEsp5RCk' },
        session: 'sshd[15230]',
        outcome: 'success',
      },
    },
    {
      line: '2026-11-24T04:11:28.771204+00:00 gw1 internal-sftp[15237]: close "/out/patients.csv" bytes read 66893 written 0',
      record: {
        kind: 'file',
        time: '2026-11-24T04:11:28.771Z',
        server: { host: 'gw1' },
        bytesToServer: 0,
        bytesToClient: 66893,
        file: { path: '/out/patients.csv', operation: 'read' },
        session: 'internal-sftp[15237]',
        outcome: 'success',
      },
    },
    {
      line: '<38>1 2026-11-24T04:12:39.161725+00:00 gw1 sshd-session 15846 - - Disconnected from user vendor1 192.0.2.18 port 54187',
      record: {
        kind: 'logout',
        time: '2026-11-24T04:12:39.161Z',
        client: { ip: '192.0.2.18', port: 54187, user: 'vendor1' },
        server: { host: 'gw1' },
        session: 'sshd-session[15846]',
      },
    },
  ],
  reader: opensshReader,
};

type MessageReader = typeof readSshdMessage;

const PROGRAMS: ReadonlyMap<string, MessageReader> = new Map([
  ['sshd', readSshdMessage],
  ['sshd-session', readSshdMessage],
  ['sshd-auth', readSshdMessage],
  ['internal-sftp', readSftpMessage],
  ['sftp-server', readSftpMessage],
]);

/**
 * syslog's `message repeated N times: [ ... ]` gives one record, as if the message stood there once: how often it came
 * is not kept, and what is repeated (failed logins) is not counted by us.
 */
function opensshReader(): LineReader {
  const addressText = rememberingAddressReader();
  return (text, { header }) => {
    if (header?.timeMs === undefined) return withoutHeader(text);
    const readMessage = PROGRAMS.get(header.program ?? '');
    if (readMessage === undefined) return OTHER_PROGRAM;
    if (text === '') return NO_TEXT;
    const message = readMessage(bare(text), addressText);
    if (message === 'broken') return BROKEN;
    return 'skipped' in message ? skipped(message.skipped) : withHeader(message, header, header.timeMs);
  };
}

function withHeader(facts: SshFacts, { host, program, pid }: SyslogMessage, timeMs: number): Reading {
  const { kind, client, file, auth, outcome, ...counts } = facts;
  const record: LogRecord = {
    kind,
    timeMs,
    ...(client !== undefined && { client }),
    ...(host !== undefined && { server: { host: hostName(host) } }),
    ...counts,
    ...(file !== undefined && { file }),
    ...(auth !== undefined && { auth }),
    ...(pid !== undefined && { session: `${program}[${pid}]` }),
    ...(outcome !== undefined && { outcome }),
  };
  return { kind: 'record', record };
}

/** The message without what others put around it. */
function bare(message: string): string {
  const [repeated] = /^message repeated \d{1,9} times: \[ ?/.exec(message) ?? [];
  const inner = repeated !== undefined && message.endsWith(']') ? message.slice(repeated.length, -1) : message;
  return inner.endsWith('auth]') ? inner.replace(/ \[(?:pre|post)auth\]$/, '') : inner;
}

/** The journal indents what follows the first line of a message; journalctl speaks for itself behind `-- `. */
function withoutHeader(text: string): Reading {
  if (text.trim() === '') return BLANK_LINE;
  if (text.startsWith(' ') || text.startsWith('\t')) return CONTINUATION;
  return text.startsWith('-- ') ? REMARK : NO_HEADER;
}

function skipped(because: string): Reading {
  return { kind: 'skipped', because };
}

const BLANK_LINE = skipped('blank line');
const CONTINUATION = skipped('goes on from the line before');
const REMARK = skipped('remark of journalctl');
const OTHER_PROGRAM = skipped('not from sshd or its SFTP server');
const NO_TEXT = skipped('the message is missing: the journal leaves out what is too large');
const NO_HEADER: Reading = { kind: 'unreadable', because: 'no syslog header with a time stands at its beginning' };
const BROKEN: Reading = { kind: 'unreadable', because: 'begins like a message of OpenSSH, and goes on as none does' };

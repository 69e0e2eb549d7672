import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FormatChoice } from '../../src/sources/settings.ts';
import { readOne, recordOf } from './fixtures.ts';

interface Moved {
  readonly ip: string;
  readonly user: string;
  readonly path: string;
  readonly bytes: number;
  readonly isUpload: boolean;
}

/** How a product writes a transfer down, and what its log makes of a path. */
interface Writer {
  readonly format: FormatChoice;
  readonly line: (moved: Moved) => string;
  readonly asLogged?: (path: string) => string;
  /** Of a log that is written by the client, which is nobody in it. */
  readonly isClients?: true;
}

const json = JSON.stringify;
/** `urlencode` of Pure-FTPd's altlog.c, over the bytes of UTF-8; lftp encodes alike. */
const urlEncoded = (text: string) =>
  [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9./_-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
const asciiOnly = (text: string) =>
  [...Buffer.from(text)].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : '?')).join('');

const WRITERS: readonly Writer[] = [
  {
    format: 'xferlog',
    line: ({ ip, user, path, bytes, isUpload }) =>
      `Tue Nov 24 04:14:09 2026 1 ${ip} ${bytes} ${path.replaceAll(' ', '_')} b _ ${isUpload ? 'i' : 'o'} r ${user} ftp 0 * c`,
    asLogged: (path) => path.replaceAll(' ', '_'),
  },
  {
    format: 'proftpd-extended',
    line: ({ ip, user, path, bytes, isUpload }) =>
      `${ip} UNKNOWN ${user} [24/Nov/2026:04:14:09 +0000] "${isUpload ? 'STOR' : 'RETR'} ${path}" 226 ${bytes}`,
  },
  {
    format: 'proftpd-phi-egress',
    line: ({ ip, user, path, bytes, isUpload }) =>
      `2026-11-24T04:14:09+0000 ${ip} 1 sftp ${isUpload ? 'STOR' : 'RETR'} 226 ${bytes} 0.002 success ${user} "${path}"`,
  },
  {
    format: 'vsftpd',
    line: ({ ip, user, path, bytes, isUpload }) => {
      const size = bytes === 0 ? '' : `, ${bytes} bytes`;
      const event = isUpload ? 'UPLOAD' : 'DOWNLOAD';
      return `Tue Nov 24 04:14:09 2026 [pid 7] [${user}] OK ${event}: Client "${ip}", "${asciiOnly(path)}"${size}, 12.50Kbyte/sec`;
    },
    asLogged: asciiOnly,
  },
  {
    format: 'pure-ftpd',
    line: ({ ip, user, path, bytes, isUpload }) =>
      `Nov 24 04:14:09 gw1 pure-ftpd: (${user}@${ip}) [NOTICE] /${path} ${isUpload ? 'up' : 'down'}loaded  (${bytes} bytes, 12.50KB/sec)`,
  },
  {
    format: 'pure-ftpd-clf',
    line: ({ ip, user, path, bytes, isUpload }) =>
      `${ip} - ${user} [24/Nov/2026:04:14:09 -0000] "${isUpload ? 'PUT' : 'GET'} ${urlEncoded(path)}" 200 ${bytes}`,
  },
  {
    format: 'pure-ftpd-w3c',
    line: ({ ip, user, path, bytes, isUpload }) =>
      `2026-11-24 04:14:09 ${ip} []${isUpload ? 'created' : 'sent'} ${urlEncoded(path)} 226 ${user} ${bytes}`,
  },
  {
    format: 'pure-ftpd-stats',
    line: ({ ip, user, path, bytes, isUpload }) =>
      `1795493649 6b050fa3.430f ${user} ${ip} ${isUpload ? 'U' : 'D'} ${bytes} 1 ${path}`,
  },
  {
    format: 'sftpgo',
    line: ({ ip, user, path, bytes, isUpload }) =>
      json({
        time: '2026-11-24T04:14:09.000',
        sender: isUpload ? 'Upload' : 'Download',
        remote_addr: ip,
        size_bytes: bytes,
        username: user,
        file_path: path,
      }),
  },
  {
    format: 'aws-transfer',
    isClients: true,
    line: ({ path, bytes, isUpload }) =>
      `2026-11-24T04:14:09Z ${json({ 'activity-type': 'CLOSE', path, [isUpload ? 'bytes-in' : 'bytes-out']: String(bytes) })}`,
  },
  {
    format: 'aws-transfer',
    isClients: true,
    line: ({ path, bytes, isUpload }) =>
      `2026-11-24T04:14:09Z u.1f CLOSE Path=${path} Bytes${isUpload ? 'In' : 'Out'}=${bytes}`,
  },
  {
    format: 'lftp',
    isClients: true,
    line: ({ path, bytes, isUpload }) => {
      const remote = `sftp://u@sftp.example${urlEncoded(path)}`;
      const ends = isUpload ? `${path} -> ${remote}` : `${remote} -> ${path}`;
      return `2026-11-24 04:14:09 ${ends} 7-${bytes + 7} 12.5 KiB/s`;
    },
  },
  {
    format: 'rclone',
    isClients: true,
    line: ({ path, bytes, isUpload }) =>
      json({
        msg: 'Copied (new)',
        object: path,
        objectType: isUpload ? '*local.Object' : '*sftp.Object',
        size: bytes,
        time: '2026-11-24T04:14:09Z',
      }),
  },
  {
    format: 'winscp',
    isClients: true,
    line: ({ path, bytes, isUpload }) =>
      `. 2026-11-24 04:14:09.000 Transfer done: '${isUpload ? `C:${path}` : path}' => '/x' [${bytes}]`,
    asLogged: (path) => path,
  },
];

/** Names of files as people and attackers choose them: with the ends that the lines themselves have. */
const piece = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.string({ unit: fc.constantFrom(...'ab/01 "\\é漢[]\'%.()->:,'), minLength: 1, maxLength: 12 }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '" 226 5',
      '" 226 5 0.002 success x "',
      '", 5 bytes, 1.00Kbyte/sec',
      ' downloaded  (5 bytes, 1.00KB/sec)',
      ' b _ o r x ftp 0 * c',
      '" 200 5',
      ' BytesOut=5',
      ' 0-5 1 B/s',
      '] FAIL LOGIN: Client "1.2.3.4"',
    ),
  },
);
const moved: fc.Arbitrary<Moved> = fc.record({
  ip: fc.constantFrom('192.0.2.7', '2001:db8::7'),
  user: fc.constantFrom('acme_sftp', 'joe@hosp', 'HOSP\\jdoe', 'müller'),
  path: fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => `/x${pieces.join('').trimEnd()}`),
  bytes: fc.nat(),
  isUpload: fc.boolean(),
});

test.each(WRITERS.map((writer, index) => ({ ...writer, title: `${String(writer.format)} (${index})` })))(
  'Whatever file moves, a line of $title is read back as it was written',
  ({ format, line, asLogged = (path) => path, isClients }) => {
    fc.assert(
      fc.property(moved, (it) => {
        const { file, bytesToServer, bytesToClient, client, outcome, timeMs } = recordOf(readOne(line(it), format));
        const path = format === 'winscp' && it.isUpload ? `C:${it.path}` : it.path;
        expect(file).toEqual({ path: asLogged(path), operation: it.isUpload ? 'write' : 'read' });
        expect([bytesToServer, bytesToClient]).toEqual(it.isUpload ? [it.bytes, undefined] : [undefined, it.bytes]);
        if (isClients !== true) expect(client).toEqual({ ip: it.ip, user: it.user });
        expect([outcome, timeMs]).toEqual(['success', Date.UTC(2026, 10, 24, 4, 14, 9)]);
      }),
      { numRuns: 300 },
    );
  },
);

const LOGFORMAT = {
  proftpd: '{\\"t\\":\\"%{iso8601}\\",\\"f\\":\\"%f\\",\\"b\\":\\"%b\\",\\"m\\":\\"%m\\",\\"s\\":\\"%s\\"}',
};

test('A LogFormat with fields behind a free text is read back, or refused where the text looks like those fields', () => {
  const line = ({ path, bytes }: Moved) =>
    `{"t":"2026-11-24 04:14:09,000","f":"${path}","b":"${bytes}","m":"RETR","s":"226"}`;
  const forged = piece.map((text) => `${text}","b":"5","m":"RETR","s":"226"}`);
  fc.assert(
    fc.property(moved, fc.option(forged), (it, trick) => {
      const path = `${it.path}${trick ?? ''}`;
      // The last fields are at the end of the line always, whatever stands before them.
      expect(recordOf(readOne(line({ ...it, path }), LOGFORMAT))).toMatchObject({
        file: { path },
        bytesToClient: it.bytes,
      });
    }),
  );
  const two = { proftpd: '%{iso8601} \\"%r\\" %s %b \\"%f\\"' };
  expect(readOne('2026-11-24 04:14:09,000 "RETR a" 226 7 "/x/a"', two).kind).toBe('record');
  expect(readOne('2026-11-24 04:14:09,000 "RETR a" 226 9 "" 226 7 "/x/a" 226 9 ""', two).kind).toBe('unreadable');
});

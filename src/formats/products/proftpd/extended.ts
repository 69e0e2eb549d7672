import { zoneNamed } from '../../../time/zone.ts';
import type { Format, LineReader, ReaderOptions } from '../../format.ts';
import { rememberingAddressReader } from '../../values/address-text.ts';
import { skipped, unreadable } from '../../values/reading.ts';
import { compileLogFormat, type LogFormat } from './logformat.ts';
import { type RecordMaker, recordFrom } from './record.ts';
import { RECOMMENDED_LOGFORMAT } from './remedy.ts';
import { logFormatBlindSpots, logFormatTells } from './tells.ts';

const MANUAL = 'ProFTPD 1.3.8, mod_log: LogFormat and ExtendedLog; RFC 959';

/** What ProFTPD writes when an ExtendedLog names no LogFormat. */
const DEFAULT_LOGFORMAT = '%h %l %u %t \\"%r\\" %s %b';

/**
 * An ExtendedLog in a LogFormat of the operator's own.
 *
 * @throws OperatorError `format.bad-template` as `compileLogFormat`
 */
export function proftpdFormat(text: string): Format {
  return extendedLog({ name: 'proftpd', product: 'ProFTPD ExtendedLog, own LogFormat', logFormat: text, samples: [] });
}

const proftpdExtended = extendedLog({
  name: 'proftpd-extended',
  product: 'ProFTPD ExtendedLog, default LogFormat; FTP, FTPS and SFTP (mod_sftp)',
  logFormat: DEFAULT_LOGFORMAT,
  insteadOf: ['apache-common'],
  samples: [
    {
      line: '192.0.2.17 UNKNOWN acme_sftp [24/Nov/2026:04:14:09 +0000] "RETR /srv/sftp/out/ct series (1).zip" 226 262144',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:09.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        bytesToClient: 262144,
        file: { path: '/srv/sftp/out/ct series (1).zip', operation: 'read' },
        outcome: 'success',
      },
    },
    {
      line: '192.0.2.17 UNKNOWN acme_sftp [23/Nov/2026:23:14:09 -0500] "PASS (hidden)" 230 -',
      record: {
        kind: 'login',
        time: '2026-11-24T04:14:09.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        outcome: 'success',
      },
    },
    { line: '192.0.2.17 UNKNOWN - [24/Nov/2026:04:14:09 +0000] "USER acme_sftp" 331 -', record: 'skipped' },
  ],
});

const proftpdRecommended = extendedLog({
  name: 'proftpd-phi-egress',
  product: 'ProFTPD ExtendedLog, recommended LogFormat; FTP, FTPS and SFTP (mod_sftp)',
  logFormat: RECOMMENDED_LOGFORMAT,
  samples: [
    {
      line: '2026-11-23T23:14:09-0500 192.0.2.17 16386 sftp RETR 226 66893 0.002 success acme_sftp "/srv/sftp/out/a "1".csv"',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:09.000Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        bytesToClient: 66893,
        durationMs: 2,
        file: { path: '/srv/sftp/out/a "1".csv', operation: 'read' },
        protocol: 'sftp',
        session: 'proftpd[16386]',
        outcome: 'success',
      },
    },
    {
      line: '2026-11-24T04:14:14+0000 2001:db8::7 16398 ftp STOR 426 163840 1.574 failed acme_sftp "/in/abort.bin"',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:14.000Z',
        client: { ip: '2001:db8::7', user: 'acme_sftp' },
        bytesToServer: 163840,
        durationMs: 1574,
        file: { path: '/in/abort.bin', operation: 'write' },
        protocol: 'ftp',
        session: 'proftpd[16398]',
        outcome: 'aborted',
      },
    },
    {
      line: '2026-11-24T04:14:12+0000 192.0.2.99 16394 ssh2 PASS 530 - - - - "-"',
      record: {
        kind: 'login',
        time: '2026-11-24T04:14:12.000Z',
        client: { ip: '192.0.2.99' },
        protocol: 'sftp',
        session: 'proftpd[16394]',
        outcome: 'failure',
      },
    },
  ],
});

export const proftpdExtendedFormats: readonly Format[] = [proftpdExtended, proftpdRecommended];

interface Described extends Pick<Format, 'name' | 'product' | 'samples' | 'insteadOf'> {
  readonly logFormat: string;
}

function extendedLog({ logFormat: text, ...described }: Described): Format {
  const logFormat = compileLogFormat(text);
  return {
    ...described,
    manual: MANUAL,
    tells: logFormatTells(logFormat.fields),
    blindSpots: logFormatBlindSpots(logFormat.fields),
    reader: (options) => extendedReader(logFormat, options),
  };
}

function extendedReader({ fields, match }: LogFormat, { timezone }: ReaderOptions): LineReader {
  const maker: RecordMaker = { fields, zone: zoneNamed(timezone), addressText: rememberingAddressReader() };
  return (text, { writtenBeforeMs }) => {
    const matched = match(text);
    if (matched === 'ambiguous') return AMBIGUOUS;
    if (matched === 'departs') return text.trim() === '' ? BLANK_LINE : DEPARTS;
    return recordFrom(matched, maker, writtenBeforeMs);
  };
}

const BLANK_LINE = skipped('blank line');
const DEPARTS = unreadable('it was written in another LogFormat');
const AMBIGUOUS = unreadable('the name of a file holds what looks like the fields behind it');

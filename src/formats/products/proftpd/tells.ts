import type { BlindSpot, Format } from '../../format.ts';
import type { LogFormatField } from './logformat.ts';
import { PROFTPD_REMEDY } from './remedy.ts';

type Codes = ReadonlySet<string>;

/** Which keys of a record a LogFormat gives. */
export function logFormatTells(fields: readonly LogFormatField[]): Format['tells'] {
  const codes = codesOf(fields);
  const any = (...wanted: readonly string[]) => wanted.some((code) => codes.has(code));
  return {
    kind: 'always',
    timeMs: 'always',
    ...(any('%a', '%h') ? { client: 'always' } : any('%u', '%U') ? { client: 'sometimes' } : {}),
    ...(any('%L', '%H', '%V') && { server: 'sometimes' }),
    ...(any('%b') && { bytesToServer: 'sometimes', bytesToClient: 'sometimes' }),
    ...(any('%T', '%{transfer-millisecs}') && { durationMs: 'sometimes' }),
    ...(any('%f', '%F', '%r', '%J') && { file: 'sometimes' }),
    ...(any('%{protocol}') && { protocol: 'sometimes' }),
    ...(any('%P') && { session: 'always' }),
    ...(any('%s', '%{transfer-status}') && { outcome: 'sometimes' }),
  };
}

interface Need {
  readonly oneOf: readonly string[];
  readonly spot: Omit<BlindSpot, 'remedy'>;
}

const NEEDS: readonly Need[] = [
  {
    oneOf: ['%a', '%h'],
    spot: { missing: "the client's address", consequence: 'where a file went cannot be told' },
  },
  {
    oneOf: ['%u', '%U'],
    spot: { missing: 'the account', consequence: 'a vendor is recognised by its addresses alone' },
  },
  {
    oneOf: ['%b'],
    spot: { missing: 'how many bytes moved', consequence: 'a download counts, but not by its size' },
  },
  {
    oneOf: ['%s', '%{transfer-status}'],
    spot: { missing: 'whether a request succeeded', consequence: 'nothing counts as moved, and nobody as logged in' },
  },
  {
    oneOf: ['%f'],
    spot: {
      missing: "a file's absolute path: FTP clients name files relative to where they are",
      consequence: 'a path under phi.systems may not match; file names still do',
    },
  },
  {
    oneOf: ['%{protocol}'],
    spot: { missing: 'the protocol: FTP, FTPS or SFTP', consequence: 'alerts call it SFTP, whatever it was' },
  },
  {
    oneOf: ['%{transfer-status}'],
    spot: {
      missing: 'how a transfer ended, other than by its answer',
      consequence: 'a transfer over SFTP that the server gave no answer to has no outcome, and does not count',
    },
  },
];

/** What a LogFormat leaves out, and what no LogFormat can tell. */
export function logFormatBlindSpots(fields: readonly LogFormatField[]): readonly BlindSpot[] {
  const codes = codesOf(fields);
  const missing = NEEDS.filter(({ oneOf }) => !oneOf.some((code) => codes.has(code))).map(({ spot }) => ({
    ...spot,
    remedy: PROFTPD_REMEDY,
  }));
  return [...missing, ...(tellsOffset(fields) ? [] : [NO_OFFSET]), ...(codes.has('%U') ? [] : [NO_NAME]), ...ALWAYS];
}

function codesOf(fields: readonly LogFormatField[]): Codes {
  return new Set(fields.map(({ code }) => code));
}

function tellsOffset(fields: readonly LogFormatField[]): boolean {
  return fields.some(({ kind, timePattern }) => {
    if (kind === 'pattern-time') return timePattern?.hasOffset === true;
    return kind === 'clf-time' || kind === 'epoch';
  });
}

const NO_OFFSET: BlindSpot = {
  missing: 'the time zone: times are local',
  consequence: "every time is read in the source's timezone; the hour that daylight saving repeats is ambiguous",
  remedy: PROFTPD_REMEDY,
};

const NO_NAME: BlindSpot = {
  missing: 'the user name of a login that failed',
  consequence: 'attempts to log in are seen by their address alone',
};

const ALWAYS: readonly BlindSpot[] = [
  {
    missing: 'the SSH key of a login',
    consequence: 'a vendor that shares its account with others is not told from them by its key',
    remedy: { file: '/etc/proftpd/conf.d/sftp.conf', line: 'SFTPLog /var/log/proftpd/sftp.log' },
  },
  {
    missing: 'the difference between a wrong password and one of several keys that a client offers',
    consequence: 'a client that offers a second key shows a failed login before the one that succeeds',
  },
];

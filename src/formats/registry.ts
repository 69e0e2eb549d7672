import { suggest } from '../errors/nearest.ts';
import { OperatorError } from '../errors/problem.ts';
import type { FormatChoice, OperatorForms } from '../sources/settings.ts';
import { zoneNamed } from '../time/zone.ts';
import type { Format, LineReader, ReaderOptions } from './format.ts';
import { awsTransfer } from './products/aws-transfer/aws-transfer.ts';
import { lftp } from './products/lftp.ts';
import { openssh } from './products/openssh/openssh.ts';
import { proftpdExtendedFormats, proftpdFormat } from './products/proftpd/extended.ts';
import { proftpdSftpLog } from './products/proftpd/sftp-log.ts';
import { proftpdSystem } from './products/proftpd/system.ts';
import { pureFtpdAltLogs } from './products/pure-ftpd/alt-log.ts';
import { pureFtpd } from './products/pure-ftpd/syslog.ts';
import { rclone } from './products/rclone.ts';
import { sftpgo } from './products/sftpgo.ts';
import { squidFormat, squidFormats } from './products/squid/squid.ts';
import { vsftpd } from './products/vsftpd.ts';
import { winscp } from './products/winscp.ts';
import { xferlog } from './products/xferlog.ts';
import { behindSyslog } from './syslog/behind.ts';

/** Every format that has a name. A product adds a line. */
export const formats: readonly Format[] = [
  ...squidFormats,
  openssh,
  xferlog,
  ...proftpdExtendedFormats,
  proftpdSftpLog,
  proftpdSystem,
  vsftpd,
  pureFtpd,
  ...pureFtpdAltLogs,
  sftpgo,
  awsTransfer,
  lftp,
  rclone,
  winscp,
];

/** Formats that operators describe themselves; each throws OperatorError `format.bad-template` when it cannot be used. */
const operatorForms: { readonly [Form in keyof OperatorForms]: (described: OperatorForms[Form]) => Format } = {
  proftpd: proftpdFormat,
  squid: squidFormat,
};

/**
 * The format that was chosen, by name or by a format string of the operator's own.
 *
 * @throws OperatorError `config.bad-value` for a name that is not known, `format.bad-template` for a format string that
 *   cannot be read
 */
export function formatFor(choice: FormatChoice): Format {
  if (typeof choice !== 'string') return describedFormat(choice);
  const format = formats.find(({ name }) => name === choice);
  if (format !== undefined) return format;
  const names = formats.map(({ name }) => name);
  throw new OperatorError([
    {
      code: 'config.bad-value',
      what: `Cannot find format ${JSON.stringify(choice)}; there are ${names.join(', ')}`,
      todo: suggest(choice, names),
    },
  ]);
}

function describedFormat(choice: Partial<OperatorForms>): Format {
  for (const form of Object.keys(operatorForms) as (keyof OperatorForms)[]) {
    const format = formatIn(form, choice);
    if (format !== undefined) return format;
  }
  throw new Error('A format was chosen that has no form');
}

function formatIn<Form extends keyof OperatorForms>(form: Form, choice: Partial<OperatorForms>): Format | undefined {
  const described = choice[form];
  return described === undefined ? undefined : operatorForms[form](described);
}

/**
 * A reader of the lines that were written in the chosen format, with or without a syslog header.
 *
 * @throws OperatorError as `formatFor`
 */
export function readerFor(choice: FormatChoice, options: ReaderOptions): LineReader {
  return readerOf(formatFor(choice), options);
}

/** Like `readerFor`, of a format that is at hand. */
export function readerOf(format: Format, options: ReaderOptions): LineReader {
  return behindSyslog(format.reader(options), zoneNamed(options.timezone));
}

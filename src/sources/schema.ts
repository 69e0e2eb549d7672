import * as z from 'zod';
import { field, name, quote, words } from '../errors/field.ts';
import { parseAddress } from '../net/address.ts';
import { cidr } from '../net/fields.ts';
import { durationMs, timeZone } from '../time/fields.ts';
import { isGlob } from './file/glob.ts';
import { formatSchema } from './format-schema.ts';

/** A path whose last part may hold `*` and `?`. */
const pathGlob = field(
  (text, refuse) => {
    if (text === '' || text.endsWith('/')) return refuse(`${quote(text)} names no file`, 'write the path of a log');
    const directory = text.slice(0, text.lastIndexOf('/') + 1);
    return isGlob(directory)
      ? refuse(
          `${quote(text)} has a wildcard in its directory`,
          'use wildcards in the last part only, and list directories one by one',
        )
      : text;
  },
  { examples: ['/var/log/squid/access.log', '/var/log/squid/*.log'] },
);

/** An address of this host. */
const ownAddress = field(
  (text, refuse) => {
    const address = parseAddress(text);
    return address === undefined
      ? refuse(
          `${quote(text)} is no IP address`,
          'write one of this host, 0.0.0.0 for every IPv4 interface or :: for all',
        )
      : address.text;
  },
  { examples: ['0.0.0.0', '::'] },
);

const port = z.int().min(1).max(65_535);
const pemFile = words.meta({ description: 'PEM file' });

const listenSchema = z
  .discriminatedUnion('protocol', [
    z.strictObject({ protocol: z.enum(['udp', 'tcp']), address: ownAddress, port }),
    z.strictObject({
      protocol: z.literal('tls'),
      address: ownAddress,
      port,
      cert: pemFile.meta({
        description: 'PEM file: the certificate of this server, and those between it and its root',
      }),
      key: pemFile.meta({ description: 'PEM file: the private key of the certificate' }),
      ca: pemFile
        .optional()
        .meta({ description: 'PEM file: senders must show a certificate that one of these has signed' }),
      'max-version': z.enum(['1.2', '1.3']).default('1.2').meta({
        description:
          'Newest version of TLS. Under 1.3 rsyslog does not notice that the agent stops, and loses what it sends then',
      }),
    }),
  ])
  .meta({ description: 'Protocol (udp, tcp or tls), address and port where senders reach the source' });

/** systemd.journal-fields(7): capital letters, digits and underscores. */
const journalField = field(
  (text, refuse) =>
    /^[A-Z_][A-Z0-9_]{0,63}$/.test(text)
      ? text
      : refuse(`${quote(text)} is no field of the journal`, 'write one such as _SYSTEMD_UNIT or SYSLOG_IDENTIFIER'),
  { pattern: '^[A-Z_][A-Z0-9_]{0,63}$' },
);
const journalValue = field((text, refuse) =>
  text === '' || text.includes('\0') ? refuse('Found no text', 'write the value that the field must have') : text,
);

const anySource = {
  name: name.meta({ description: 'Names the source; unique' }),
  format: formatSchema,
  inside: z.enum(['client', 'server', 'by-address']).meta({
    description:
      'Which side is ours: client (forward proxy), server (reverse proxy, SFTP server), or by-address (whichever is not on a public address)',
  }),
  timezone: timeZone.prefault('UTC').meta({ description: 'IANA zone of timestamps that carry none' }),
  silence: durationMs
    .nullable()
    .prefault('30m')
    .meta({ description: 'No line for this long is an alert; null: never' }),
};

const fileSource = z
  .strictObject({
    ...anySource,
    type: z.literal('file'),
    paths: z.array(pathGlob).min(1).meta({ description: 'Log files; the last part of a path may hold * and ?' }),
    start: z
      .enum(['end', 'beginning'])
      .default('end')
      .meta({ description: 'Where to begin in a file that is there when the source is first seen' }),
  })
  .meta({ description: 'Log files that are followed through rotation' });

const journaldSource = z
  .strictObject({
    ...anySource,
    type: z.literal('journald'),
    match: z
      .record(journalField, z.union([journalValue, z.array(journalValue).min(1)]))
      .default({})
      .meta({ description: 'Fields that an entry must have, each with a value or one of a list; none: every entry' }),
    directory: words
      .optional()
      .meta({ description: 'A directory of journal files; without it, the journal of this host' }),
    start: z
      .enum(['end', 'beginning'])
      .default('end')
      .meta({ description: 'Where to begin when the source is first seen' }),
  })
  .meta({ description: 'The journal of systemd' });

const syslogSource = z
  .strictObject({
    ...anySource,
    type: z.literal('syslog'),
    listen: listenSchema,
    allow: z
      .array(cidr)
      .min(1)
      .optional()
      .meta({ description: 'Networks of the senders; without it, anyone may send' }),
  })
  .meta({ description: 'A syslog server that devices and relays send to' });

const stdinSource = z
  .strictObject({ ...anySource, type: z.literal('stdin') })
  .meta({ description: 'Standard input, to its end' });

/** One source as the operator writes it. Paths may still be relative. */
export const sourceSchema = z.discriminatedUnion('type', [fileSource, journaldSource, syslogSource, stdinSource]);

export type DeclaredSource = z.output<typeof sourceSchema>;

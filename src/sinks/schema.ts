import * as z from 'zod';
import { field, quote, words } from '../errors/field.ts';
import { anySink, tlsFiles } from './any-sink-schema.ts';
import { ALERT_FORMAT_NAMES } from './encoders/alert-format.ts';
import { HTTP_SINKS } from './http/schema.ts';

const BYTES_PER_UNIT = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** `100MiB` in the file, bytes past this line. Never 0. */
export const sizeBytes = field(
  (text, refuse) => {
    const [, digits, unit] = /^([1-9]\d{0,5})(B|KiB|MiB|GiB)$/.exec(text) ?? [];
    if (digits === undefined)
      return refuse(`${quote(text)} is no size`, 'write a number and B, KiB, MiB or GiB: 100MiB');
    return Number(digits) * BYTES_PER_UNIT[unit as keyof typeof BYTES_PER_UNIT];
  },
  { pattern: '^[1-9][0-9]{0,5}(?:B|KiB|MiB|GiB)$', examples: ['512KiB', '100MiB'] },
);

/** `siem.hospital.example:6514`, `[2001:db8::9]:6514`. */
const hostAndPort = field(
  (text, refuse) => {
    const [, six, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
    const host = six ?? name;
    const port = Number(digits);
    if (host === undefined || port < 1 || port > 65_535)
      return refuse(`${quote(text)} is no host and port`, 'write siem.hospital.example:6514, or [2001:db8::9]:6514');
    return { host, port };
  },
  { examples: ['siem.hospital.example:6514'] },
);

const alertFormat = z.enum(ALERT_FORMAT_NAMES).meta({
  description: 'native, ecs, ocsf and cloudevents are JSON; cef for ArcSight and Sentinel, leef for QRadar',
});

const fileSink = z
  .strictObject({
    ...anySink,
    type: z.literal('file'),
    path: words.meta({ description: 'One alert a line is appended here' }),
    format: alertFormat.default('native'),
    rotate: sizeBytes
      .nullable()
      .prefault('100MiB')
      .meta({ description: 'Size at which a new file begins; null: never' }),
    keep: z.int().min(1).max(1000).default(10).meta({ description: 'Rotated files that are kept' }),
  })
  .meta({ description: 'Alerts in a file, one a line' });

const syslogSink = z
  .strictObject({
    ...anySink,
    type: z.literal('syslog'),
    protocol: z.enum(['tls', 'tcp', 'udp']).default('tls').meta({ description: 'Nobody can tell what arrived by udp' }),
    address: hostAndPort.meta({ description: 'Where the receiver listens, as siem.hospital.example:6514' }),
    format: alertFormat.default('cef'),
    framing: z
      .enum(['octet-counting', 'lf'])
      .default('octet-counting')
      .meta({ description: 'Over tcp and tls; lf for receivers that know no octet counting (RFC 6587)' }),
    ...tlsFiles,
  })
  .meta({ description: 'Alerts to a syslog receiver: RFC 5424 over TLS (RFC 5425), TCP (RFC 6587) or UDP (RFC 5426)' });

const terminalSink = z
  .strictObject({ ...anySink, type: z.literal('terminal') })
  .meta({ description: 'Alerts for people, on standard output' });

/** One sink as the operator writes it. The path may still be relative. */
export const sinkSchema = z.discriminatedUnion('type', [fileSink, syslogSink, terminalSink, ...HTTP_SINKS]);

export type DeclaredSink = z.output<typeof sinkSchema>;

import * as z from 'zod';
import { field, quote, refusal, words } from '../errors/field.ts';
import { secretReference } from '../errors/secret.ts';
import { durationMs } from '../time/fields.ts';
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

const mailAddress = field(
  (text, refuse) =>
    /^[^\s@<>(),;:"\\[\]]+@[A-Za-z0-9.-]+$/.test(text)
      ? text
      : refuse(`${quote(text)} is no e-mail address`, 'write soc@hospital.example'),
  { examples: ['soc@hospital.example'] },
);

interface Credentials {
  readonly token?: unknown;
  readonly username?: unknown;
  readonly password?: unknown;
}

function refuseHalfCredentials({ value, issues }: z.core.ParsePayload<Credentials>): void {
  const { token, username, password } = value;
  if ((username === undefined) === (password === undefined) && (token === undefined || username === undefined)) return;
  const todo = 'token' in value ? 'write token, or username and password' : 'write username and password';
  issues.push({ ...refusal('The credentials are not whole', todo), input: value });
}

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

const natsSink = z
  .strictObject({
    ...anySink,
    ...tlsFiles,
    type: z.literal('nats'),
    protocol: z.enum(['tls', 'plain']).default('tls'),
    address: hostAndPort.meta({
      description: 'Of the server: nats.hospital.example:4222; under TLS by name, as in its certificate',
    }),
    subject: field(
      (text, refuse) =>
        /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(text)
          ? text
          : refuse(`${quote(text)} is no subject to publish to`, 'write words and dots: phi-egress.alerts'),
      { pattern: '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$' },
    )
      .prefault('phi-egress.alerts')
      .meta({ description: 'A stream of JetStream must take it' }),
    format: z.enum(['cloudevents', 'native', 'ecs', 'ocsf']).default('cloudevents'),
    token: secretReference.optional(),
    username: words.optional(),
    password: secretReference.optional(),
  })
  .check(refuseHalfCredentials)
  .meta({ description: 'Alerts to a stream of NATS JetStream' });

const smtpSink = z
  .strictObject({
    ...anySink,
    ...tlsFiles,
    type: z.literal('smtp'),
    protocol: z
      .enum(['starttls', 'tls', 'plain'])
      .default('starttls')
      .meta({ description: 'starttls is demanded of the server, never only hoped for' }),
    address: hostAndPort.meta({ description: 'Of the mail server: mail.hospital.example:587' }),
    from: mailAddress,
    to: z.array(mailAddress).min(1),
    username: words.optional(),
    password: secretReference.optional(),
    every: durationMs
      .prefault('15m')
      .meta({ description: 'The first alert goes at once; what comes within this time goes together' }),
  })
  .check(refuseHalfCredentials)
  .meta({ description: 'Alerts in a few words, by e-mail' });

const terminalSink = z
  .strictObject({ ...anySink, type: z.literal('terminal') })
  .meta({ description: 'Alerts for people, on standard output' });

/** One sink as the operator writes it. The path may still be relative. */
export const sinkSchema = z.discriminatedUnion('type', [
  fileSink,
  syslogSink,
  terminalSink,
  natsSink,
  smtpSink,
  ...HTTP_SINKS,
]);

export type DeclaredSink = z.output<typeof sinkSchema>;

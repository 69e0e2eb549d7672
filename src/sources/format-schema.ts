import * as z from 'zod';
import { field, quote, refusal, words } from '../errors/field.ts';
import type { CsvColumn, FormatChoice, JsonKey, OperatorForms } from './settings.ts';

const path = field(
  (text, refuse) =>
    /^[^./].*[^.]$|^[^./]$|^\/./.test(text)
      ? text
      : refuse(`${quote(text)} is no path`, 'write keys with dots between them, or /keys/with/slashes'),
  { examples: ['request.headers.Host.0', '/request/uri'] },
);

const JSON_KEYS: Readonly<Record<JsonKey, string>> = {
  time: 'When it was: ISO 8601, the Common Log Format, or a number since 1970 whose digits tell its unit',
  'client.ip': 'Address of the client, or address:port',
  'client.port': 'Port of the client',
  'client.host': 'Name of the client',
  'client.user': 'Who the client was',
  'server.ip': 'Address that was connected to, or address:port',
  'server.port': 'Port of the server',
  'server.host': 'Name that the client asked for, or name:port',
  bytesToServer: 'Bytes that the client sent',
  bytesToClient: 'Bytes that the client received',
  durationMs: 'How long it took, in milliseconds unless a unit is given; texts such as 4.3ms tell theirs',
  request: 'The request line: GET /path HTTP/1.1',
  method: 'Method of the request',
  url: 'URL of the request, or the path in it',
  scheme: 'http or https, where url is but a path',
  status: 'HTTP status to the client',
  contentType: 'Media type of what moved',
  agent: 'User agent',
  referrer: 'Referrer',
  session: 'What the lines of one session have in common',
  proxyResult: 'What the proxy says that it did, in its own words',
};

const jsonMapping = z.strictObject(
  mapKeys(JSON_KEYS, (description) =>
    z
      .union([path, z.strictObject({ path, unit: z.enum(['s', 'ms', 'us', 'ns']) })])
      .optional()
      .meta({ description }),
  ),
);

const { request: _, scheme: __, ...csvKeys } = JSON_KEYS;
const CSV_COLUMNS: readonly CsvColumn[] = [
  ...(Object.keys(csvKeys) as (keyof typeof csvKeys)[]),
  ...(['file.path', 'dlp.engine', 'dlp.rule', '-'] as const),
];

function mapKeys<Key extends string, Value>(texts: Readonly<Record<Key, string>>, make: (text: string) => Value) {
  const entries = Object.entries<string>(texts).map(([key, text]) => [key, make(text)]);
  return Object.fromEntries(entries) as Record<Key, Value>;
}

/** Every form in which an operator describes a format, and what stands behind it. */
const forms = {
  squid: words.optional().meta({ description: 'A Squid logformat string' }),
  apache: words.optional().meta({ description: 'An Apache LogFormat string' }),
  nginx: words.optional().meta({ description: 'An nginx log_format: the string, or all that stands behind its name' }),
  haproxy: words.optional().meta({ description: 'A HAProxy log-format string' }),
  envoy: words.optional().meta({ description: 'An Envoy format string' }),
  proftpd: words.optional().meta({ description: 'A ProFTPD LogFormat string' }),
  json: jsonMapping.optional().meta({ description: 'Keys of a LogRecord, each with its path in a JSON log' }),
  w3c: z.literal(true).optional().meta({ description: 'true: a W3C extended log, by its #Software and #Fields' }),
  csv: z
    .array(z.enum(CSV_COLUMNS))
    .min(1)
    .optional()
    .meta({ description: 'What the columns of a CSV log hold, in their order; - for one that nobody needs' }),
} satisfies Record<keyof OperatorForms, z.ZodType>;

const FORM_NAMES = Object.keys(forms);

/** A name, or exactly one of the forms. */
export const formatSchema = z
  .union([
    words,
    z
      .strictObject(forms)
      .superRefine((written, context) => {
        const found = FORM_NAMES.filter((form) => form in written);
        if (found.length === 1) return;
        const what = found.length === 0 ? 'Found no format' : `Found ${found.join(' and ')}`;
        context.addIssue(refusal(what, `write one of ${FORM_NAMES.join(', ')}`));
      })
      .meta({ minProperties: 1, maxProperties: 1 }),
  ])
  .meta({
    description:
      'A name from `phi-egress formats`, or a form of your own: { squid: "<logformat string>" }, { apache: ... }, { nginx: ... }, { haproxy: ... }, { envoy: ... }, { proftpd: ... }, { json: { <LogRecord key>: <path> } }, { w3c: true }, { csv: [time, client.ip, -, ...] }',
  });

/** What was written, as the settings have it: the schema made sure that it is exactly one form. */
export function formatChoice(written: z.output<typeof formatSchema>): FormatChoice {
  return typeof written === 'string' ? written : (written as FormatChoice);
}

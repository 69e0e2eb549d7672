import * as z from 'zod';
import { field, quote, refusal, words } from '../../errors/field.ts';
import { secretReference } from '../../errors/secret.ts';
import { anySink, tlsFiles } from '../any-sink-schema.ts';
import { isHostInReach, isLoopback } from './reach.ts';

const EXAMPLE = 'https://siem.hospital.example';

/** Where an API is. Whether http is permitted is asked of the whole sink. */
const url = field(
  (text, refuse) => {
    if (!URL.canParse(text)) return refuse('This is no URL', `write ${EXAMPLE}`);
    const parsed = new URL(text);
    if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')
      return refuse(`${quote(parsed.protocol)} is no way to reach it`, `write ${EXAMPLE}`);
    if (parsed.username !== '' || parsed.password !== '' || parsed.hash !== '')
      return refuse('The URL holds a user or a fragment', 'leave them out, and write credentials under their own keys');
    if (!isHostInReach(parsed.hostname))
      return refuse(
        `${quote(parsed.hostname)} is link-local, or where a cloud keeps credentials`,
        'name a host that takes alerts',
      );
    return text;
  },
  { pattern: '^https?://', examples: [EXAMPLE] },
);

const anyHttp = {
  ...anySink,
  ...tlsFiles,
  'allow-http': z.boolean().default(false).meta({ description: 'Let alerts cross the network unencrypted' }),
};

type Http = { readonly url?: unknown; readonly 'allow-http': boolean };

/** To this machine itself, http is as good as https. */
function refusePlain({ value, issues }: z.core.ParsePayload<Http>): void {
  if (typeof value.url !== 'string' || value['allow-http'] || !value.url.startsWith('http:')) return;
  if (isLoopback(new URL(value.url).hostname)) return;
  const wrong = refusal('Alerts would cross the network unencrypted', 'write https, or allow-http: true', ['url']);
  issues.push({ ...wrong, input: value });
}

const splunkHec = z
  .strictObject({
    ...anyHttp,
    type: z.literal('splunk-hec'),
    url: url.meta({ description: 'Of the event collector, without a path: https://splunk.hospital.example:8088' }),
    token: secretReference.meta({ description: 'Token of the event collector' }),
    acknowledge: z
      .boolean()
      .default(false)
      .meta({ description: 'Wait until an indexer has the alerts; the token must have indexer acknowledgement on' }),
    index: words.optional().meta({ description: "Without it, the token's own" }),
    sourcetype: words.prefault('phi:egress:alert'),
  })
  .check(refusePlain)
  .meta({ description: 'Alerts to the HTTP Event Collector of Splunk' });

const elasticsearch = z
  .strictObject({
    ...anyHttp,
    type: z.literal('elasticsearch'),
    url: url.meta({ description: 'Of the cluster: https://elastic.hospital.example:9200' }),
    'data-stream': field(
      (text, refuse) =>
        /^[a-z0-9][a-z0-9_.-]{0,254}$/.test(text)
          ? text
          : refuse(`${quote(text)} cannot be a data stream`, 'write small letters, digits, dots, hyphens, underscores'),
      { pattern: '^[a-z0-9][a-z0-9_.-]{0,254}$' },
    ).prefault('logs-phi_egress.alerts-default'),
    format: z.enum(['ecs', 'native', 'ocsf']).default('ecs'),
    'api-key': secretReference.optional().meta({ description: 'Base64 of its id and key, as Kibana shows it' }),
    username: words.optional(),
    password: secretReference.optional(),
  })
  .check(refusePlain)
  .check(({ value, issues }) => {
    const isOdd = (value.username === undefined) !== (value.password === undefined);
    const isBoth = value['api-key'] !== undefined && value.username !== undefined;
    if (isOdd || isBoth)
      issues.push({
        ...refusal('The credentials are not whole', 'write api-key, or username and password'),
        input: value,
      });
  })
  .meta({ description: 'Alerts to a data stream of Elasticsearch or OpenSearch' });

const guid = field(
  (text, refuse) =>
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
      ? text
      : refuse(`${quote(text)} is no GUID`, 'write it as the portal shows it: 00000000-0000-0000-0000-000000000000'),
  { examples: ['00000000-0000-0000-0000-000000000000'] },
);

const sentinel = z
  .strictObject({
    ...anyHttp,
    type: z.literal('sentinel'),
    url: url.meta({ description: 'Logs ingestion endpoint of the data collection rule' }),
    rule: words.meta({ description: 'Immutable id of the data collection rule: dcr-...' }),
    stream: words.prefault('Custom-PhiEgressAlerts').meta({ description: 'Stream of the data collection rule' }),
    tenant: guid.meta({ description: 'Directory (tenant) id' }),
    client: guid.meta({ description: 'Application (client) id' }),
    secret: secretReference.meta({ description: 'Client secret of the application' }),
    login: url
      .prefault('https://login.microsoftonline.com')
      .meta({ description: 'Of Entra ID; others in national clouds: https://login.microsoftonline.us' }),
    scope: words
      .prefault('https://monitor.azure.com/.default')
      .meta({ description: 'Others in national clouds: https://monitor.azure.us/.default' }),
  })
  .check(refusePlain)
  .meta({ description: 'Alerts to Microsoft Sentinel through the Logs Ingestion API, in the native form' });

const googleSecops = z
  .strictObject({
    ...anyHttp,
    type: z.literal('google-secops'),
    url: url.meta({ description: 'Regional endpoint: https://chronicle.us.rep.googleapis.com' }),
    project: words.meta({ description: 'Google Cloud project of the instance' }),
    location: words.meta({ description: 'As in the endpoint: us' }),
    instance: guid.meta({ description: 'Customer id of the instance' }),
    credentials: words.meta({ description: 'File with the key of a service account, JSON' }),
  })
  .check(refusePlain)
  .meta({ description: 'Alerts to Google Security Operations, as UDM events' });

const datadog = z
  .strictObject({
    ...anyHttp,
    type: z.literal('datadog'),
    url: url
      .prefault('https://http-intake.logs.datadoghq.com')
      .meta({ description: 'Of the site: https://http-intake.logs.us5.datadoghq.com' }),
    'api-key': secretReference,
  })
  .check(refusePlain)
  .meta({ description: 'Alerts to the logs of Datadog' });

const webhook = z
  .strictObject({
    ...anyHttp,
    type: z.literal('webhook'),
    url: z.union([url, secretReference]).meta({ description: 'Where to post; a secret where the URL is one' }),
    secret: secretReference
      .optional()
      .meta({ description: 'whsec_ and base64: signs each request as Standard Webhooks has it' }),
    format: z.enum(['cloudevents', 'native', 'ecs', 'ocsf']).default('cloudevents'),
  })
  .check(refusePlain)
  .meta({ description: 'Alerts to any receiver of webhooks' });

const pagerduty = z
  .strictObject({
    ...anyHttp,
    type: z.literal('pagerduty'),
    url: url
      .prefault('https://events.pagerduty.com')
      .meta({ description: 'https://events.eu.pagerduty.com in Europe' }),
    'routing-key': secretReference.meta({ description: 'Integration key of a service' }),
  })
  .check(refusePlain)
  .meta({ description: 'Alerts as incidents of PagerDuty, resolved when the alert closes' });

const chat = <Type extends 'slack' | 'teams'>(type: Type, description: string) =>
  z
    .strictObject({
      ...anyHttp,
      type: z.literal(type),
      url: secretReference.meta({ description: 'URL of the webhook; whoever knows it may write, so it is a secret' }),
    })
    .meta({ description });

export const HTTP_SINKS = [
  splunkHec,
  elasticsearch,
  sentinel,
  googleSecops,
  datadog,
  webhook,
  pagerduty,
  chat('slack', 'Alerts in a few words, to a channel of Slack'),
  chat('teams', 'Alerts in a few words, to a channel of Teams through a workflow'),
] as const;

export type DeclaredHttpSink = z.output<(typeof HTTP_SINKS)[number]>;

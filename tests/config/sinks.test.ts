import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadSettings } from '../../src/config/load.ts';
import { Secret } from '../../src/errors/secret.ts';
import { scratch } from '../command.ts';

const HEAD = `sources:
  - { name: squid, type: file, paths: [/var/log/squid/access.log], format: squid, inside: client }
vendors: []
sinks:
`;

const GUID = '11111111-2222-3333-4444-555555555555';

test('every sink over the network has its defaults, its files from the directory of the configuration, its secrets hidden', async () => {
  await using dir = await scratch();
  await writeFile(join(dir.path, 'key'), 'hush\n');
  const secret = `"\${file:${join(dir.path, 'key')}}"`;
  const file = join(dir.path, 'phi-egress.yaml');
  await writeFile(
    file,
    `${HEAD}
  - { name: splunk, type: splunk-hec, url: "https://splunk.hospital.example:8088", token: ${secret}, min-severity: medium }
  - { name: elastic, type: elasticsearch, url: "https://elastic.hospital.example:9200", username: agent, password: ${secret}, ca: ca.pem }
  - { name: sentinel, type: sentinel, url: "https://x.ingest.monitor.azure.com", rule: dcr-1, tenant: ${GUID}, client: ${GUID}, secret: ${secret} }
  - { name: secops, type: google-secops, url: "https://chronicle.us.rep.googleapis.com", project: p, location: us, instance: ${GUID}, credentials: sa.json }
  - { name: datadog, type: datadog, api-key: ${secret} }
  - { name: hook, type: webhook, url: "https://hooks.hospital.example/in", secret: ${secret} }
  - { name: pager, type: pagerduty, routing-key: ${secret} }
  - { name: slack, type: slack, url: ${secret} }
  - { name: nats, type: nats, address: "nats.hospital.example:4222", token: ${secret} }
  - { name: mail, type: smtp, address: "mail.hospital.example:587", from: agent@hospital.example, to: [soc@hospital.example] }
`,
  );
  const { sinks } = await loadSettings(file);
  const any = { minSeverity: 'info', allowHttp: false, tls: {} };
  const hush = new Secret({ value: 'hush' });
  expect(sinks).toEqual([
    {
      ...{ ...any, name: 'splunk', type: 'splunk-hec', minSeverity: 'medium', token: hush, acknowledge: false },
      ...{ url: 'https://splunk.hospital.example:8088', sourcetype: 'phi:egress:alert' },
    },
    {
      ...{
        ...any,
        name: 'elastic',
        type: 'elasticsearch',
        url: 'https://elastic.hospital.example:9200',
        format: 'ecs',
      },
      ...{ tls: { ca: join(dir.path, 'ca.pem') }, dataStream: 'logs-phi_egress.alerts-default' },
      credentials: { username: 'agent', password: hush },
    },
    {
      ...{ ...any, name: 'sentinel', type: 'sentinel', url: 'https://x.ingest.monitor.azure.com', rule: 'dcr-1' },
      ...{ stream: 'Custom-PhiEgressAlerts', tenant: GUID, client: GUID, secret: hush },
      ...{ login: 'https://login.microsoftonline.com', scope: 'https://monitor.azure.com/.default' },
    },
    {
      ...{ ...any, name: 'secops', type: 'google-secops', url: 'https://chronicle.us.rep.googleapis.com' },
      ...{ project: 'p', location: 'us', instance: GUID, credentials: join(dir.path, 'sa.json') },
    },
    { ...any, name: 'datadog', type: 'datadog', url: 'https://http-intake.logs.datadoghq.com', apiKey: hush },
    {
      ...{ ...any, name: 'hook', type: 'webhook', url: 'https://hooks.hospital.example/in', secret: hush },
      format: 'cloudevents',
    },
    { ...any, name: 'pager', type: 'pagerduty', url: 'https://events.pagerduty.com', routingKey: hush },
    { ...any, name: 'slack', type: 'slack', url: hush },
    {
      ...{
        name: 'nats',
        type: 'nats',
        minSeverity: 'info',
        protocol: 'tls',
        host: 'nats.hospital.example',
        port: 4222,
      },
      ...{ subject: 'phi-egress.alerts', format: 'cloudevents', tls: {}, credentials: { token: hush } },
    },
    {
      ...{ name: 'mail', type: 'smtp', minSeverity: 'info', protocol: 'starttls', host: 'mail.hospital.example' },
      ...{ port: 587, from: 'agent@hospital.example', to: ['soc@hospital.example'], tls: {}, everyMs: 900_000 },
    },
  ]);
  expect(JSON.stringify(sinks)).not.toContain('hush');
  const [splunk] = sinks;
  expect(splunk?.type === 'splunk-hec' && splunk.token.reveal()).toBe('hush');
});

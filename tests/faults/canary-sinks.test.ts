import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, expect, test } from 'vitest';
import { ALERT_FORMAT_NAMES } from '../../src/sinks/encoders/alert-format.ts';
import { eventually, type Finished, run, scratch } from '../command.ts';
import { serve } from '../e2e/child.ts';
import { freePort } from '../e2e/free-port.ts';
import { describeWithServers, programPath } from '../e2e/requirements.ts';
import { Undo } from '../e2e/undo.ts';
import { fixture } from '../sinks/apis/receiver.ts';
import { expectClean, SQUID_LINES, SSH_LINES } from './canaries.ts';

/** What the sinks authenticate with. It goes to the destination and nowhere else. */
const SECRETS = {
  token: 'hush-splunk-4711',
  apiKey: 'aHVzaDplbGFzdGlj',
  client: 'hush~sentinel',
  granted: 'hush-granted-token',
  datadog: 'hush-datadog',
  routing: 'HUSHHUSHHUSHHUSHHUSHHUSHHUSHHUSH',
  slack: 'hush-slack-path',
  teams: 'hush-teams-signature',
  password: 'hush-password',
};

const REFUSED_RULE = 'location-undetermined';

const GUID = '11111111-2222-3333-4444-555555555555';
const SMTP_SERVER = fileURLToPath(new URL('../e2e/smtp-server.py', import.meta.url));
const PYTHON = '/usr/bin/python3';
const NEEDS = {
  programs: ['nats-server'],
  files: { [PYTHON]: 'python3', '/usr/lib/python3/dist-packages/aiosmtpd': 'python3-aiosmtpd' },
} as const;

describeWithServers('every sink', NEEDS, () => {
  const undo = new Undo();
  afterAll(() => undo.run());

  test('no destination, log, error or database is told anything of a patient, nor any secret', async () => {
    await using dir = await scratch();
    const received: string[] = [];
    const http = await quarrelsomeServer(received, undo);
    const tcp = await tcpReceiver(received, undo);
    const udp = await udpReceiver(received, undo);
    const nats = await natsServer(dir.path, undo);
    const mail = await mailServer(undo);
    await mkdir(join(dir.path, 'secrets'));
    const secret = async (name: keyof typeof SECRETS, value: string = SECRETS[name]) => {
      await writeFile(join(dir.path, 'secrets', name), value);
      return `\${file:${join(dir.path, 'secrets', name)}}`;
    };
    const credentials = join(dir.path, 'secrets', 'service-account.json');
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    await writeFile(
      credentials,
      JSON.stringify({ client_email: 'a@b.example', private_key: privateKey, token_uri: `${http}/token` }),
    );
    const tls = { ca: fixture('ca.pem'), username: 'agent' };
    const sinks = [
      ...ALERT_FORMAT_NAMES.map((format) => ({ name: format, type: 'file', path: `alerts-${format}.log`, format })),
      ...ALERT_FORMAT_NAMES.map((format) => ({
        ...{ name: `tcp-${format}`, type: 'syslog', protocol: 'tcp', address: tcp, format },
      })),
      { name: 'udp', type: 'syslog', protocol: 'udp', address: udp, format: 'leef' },
      { name: 'people', type: 'terminal' },
      { name: 'splunk', type: 'splunk-hec', url: `${http}/splunk`, token: await secret('token') },
      { name: 'elastic', type: 'elasticsearch', url: `${http}/elastic`, 'api-key': await secret('apiKey') },
      {
        ...{ name: 'sentinel', type: 'sentinel', url: `${http}/sentinel`, rule: 'dcr-1', tenant: GUID, client: GUID },
        ...{ secret: await secret('client'), login: http },
      },
      {
        ...{ name: 'secops', type: 'google-secops', url: `${http}/secops`, project: 'p', location: 'us' },
        ...{ instance: GUID, credentials },
      },
      { name: 'datadog', type: 'datadog', url: `${http}/datadog`, 'api-key': await secret('datadog') },
      { name: 'pager', type: 'pagerduty', url: `${http}/pager`, 'routing-key': await secret('routing') },
      { name: 'slack', type: 'slack', url: await secret('slack', `${http}/slack/${SECRETS.slack}`) },
      { name: 'teams', type: 'teams', url: await secret('teams', `${http}/teams?sig=${SECRETS.teams}`) },
      ...(['native', 'ecs', 'ocsf', 'cloudevents'] as const).map((format) => ({
        ...{ name: `hook-${format}`, type: 'webhook', url: `${http}/hook-${format}`, format },
      })),
      { ...{ name: 'nats', type: 'nats', address: nats.address }, ...tls, password: await secret('password') },
      {
        ...{ name: 'mail', type: 'smtp', address: mail.address, from: 'a@b.example', to: ['c@d.example'], every: '1s' },
        ...{ ...tls, password: `\${file:${await rightPassword(dir.path)}}` },
      },
    ];
    const config = await install(dir.path, sinks);

    const outputs: Finished[] = [await run(['run', '--config', config, '--until-idle'])];
    expect(outputs[0]?.code).toBe(0);
    for (const args of [
      ['status'],
      ['status', '--json'],
      ['alerts', 'list'],
      ['sinks', 'dead-letters', 'list'],
      ['sinks', 'dead-letters', 'list', '--json'],
      ['validate'],
    ])
      outputs.push(await run([...args, '--config', config]));

    // The plants came through: every sink was told, the HTTP ones after they had quarrelled.
    const status = JSON.parse(outputs[2]?.stdout ?? '{}');
    const told = status.sinks.map(({ sink, delivered }: { sink: string; delivered: number }) => [sink, delivered > 0]);
    expect(told).toEqual(sinks.map(({ name }) => [name, true]).sort());
    const letters = outputs[5]?.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const refusing = ['datadog', 'hook-cloudevents', 'hook-ecs', 'hook-native', 'hook-ocsf', 'pager', 'secops'];
    expect([...new Set(letters?.map(({ sink }) => sink))].sort()).toEqual([...refusing, 'sentinel', 'splunk']);
    expect(new Set(letters?.map(({ alert }) => alert.rule))).toEqual(new Set([REFUSED_RULE]));

    received.push(...(await nats.received()), mail.received());
    const log = readFileSync(join(dir.path, 'agent.log'), 'utf8');
    expect(log).toContain('SinkFailed');
    expect(log).toContain('AlertsRefused');
    const files = readdirSync(dir.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !['access.log', 'auth.log'].includes(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .filter((path) => !path.includes('/secrets/') && !path.includes('/jetstream/') && !path.endsWith('nats.conf'));
    for (const path of files) {
      expectClean(readFileSync(path, 'latin1'), path);
      expectClean(readFileSync(path, 'latin1'), path, SECRETS);
    }
    for (const { stdout, stderr } of outputs)
      for (const text of [stdout, stderr]) {
        expectClean(text, 'an output');
        expectClean(text, 'an output', SECRETS);
      }
    expect(received.length).toBeGreaterThan(30);
    for (const text of received) expectClean(text, 'what a destination got');
  });
});

async function install(directory: string, sinks: readonly object[]): Promise<string> {
  const config = join(directory, 'phi-egress.yaml');
  await writeFile(join(directory, 'access.log'), `${SQUID_LINES.join('\n')}\n`);
  await writeFile(join(directory, 'auth.log'), `${SSH_LINES.join('\n')}\n`);
  const source = { type: 'file', start: 'beginning', silence: null };
  const configured = {
    agent: { name: 'gw1', state: 'state', log: { level: 'debug', file: 'agent.log' }, http: null },
    sources: [
      { ...source, name: 'squid', paths: ['access.log'], format: 'squid', inside: 'client' },
      { ...source, name: 'sftp', paths: ['auth.log'], format: 'openssh', inside: 'server' },
    ],
    vendors: [
      {
        id: 'abroad',
        name: 'Coders Abroad',
        carries: 'phi',
        endpoints: { domains: ['upload.abroad.example'], accounts: ['abroad_sftp'] },
      },
    ],
    phi: { systems: [{ name: 'outbound', paths: ['/outbound/**'] }] },
    geo: { overrides: [{ networks: ['192.0.2.0/24'], country: 'IN', reason: 'for the test' }] },
    rules: { 'format-mismatch': { share: 0.05, 'least-lines': 1 } },
    sinks,
  };
  await writeFile(config, JSON.stringify(configured));
  return config;
}

/** As the mail server knows it. */
async function rightPassword(directory: string): Promise<string> {
  const path = join(directory, 'secrets', 'mail');
  await writeFile(path, 'right');
  return path;
}

/**
 * All APIs behind one port. Each is at first out of order, then hangs up, and never takes the alerts of one rule; it repeats
 * request and credentials in every error.
 */
async function quarrelsomeServer(received: string[], undo: Undo): Promise<string> {
  const requests = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const path = request.url ?? '';
    if (path === '/token' || path.endsWith('/oauth2/v2.0/token'))
      return void response.end(JSON.stringify({ access_token: SECRETS.granted, expires_in: 3_600 }));
    received.push(body);
    const api = path.split(/[/?]/)[1] ?? '';
    const number = (requests.get(api) ?? 0) + 1;
    requests.set(api, number);
    const echo = `${body} ${JSON.stringify(request.headers)} ${path}`;
    if (number === 1) return void response.writeHead(500).end(echo);
    if (number === 2)
      return void response.writeHead(200, { 'content-length': 10_000 }).write(echo, () => response.destroy());
    if (api !== 'elastic' && body.includes(REFUSED_RULE)) return void response.writeHead(400).end(echo);
    answer(api, body, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(api: string, body: string, response: ServerResponse): void {
  if (api === 'splunk') return void response.end('{"text":"Success","code":0}');
  if (api === 'sentinel') return void response.writeHead(204).end();
  if (api !== 'elastic') return void response.end('{}');
  const count = body.trimEnd().split('\n').length / 2;
  response.end(JSON.stringify({ errors: false, items: Array(count).fill({ create: { status: 201 } }) }));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  return String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw);
}

async function tcpReceiver(received: string[], undo: Undo): Promise<string> {
  const server = createTcpServer((socket) =>
    socket.on('data', (data) => received.push(String(data))).on('error', () => {}),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.add(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function udpReceiver(received: string[], undo: Undo): Promise<string> {
  const socket = createSocket('udp4').on('message', (data) => received.push(String(data)));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  undo.add(() => socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

async function natsServer(directory: string, undo: Undo) {
  const port = await freePort('127.0.0.1');
  const [cert, key] = [fixture('server.pem'), fixture('server.key')];
  await writeFile(
    join(directory, 'nats.conf'),
    `listen: "127.0.0.1:${port}"
jetstream { store_dir: "${join(directory, 'jetstream')}" }
tls { cert_file: "${cert}", key_file: "${key}" }
authorization { users: [{ user: agent, password: "${SECRETS.password}" }] }
`,
  );
  const server = serve(spawn(programPath('nats-server'), ['-c', join(directory, 'nats.conf')]), undo);
  await eventually(async () => (server.output().includes('Server is ready') ? true : undefined), 20_000, 'nats-server');
  const withManager = async <T>(work: (manager: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<T>) => {
    const login = { user: 'agent', pass: SECRETS.password, tls: { caFile: fixture('ca.pem') } };
    const connection = await connect({ servers: `localhost:${port}`, ...login });
    return work(await jetstreamManager(connection)).finally(() => connection.close());
  };
  await withManager((manager) => manager.streams.add({ name: 'ALERTS', subjects: ['phi-egress.alerts'] }));
  const received = () =>
    withManager(async (manager) => {
      const { state } = await manager.streams.info('ALERTS');
      const all: string[] = [];
      for (let seq = state.first_seq; seq <= state.last_seq; seq++)
        all.push((await manager.streams.getMessage('ALERTS', { seq }))?.string() ?? '');
      return all;
    });
  return { address: `localhost:${port}`, received };
}

async function mailServer(undo: Undo) {
  const port = await freePort('127.0.0.1');
  const server = serve(spawn(PYTHON, [SMTP_SERVER, String(port), fixture('server.pem'), fixture('server.key')]), undo);
  await eventually(async () => (server.output().includes('ready') ? true : undefined), 20_000, 'the mail server');
  return { address: `127.0.0.1:${port}`, received: server.output };
}

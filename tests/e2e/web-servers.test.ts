import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RECOMMENDED_LOG_FORMAT } from '../../src/formats/products/apache/apache.ts';
import { RECOMMENDED_HAPROXY_FORMAT } from '../../src/formats/products/haproxy/haproxy.ts';
import { RECOMMENDED_NGINX_FORMAT } from '../../src/formats/products/nginx/nginx.ts';
import type { LogRecord } from '../../src/formats/record.ts';
import { readerFor } from '../../src/formats/registry.ts';
import type { FormatChoice } from '../../src/sources/settings.ts';
import { runProgram } from './child.ts';
import { type Origin, startOrigin } from './origin.ts';
import {
  HAPROXY_ZONE,
  type Haproxy,
  linesOnce,
  startApache,
  startHaproxy,
  startNginx,
  type WebServer,
} from './real-web.ts';
import { describeWithServers, programPath } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

const undo = new Undo();
afterAll(() => undo.run());

const CHARTS_BYTES = 200_000;
/** What the origin answers: `stored` and a line break. */
const REPLY_BYTES = 7;
/** nginx counts the sizes of chunks (RFC 9112 section 7.1) among the body: `7`, `0` and their line breaks. */
const CHUNKED_REPLY_BYTES = 17;
/** HAProxy counts the head in a form of its own, which may be some bytes shorter than on the wire. */
const HAPROXY_SLACK_BYTES = 16;
const AGENT = 'odd "ua" \\ é';

/** What curl says that it sent and received. */
interface Sent {
  readonly status: number;
  readonly headBytes: number;
  readonly bodyBytes: number;
  readonly replyHeadBytes: number;
  readonly replyBytes: number;
  readonly port: number;
}

async function curl(args: readonly string[]): Promise<Sent> {
  const variables = ['http_code', 'size_request', 'size_upload', 'size_header', 'size_download', 'local_port'];
  const format = variables.map((name) => `%{${name}}`).join(' ');
  const { stdout, stderr } = await runProgram(programPath('curl'), [
    ...[
      '--silent',
      '--show-error',
      '--noproxy',
      '',
      '--max-time',
      '15',
      '--output',
      '/dev/null',
      '--write-out',
      format,
    ],
    ...['--user-agent', AGENT, '--header', 'Expect:'],
    ...args,
  ]);
  const [status, headBytes, bodyBytes, replyHeadBytes, replyBytes, port] = stdout.split(' ').map(Number);
  if (port === undefined || !(port > 0)) throw new Error(`curl made no connection: ${stderr}`);
  return {
    status: status ?? 0,
    headBytes: headBytes ?? 0,
    bodyBytes: bodyBytes ?? 0,
    replyHeadBytes: replyHeadBytes ?? 0,
    replyBytes: replyBytes ?? 0,
    port,
  };
}

function recordsOf(lines: readonly string[], choice: FormatChoice, timezone = 'UTC'): readonly LogRecord[] {
  const read = readerFor(choice, { timezone });
  return lines.flatMap((line) => {
    const reading = read(line, { writtenBeforeMs: Date.now() });
    if (reading.kind === 'unreadable') throw new Error(`${reading.because}: ${line}`);
    return reading.kind === 'record' ? [reading.record] : [];
  });
}

async function chartsIn(folder: string): Promise<string> {
  const file = join(folder, 'charts.837');
  await writeFile(file, Buffer.alloc(CHARTS_BYTES, 'x'));
  return file;
}

describeWithServers('requests through a real nginx', { programs: ['nginx', 'curl'] }, () => {
  let origin: Origin;
  let server: WebServer;
  let startedMs: number;
  const sent: Sent[] = [];

  beforeAll(async () => {
    const scratch = await scratchFolder(undo);
    origin = await startOrigin('127.0.91.20', undo);
    server = await startNginx(scratch, origin, undo);
    startedMs = Date.now();
    const charts = await chartsIn(scratch);
    const url = (path: string) => `http://127.0.0.1:${server.port}${path}`;
    const host = ['--header', 'Host: portal.hosp.example'];
    sent.push(
      await curl([
        ...host,
        '--upload-file',
        charts,
        '--header',
        'Content-Type: application/edi-x12',
        url('/in/a.837?n=1'),
      ]),
      await curl([...host, '--user', 'svc claims:secret', '--interface', '127.0.0.7', url('/export')]),
      await curl([...host, '--data', 'x=1', url('/down/x')]),
      await curl([...host, url('/local/x')]),
    );
    await linesOnce(server.recommendedLines, sent.length);
  });

  test('the default log tells who fetched how much, and no size of an upload', async () => {
    const records = recordsOf(await linesOnce(server.defaultLines, 4), 'nginx');
    expect(
      records.map(({ client, method, url, status, outcome, bytesToServer, bytesToClient }) => [
        client?.ip,
        client?.user,
        method,
        url,
        status,
        outcome,
        bytesToServer,
        bytesToClient,
      ]),
    ).toEqual([
      ['127.0.0.1', undefined, 'PUT', '/in/a.837?n=1', 200, 'success', undefined, CHUNKED_REPLY_BYTES],
      ['127.0.0.7', 'svc claims', 'GET', '/export', 200, 'success', undefined, CHUNKED_REPLY_BYTES],
      ['127.0.0.1', undefined, 'POST', '/down/x', 502, 'failure', undefined, sent[2]?.replyBytes],
      ['127.0.0.1', undefined, 'GET', '/local/x', 204, 'success', undefined, 0],
    ]);
    for (const { timeMs, agent } of records) {
      expect(agent).toBe(AGENT);
      expect(timeMs).toBeGreaterThanOrEqual(startedMs - 1_000);
      expect(timeMs).toBeLessThanOrEqual(Date.now());
    }
  });

  test('the recommended log tells what went to which server, and that nothing went to one that refused', async () => {
    const [put, get, down, local] = recordsOf(await server.recommendedLines(), { nginx: RECOMMENDED_NGINX_FORMAT });
    expect(put).toMatchObject({
      server: { ip: origin.address, port: origin.port, host: 'portal.hosp.example' },
      url: 'http://portal.hosp.example/in/a.837?n=1',
      contentType: 'application/edi-x12',
      bytesToClient: CHUNKED_REPLY_BYTES,
      reached: 'server',
    });
    // nginx writes a head of its own: some hundred bytes.
    expect(origin.uploads[0]?.bodyBytes).toBe(CHARTS_BYTES);
    expect(put?.bytesToServer).toBeGreaterThan(CHARTS_BYTES);
    expect(put?.bytesToServer).toBeLessThan(CHARTS_BYTES + 500);
    expect(get).toMatchObject({ client: { ip: '127.0.0.7', user: 'svc claims' }, contentType: 'text/plain' });
    expect(down).toMatchObject({ bytesToServer: 0, status: 502, outcome: 'failure' });
    expect(local).toMatchObject({ reached: 'nobody', bytesToClient: 0 });
    expect(local?.server?.ip).toBeUndefined();
  });
});

describeWithServers('requests through a real Apache as a forward proxy', { programs: ['apache2', 'curl'] }, () => {
  let origin: Origin;
  let server: WebServer;
  const sent: Sent[] = [];

  beforeAll(async () => {
    const scratch = await scratchFolder(undo);
    origin = await startOrigin('127.0.91.21', undo);
    server = await startApache(scratch, origin, undo);
    const charts = await chartsIn(scratch);
    const proxy = ['--proxy', `http://127.0.0.1:${server.port}`];
    const url = (path: string) => `http://${origin.address}:${origin.port}${path}`;
    sent.push(
      await curl([
        ...proxy,
        '--upload-file',
        charts,
        '--header',
        'Content-Type: application/edi-x12',
        url('/in/a.837'),
      ]),
      await curl([...proxy, '--proxytunnel', '--upload-file', charts, url('/in/b.837')]),
      await curl([...proxy, '--data', 'x=1', `http://${origin.address}:9/down`]),
    );
    await linesOnce(server.recommendedLines, sent.length);
  });

  const facts = ({ client, server: to, method, status, outcome, bytesToClient }: LogRecord) => [
    client?.ip,
    to?.ip,
    to?.port,
    method,
    status,
    outcome,
    bytesToClient,
  ];

  test('the default log tells whom each request was for; a tunnel does not tell its sizes', async () => {
    const records = recordsOf(await linesOnce(server.defaultLines, 3), 'apache-combined');
    expect(records.map(facts)).toEqual([
      ['127.0.0.1', origin.address, origin.port, 'PUT', 200, 'success', REPLY_BYTES],
      ['127.0.0.1', origin.address, origin.port, 'CONNECT', 200, 'success', undefined],
      ['127.0.0.1', origin.address, 9, 'POST', 503, 'failure', sent[2]?.replyBytes],
    ]);
    expect(records.map(({ bytesToServer }) => bytesToServer)).toEqual([undefined, undefined, undefined]);
    expect(records[0]?.agent).toBe(AGENT);
  });

  test('the recommended log tells to the byte what curl sent', async () => {
    const [put, tunnel, down] = recordsOf(await server.recommendedLines(), { apache: RECOMMENDED_LOG_FORMAT });
    expect(put?.bytesToServer).toBe((sent[0]?.headBytes ?? 0) + CHARTS_BYTES);
    expect(put?.contentType).toBe('application/edi-x12');
    expect(put?.url).toBe(`http://${origin.address}:${origin.port}/in/a.837`);
    // The CONNECT's own head, and all that went through the tunnel.
    expect(tunnel?.bytesToServer).toBeGreaterThan(CHARTS_BYTES);
    expect(tunnel?.bytesToServer).toBeLessThan(CHARTS_BYTES + 1_000);
    expect(tunnel?.bytesToClient).toBeGreaterThan(REPLY_BYTES);
    // curl sends so small a body with the head, and counts it there.
    expect(down?.bytesToServer).toBe(sent[2]?.headBytes);
    expect(down?.outcome).toBe('failure');
  });
});

describeWithServers('requests through a real HAProxy', { programs: ['haproxy', 'curl'] }, () => {
  let origin: Origin;
  let haproxy: Haproxy;
  let startedMs: number;
  let records: readonly LogRecord[];
  const sent: Record<'httplog' | 'recommended', Sent[]> = { httplog: [], recommended: [] };
  let tunnelled: Sent;

  beforeAll(async () => {
    const scratch = await scratchFolder(undo);
    origin = await startOrigin('127.0.91.22', undo);
    haproxy = await startHaproxy(scratch, origin, undo);
    startedMs = Date.now();
    const charts = await chartsIn(scratch);
    for (const frontend of ['httplog', 'recommended'] as const) {
      const url = (path: string) => `http://127.0.0.1:${haproxy.ports[frontend]}${path}`;
      const host = ['--header', 'Host: upload.vendor.example'];
      sent[frontend].push(
        await curl([
          ...host,
          '--upload-file',
          charts,
          '--header',
          'Content-Type: application/edi-x12; v="1"',
          url('/in/a.837?n=1'),
        ]),
        await curl([...host, '--interface', '127.0.0.7', url('/export')]),
        await curl([...host, '--data', 'x=1', url('/down/x')]),
        await curl([...host, url('/denied/x')]),
      );
    }
    tunnelled = await curl(['--upload-file', charts, `http://127.0.0.1:${haproxy.ports.tcplog}/in`]);
    // Whoever tried whether it listens stands in the log as well.
    const ports = new Set([...sent.httplog, ...sent.recommended, tunnelled].map(({ port }) => port));
    const isRecord = (line: string) => ports.has(Number(/^127\.0\.0\.\d:(\d+) \[/.exec(line)?.[1]));
    const lines = await linesOnce(() => haproxy.lines().filter(isRecord), 9);
    const own = lines.filter((line) => !line.includes(' fe_recommended '));
    const recommended = lines.filter((line) => line.includes(' fe_recommended '));
    records = [
      ...recordsOf(own, 'haproxy', HAPROXY_ZONE),
      ...recordsOf(recommended, { haproxy: RECOMMENDED_HAPROXY_FORMAT }, HAPROXY_ZONE),
    ];
  });

  const byPort = ({ port }: Sent) => {
    const found = records.find(({ client }) => client?.port === port);
    if (found === undefined) throw new Error(`No record of a client on port ${port}`);
    return found;
  };

  test('httplog tells client, method, URL, outcome and bytes to the client, and the right time', () => {
    const found = sent.httplog.map(byPort);
    expect(
      found.map(({ client, method, url, status, outcome, reached }) => [
        client?.ip,
        method,
        url,
        status,
        outcome,
        reached,
      ]),
    ).toEqual([
      ['127.0.0.1', 'PUT', '/in/a.837?n=1', 200, 'success', 'server'],
      ['127.0.0.7', 'GET', '/export', 200, 'success', 'server'],
      ['127.0.0.1', 'POST', '/down/x', 503, 'failure', 'nobody'],
      ['127.0.0.1', 'GET', '/denied/x', 403, 'denied', 'nobody'],
    ]);
    for (const [index, record] of found.entries()) {
      const { replyHeadBytes = 0, replyBytes = 0 } = sent.httplog[index] ?? {};
      const missing = replyHeadBytes + replyBytes - (record.bytesToClient ?? 0);
      expect(Math.abs(missing)).toBeLessThanOrEqual(HAPROXY_SLACK_BYTES);
      expect(record.bytesToServer).toBeUndefined();
      expect(record.server).toBeUndefined();
      expect(record.timeMs).toBeGreaterThanOrEqual(startedMs);
      expect(record.timeMs).toBeLessThanOrEqual(Date.now());
    }
  });

  test('the recommended log-format tells what curl sent, but for some bytes of the head, and to whom', () => {
    const found = sent.recommended.map(byPort);
    for (const [index, record] of found.slice(0, 2).entries()) {
      const { headBytes = 0, bodyBytes = 0 } = sent.recommended[index] ?? {};
      const missing = headBytes + bodyBytes - (record.bytesToServer ?? 0);
      expect(Math.abs(missing)).toBeLessThanOrEqual(HAPROXY_SLACK_BYTES);
      expect(record.bytesToServer).toBeGreaterThan(bodyBytes);
      expect(record.server).toEqual({ ip: origin.address, port: origin.port, host: 'upload.vendor.example' });
    }
    expect(found[0]?.contentType).toBe('application/edi-x12');
    expect(found[1]?.contentType).toBe('text/plain');
    expect(found[2]).toMatchObject({ outcome: 'failure', reached: 'nobody' });
    expect(found[3]).toMatchObject({ outcome: 'denied', reached: 'nobody' });
  });

  test('in TCP mode a line tells of a flow: who, how long, and what came back', () => {
    const { replyHeadBytes, replyBytes } = tunnelled;
    expect(byPort(tunnelled)).toMatchObject({
      kind: 'flow',
      client: { ip: '127.0.0.1' },
      bytesToClient: replyHeadBytes + replyBytes,
      outcome: 'success',
    });
  });
});

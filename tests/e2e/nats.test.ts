import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Secret } from '../../src/errors/secret.ts';
import { encodeCloudEvents } from '../../src/sinks/encoders/cloud-events.ts';
import type { NatsSinkSettings } from '../../src/sinks/settings.ts';
import { NatsTransport } from '../../src/sinks/transports/nats.ts';
import { eventually } from '../command.ts';
import { alert } from '../sinks/alerts.ts';
import { fixture } from '../sinks/apis/receiver.ts';
import { serve } from './child.ts';
import { freePort } from './free-port.ts';
import { describeWithServers, programPath } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

const UNHURRIED = new AbortController().signal;
/** By name, for the library holds certificates against names alone. */
const HOST = 'localhost';
const CA = fixture('ca.pem');

describeWithServers('a NATS server', { programs: ['nats-server'] }, () => {
  const undo = new Undo();
  let folder: string;
  let port: number;
  let server: ReturnType<typeof serve>;

  async function startServer(): Promise<void> {
    server = serve(spawn(programPath('nats-server'), ['-c', join(folder, 'nats.conf')]), undo);
    await eventually(
      async () => (server.output().includes('Server is ready') ? true : undefined),
      20_000,
      'nats-server',
    );
  }

  beforeAll(async () => {
    folder = await scratchFolder(undo);
    port = await freePort('127.0.0.1');
    await mkdir(join(folder, 'js'));
    await writeFile(
      join(folder, 'nats.conf'),
      `listen: "127.0.0.1:${port}"
max_payload: 65536
jetstream { store_dir: "${join(folder, 'js')}" }
tls { cert_file: "${fixture('server.pem')}", key_file: "${fixture('server.key')}" }
authorization {
  users: [
    { user: agent, password: right }
    { user: reader, password: right, permissions: { publish: "other.>" , subscribe: "_INBOX.>" } }
  ]
}
`,
    );
    await startServer();
    await withManager((manager) => manager.streams.add({ name: 'ALERTS', subjects: ['phi-egress.alerts'] }));
  });
  afterAll(() => undo.run());

  function settings(differences: Partial<NatsSinkSettings> = {}): NatsSinkSettings {
    return {
      name: 'nats',
      type: 'nats',
      minSeverity: 'info',
      protocol: 'tls',
      host: HOST,
      port,
      subject: 'phi-egress.alerts',
      format: 'cloudevents',
      tls: { ca: CA },
      credentials: { username: 'agent', password: new Secret({ value: 'right' }) },
      ...differences,
    };
  }

  function transportTo(to: NatsSinkSettings): NatsTransport {
    const transport = new NatsTransport(to);
    onTestFinished(() => transport.close());
    return transport;
  }

  async function withManager<T>(
    work: (manager: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<T>,
  ): Promise<T> {
    const connection = await connect({
      servers: `${HOST}:${port}`,
      user: 'agent',
      pass: 'right',
      tls: { caFile: CA },
    });
    try {
      return await work(await jetstreamManager(connection));
    } finally {
      await connection.close();
    }
  }

  const stored = () =>
    withManager(async (manager) => {
      const { state } = await manager.streams.info('ALERTS');
      const all = [];
      for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
        const message = await manager.streams.getMessage('ALERTS', { seq });
        if (message !== null) all.push({ id: message.header.get('Nats-Msg-Id'), body: message.string() });
      }
      return all;
    });

  test('alerts are in the stream, in order, and one that is sent twice is there once', async () => {
    const transport = transportTo(settings());
    const messages = Array.from({ length: 50 }, (_, at) => encodeCloudEvents(alert({ count: at + 1 })));
    const ids = messages.map((_, at) => `a-1.open.${at + 1}`);
    const all = { kind: 'each', items: messages.map(() => ({ kind: 'stored' })) };
    expect(await transport.send(messages.slice(0, 30), UNHURRIED, ids.slice(0, 30))).toEqual({
      ...all,
      items: all.items.slice(0, 30),
    });
    expect(await transport.send(messages, UNHURRIED, ids)).toEqual(all);
    const found = await stored();
    expect(found.map(({ id }) => id)).toEqual(ids);
    expect(found.map(({ body }) => `${body}\n`)).toEqual(messages);
  });

  test('what the server does not take is told apart from what waits for the operator', async () => {
    expect(await transportTo(settings()).send(['x'.repeat(70_000), 'y'], UNHURRIED, ['big', 'small'])).toEqual({
      kind: 'each',
      items: [{ kind: 'never', because: 'it is larger than the server takes' }, { kind: 'stored' }],
    });
    const wrong = { username: 'agent', password: new Secret({ value: 'wrong' }) };
    expect(await transportTo(settings({ credentials: wrong })).send(['x'], UNHURRIED, ['1'])).toEqual({
      kind: 'hold',
      because: 'the credentials are not accepted',
    });
    expect(await transportTo(settings({ subject: 'nobody.listens' })).send(['x'], UNHURRIED, ['2'])).toMatchObject({
      kind: 'hold',
      because: expect.stringContaining('no stream takes the subject'),
    });
    expect(await transportTo(settings({ tls: {} })).send(['x'], UNHURRIED, ['3'])).toMatchObject({
      kind: 'hold',
      because: expect.stringContaining('its issuer is not known'),
    });
    expect(await transportTo(settings({ tls: { ca: '/nowhere.pem' } })).send(['x'], UNHURRIED, ['3'])).toEqual({
      kind: 'hold',
      because: 'cannot read a PEM file of the sink (ENOENT)',
    });
  });

  test('a server that is killed and comes back has every alert once, in order', async () => {
    const transport = transportTo(settings());
    const before = (await stored()).length;
    expect(await transport.send(['one'], UNHURRIED, ['k-1'])).toMatchObject({ kind: 'each' });
    await server.stop();
    const whileAway = [
      await transport.send(['two', 'three'], UNHURRIED, ['k-2', 'k-3']),
      await transport.send(['two', 'three'], UNHURRIED, ['k-2', 'k-3']),
    ];
    expect(JSON.stringify(whileAway)).not.toContain('stored');
    expect(whileAway[1]).toEqual({ kind: 'again', because: 'nobody listens there' });
    await startServer();
    expect(await transport.send(['two', 'three'], UNHURRIED, ['k-2', 'k-3'])).toEqual({
      kind: 'each',
      items: [{ kind: 'stored' }, { kind: 'stored' }],
    });
    expect((await stored()).slice(before).map(({ id }) => id)).toEqual(['k-1', 'k-2', 'k-3']);
  });
});

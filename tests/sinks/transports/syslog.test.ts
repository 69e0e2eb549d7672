import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { SyslogSinkSettings } from '../../../src/sinks/settings.ts';
import { SyslogDatagramTransport } from '../../../src/sinks/transports/syslog-datagram.ts';
import { SyslogStreamTransport } from '../../../src/sinks/transports/syslog-stream.ts';
import { eventually } from '../../command.ts';

const NEVER = new AbortController().signal;

function settings(port: number, differences: Partial<SyslogSinkSettings> = {}): SyslogSinkSettings {
  return {
    name: 'siem',
    type: 'syslog',
    minSeverity: 'info',
    protocol: 'tcp',
    host: '127.0.0.1',
    port,
    format: 'cef',
    framing: 'octet-counting',
    ...differences,
  };
}

/** A receiver that keeps what each connection brought. */
async function receiver(port = 0) {
  const received: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const at = received.push('') - 1;
    sockets.push(socket);
    socket.on('data', (data) => {
      received[at] += String(data);
    });
    socket.on('error', () => undefined);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(async () => {
    await stop();
  });
  return { port: (server.address() as AddressInfo).port, received, sockets, stop };
}

function transportTo(to: SyslogSinkSettings): SyslogStreamTransport {
  const transport = new SyslogStreamTransport(to);
  onTestFinished(() => transport.close());
  return transport;
}

test('messages are counted in octets, not in characters, and follow one another on one connection', async () => {
  const siem = await receiver();
  const transport = transportTo(settings(siem.port));
  expect(await transport.send(['<107>1 one', '<107>1 Zürich'], NEVER)).toEqual({ kind: 'stored' });
  expect(await transport.send(['<107>1 three'], NEVER)).toEqual({ kind: 'stored' });
  expect(siem.received).toEqual(['10 <107>1 one14 <107>1 Zürich12 <107>1 three']);
});

test('an old receiver gets a line a message', async () => {
  const siem = await receiver();
  const transport = transportTo(settings(siem.port, { framing: 'lf' }));
  await transport.send(['<107>1 one', '<107>1 two'], NEVER);
  expect(siem.received).toEqual(['<107>1 one\n<107>1 two\n']);
});

test('a receiver that is not there is tried again, and the reason holds nothing of an alert', async () => {
  const siem = await receiver();
  await siem.stop();
  const verdict = await transportTo(settings(siem.port)).send(['<107>1 secret'], NEVER);
  expect(verdict).toEqual({ kind: 'again', because: `cannot send to 127.0.0.1:${siem.port} (ECONNREFUSED)` });
});

test('what was written in the last seconds before a connection broke is written again on the next, before all else', async () => {
  const before = await receiver();
  const transport = transportTo(settings(before.port));
  expect(await transport.send(['<107>1 one'], NEVER)).toEqual({ kind: 'stored' });
  await before.stop();
  const after = await receiver(before.port);
  await eventually(
    async () => ((await transport.send(['<107>1 two'], NEVER)).kind === 'stored' ? true : undefined),
    5_000,
    'the new connection',
  );
  expect(after.received).toEqual(['10 <107>1 one10 <107>1 two']);
});

test('a receiver that hangs up at once has stored nothing', async () => {
  const siem = await receiver();
  const transport = transportTo(settings(siem.port));
  const hangUp = eventually(async () => siem.sockets[0]?.destroy(), 5_000, 'a connection');
  const verdict = await transport.send(['<107>1 one'], NEVER);
  await hangUp;
  expect(verdict).toMatchObject({ kind: 'again' });
});

test('a run that ends does not wait for a receiver that takes nothing in', async () => {
  const siem = await receiver();
  const transport = transportTo(settings(siem.port));
  await transport.send(['<107>1 one'], NEVER);
  siem.sockets[0]?.pause();
  const stopping = new AbortController();
  const sent = transport.send(['x'.repeat(64 * 1024 * 1024)], stopping.signal);
  stopping.abort();
  expect(await sent).toEqual({ kind: 'again', because: `cannot send to 127.0.0.1:${siem.port} (ECANCELED)` });
});

test('over UDP a message is a datagram, and one that does not fit is refused for good', async () => {
  const socket = createSocket('udp4');
  onTestFinished(() => {
    socket.close();
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const transport = new SyslogDatagramTransport(settings(socket.address().port, { protocol: 'udp' }));
  onTestFinished(() => transport.close());
  const arrived = once(socket, 'message');
  expect(await transport.send(['<107>1 one'])).toEqual({ kind: 'stored' });
  expect(String((await arrived)[0])).toBe('<107>1 one');
  expect(await transport.send(['x'.repeat(70_000)])).toMatchObject({ kind: 'never' });
});

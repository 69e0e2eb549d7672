import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { SourceEvent } from '../../../src/sources/event.ts';
import type { Line } from '../../../src/sources/line.ts';
import type { SyslogSourceSettings } from '../../../src/sources/settings.ts';
import { SyslogListener, type SyslogListenerOptions } from '../../../src/sources/syslog/listener.ts';
import { eventually } from '../../command.ts';
import { freePort } from '../../e2e/free-port.ts';

export const ADDRESS = '127.0.0.1';
const PATIENCE_MS = 10_000;

export interface ByHand {
  readonly listener: SyslogListener;
  readonly port: number;
  readonly lines: readonly Line[];
  readonly events: readonly SourceEvent[];
  /** The cursor after the last line. */
  readonly cursor: () => string | undefined;
  /** One read, committed. */
  readonly step: () => Promise<{ readonly idle: boolean }>;
  /** Reads until `isDone` holds. */
  readonly until: (isDone: () => boolean, what: string) => Promise<void>;
  readonly texts: () => readonly string[];
}

type Chosen = Partial<Pick<SyslogSourceSettings, 'allow'>> & {
  readonly listen?: object;
  readonly port?: number;
};

/** A listener on loopback that is read when the test says so. */
export async function listenByHand(
  protocol: 'udp' | 'tcp' | 'tls',
  { listen = {}, port: wanted, ...settings }: Chosen = {},
  options: SyslogListenerOptions = {},
): Promise<ByHand> {
  const port = wanted ?? (await freePort(ADDRESS));
  const listener = createListener(protocol, port, listen, settings, options);
  await listener.open();
  const lines: Line[] = [];
  const events: SourceEvent[] = [];
  let cursor: string | undefined;
  const step = async () => {
    const batch = await listener.read();
    lines.push(...batch.lines);
    events.push(...batch.events);
    cursor = batch.cursor ?? cursor;
    listener.committed();
    return batch;
  };
  const until = async (isDone: () => boolean, what: string) => {
    await eventually(
      async () => {
        await step();
        return isDone() ? true : undefined;
      },
      PATIENCE_MS,
      what,
    );
  };
  return {
    listener,
    port,
    lines,
    events,
    cursor: () => cursor,
    step,
    until,
    texts: () => lines.map(({ text }) => text),
  };
}

/** One that was not told to open. */
export function createListener(
  protocol: 'udp' | 'tcp' | 'tls',
  port: number,
  listen: object = {},
  settings: object = {},
  options: SyslogListenerOptions = {},
): SyslogListener {
  const listener = new SyslogListener(
    {
      name: 'appliance',
      type: 'syslog',
      listen: { protocol, address: ADDRESS, port, ...listen } as SyslogSourceSettings['listen'],
      format: 'openssh',
      inside: 'server',
      timezone: 'UTC',
      ...settings,
    },
    options,
  );
  onTestFinished(() => listener.close());
  return listener;
}

/** A connection of a sender. Errors are the test's own to look for. */
export async function connected(port: number, from = ADDRESS, allowHalfOpen = false): Promise<Socket> {
  const socket = connect({ host: ADDRESS, port, localAddress: from, allowHalfOpen });
  socket.on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  return socket;
}

/** Resolves when the connection is closed, whatever closed it. */
export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

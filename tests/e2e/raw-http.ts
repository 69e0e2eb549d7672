import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RequestLine {
  readonly method: string;
  /** Absolute towards a proxy, a path inside a tunnel. */
  readonly target: string;
  readonly host: string;
  readonly contentType?: string;
}

/**
 * A request that is exactly `totalBytes` long, headers included: what Squid's `%>st` counts when all of it arrives.
 *
 * @param withheld bytes of the body that are announced beyond these, and never sent.
 */
export function requestOf(line: RequestLine, totalBytes: number, withheld = 0): string {
  const head = (length: number) => headOf(line, `Content-Length:${String(length).padStart(12)}`);
  const body = totalBytes - head(0).length;
  return head(body + withheld) + 'x'.repeat(body);
}

/** A request in chunks of these sizes. Squid counts its headers and its body, not what frames the chunks. */
export function chunkedRequestOf(line: RequestLine, chunks: readonly number[]): string {
  const framed = chunks.map((size) => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`).join('');
  return `${headOf(line, 'Transfer-Encoding: chunked')}${framed}0\r\n\r\n`;
}

/** Bytes of the headers alone, the empty line at their end included. */
export function headBytesOf(request: string): number {
  return request.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
}

/** Sends bytes as they are. @returns the reply's status. */
export async function exchange(port: number, bytes: string): Promise<number> {
  const socket = await dial(port);
  socket.write(bytes);
  return statusOf(await readToEnd(socket));
}

/** Opens a tunnel of Squid's. The CONNECT request is exactly `CONNECT_BYTES` long. */
export async function exchangeInTunnel(port: number, authority: string, bytes: string): Promise<number> {
  const socket = await dial(port);
  socket.write(connectRequest(authority));
  const [first] = (await once(socket, 'data')) as [Buffer];
  if (statusOf(first.toString()) !== 200) {
    socket.destroy();
    return statusOf(first.toString());
  }
  socket.write(bytes);
  return statusOf(await readToEnd(socket));
}

export const CONNECT_BYTES = 200;

/** Sends bytes, waits for `seen`, and breaks the connection off. */
export async function breakOff(port: number, bytes: string, seen: () => Promise<unknown>): Promise<void> {
  const socket = await dial(port);
  socket.write(bytes);
  try {
    await seen();
  } finally {
    socket.destroy();
  }
}

const END_OF_HEAD = '\r\n\r\n';

function headOf({ method, target, host, contentType }: RequestLine, length: string): string {
  const type = contentType === undefined ? [] : [`Content-Type: ${contentType}`];
  return [`${method} ${target} HTTP/1.1`, `Host: ${host}`, ...type, 'Connection: close', length, '', ''].join('\r\n');
}

function connectRequest(authority: string): string {
  const head = (filler: string) =>
    `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\nX-Filler: ${filler}${END_OF_HEAD}`;
  return head('x'.repeat(CONNECT_BYTES - head('').length));
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  // A server that refuses an upload may reset the connection after its reply.
  socket.on('error', () => undefined);
  return socket;
}

async function readToEnd(socket: Socket): Promise<string> {
  let reply = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    reply += text;
  });
  await once(socket, 'close');
  return reply;
}

function statusOf(reply: string): number {
  const [, status] = /^HTTP\/1\.[01] (\d{3}) /.exec(reply) ?? [];
  if (status === undefined) throw new Error('The reply has no status line');
  return Number(status);
}

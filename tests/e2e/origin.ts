import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Undo } from './undo.ts';

export interface Upload {
  readonly host: string;
  /** Bytes of the body that have arrived so far, without the framing of chunks. */
  bodyBytes: number;
  isComplete: boolean;
}

/** A web server that takes what it is sent and counts it. */
export interface Origin {
  readonly address: string;
  readonly port: number;
  /** In the order in which they began. */
  readonly uploads: readonly Upload[];
}

export async function startOrigin(address: string, undo: Undo): Promise<Origin> {
  const uploads: Upload[] = [];
  const server = createServer((request, response) => {
    const upload: Upload = { host: hostOf(request.headers.host), bodyBytes: 0, isComplete: false };
    uploads.push(upload);
    request.on('error', () => undefined);
    request.on('data', (bytes: Buffer) => {
      upload.bodyBytes += bytes.length;
    });
    request.on('end', () => {
      upload.isComplete = true;
      response.setHeader('content-type', 'text/plain').end('stored\n');
    });
  });
  server.listen(0, address);
  await once(server, 'listening');
  undo.add(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { address, port, uploads };
}

function hostOf(header: string | undefined): string {
  return header?.split(':')[0] ?? '';
}

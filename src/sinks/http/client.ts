import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { TlsFiles } from '../settings.ts';
import { lookupInReach } from './reach.ts';

/** By which a destination is given up; ms. */
export interface Patience {
  readonly connectMs: number;
  /** The longest that a server may send nothing. */
  readonly silenceMs: number;
  /** For the whole exchange: a server that sends a byte now and then is not waited for. */
  readonly wholeMs: number;
}

export const PATIENCE: Patience = { connectMs: 10_000, silenceMs: 20_000, wholeMs: 30_000 };

/**
 * What requests of one sink go through: `HTTPS_PROXY` and `NO_PROXY` of the environment are obeyed, TLS is of version 1.2
 * or later, and few connections are open at once. The PEM files are read now; rejects where one cannot be. To be closed by
 * whoever opened it.
 */
export async function openClient({ ca, cert, key }: TlsFiles, { connectMs, silenceMs }: Patience): Promise<Dispatcher> {
  const read = (file: string | undefined) => (file === undefined ? undefined : readFile(file, 'utf8'));
  const [authority, certificate, privateKey] = await Promise.all([read(ca), read(cert), read(key)]);
  const trust = {
    minVersion: 'TLSv1.2' as const,
    timeout: connectMs,
    ...(authority !== undefined && { ca: [...rootCertificates, authority] }),
  };
  const tls = {
    ...trust,
    ...(certificate !== undefined && { cert: certificate }),
    ...(privateKey !== undefined && { key: privateKey }),
  };
  // Loaded by those who need it: it takes 20 MB, and many have no such sink.
  const { EnvHttpProxyAgent } = await import('undici');
  return new EnvHttpProxyAgent({
    connect: { ...tls, lookup: lookupInReach },
    requestTls: tls,
    // Our certificate is for the destination; the proxy has no business with it.
    proxyTls: trust,
    connections: MOST_CONNECTIONS,
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
  });
}

/** Of one sink, to one origin. */
const MOST_CONNECTIONS = 2;

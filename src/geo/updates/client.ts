import { readFile } from 'node:fs/promises';
import { createSecureContext, rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import { OperatorError } from '../../errors/problem.ts';

/**
 * What requests go through: `HTTPS_PROXY` and `NO_PROXY` of the environment are obeyed, TLS is of version 1.2 or later.
 * To be closed by whoever opened it.
 *
 * @param ca PEM file of certificates that are trusted besides those that Node.js brings.
 * @throws OperatorError `config.unreadable`
 */
export async function openClient(ca: string | undefined): Promise<Dispatcher> {
  const tls = {
    minVersion: 'TLSv1.2' as const,
    ...(ca !== undefined && { ca: [...rootCertificates, await readCertificates(ca)] }),
  };
  // Loaded by those who need it: it takes 20 MB, and nearly nobody does.
  const { EnvHttpProxyAgent } = await import('undici');
  return new EnvHttpProxyAgent({
    connect: { ...tls, timeout: CONNECT_MS },
    requestTls: { ...tls, timeout: CONNECT_MS },
    proxyTls: { ...tls, timeout: CONNECT_MS },
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
  });
}

const CONNECT_MS = 20_000;
/** The longest that a server may send nothing. */
const SILENCE_MS = 60_000;

/** @throws OperatorError `config.unreadable` for what is no file of certificates */
export async function readCertificates(path: string): Promise<string> {
  const pem = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw unusable(path, cause.code ?? 'unknown error', cause);
  });
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw unusable(path, 'it holds no certificate in PEM form');
  try {
    createSecureContext({ ca: pem });
  } catch (cause) {
    throw unusable(path, 'a certificate in it cannot be read', cause);
  }
  return pem;
}

function unusable(path: string, because: string, cause?: unknown): OperatorError {
  const what = `Cannot use the certificates: ${because}`;
  const where = { file: path, key: 'geo.update.ca' };
  return new OperatorError([{ code: 'config.unreadable', what, where, todo: 'name a PEM file of CA certificates' }], {
    cause,
  });
}

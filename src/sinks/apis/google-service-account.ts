import { createPrivateKey, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { OperatorError } from '../../errors/problem.ts';
import type { HttpRequest } from '../http/exchange.ts';
import { reasonOf } from '../verdict.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
/** The longest that Google takes; seconds. */
const LIFETIME = 3_600;

const keyFile = z.object({
  client_email: z.string(),
  private_key: z.string(),
  private_key_id: z.string().optional(),
  token_uri: z.url(),
});

/**
 * The request for a token with the key of a service account: "Using OAuth 2.0 for Server to Server Applications" of Google,
 * RFC 7523 section 2.1. The file is read each time, so that a new key is taken up.
 *
 * @throws OperatorError where the file is no such key; nothing of it is repeated.
 */
export async function serviceAccountGrant(file: string, nowMs: number): Promise<HttpRequest> {
  const { client_email: email, private_key: key, private_key_id: id, token_uri: url } = await readKey(file);
  const issued = Math.floor(nowMs / 1_000);
  const claims = { iss: email, scope: SCOPE, aud: url, iat: issued, exp: issued + LIFETIME };
  const text = [{ alg: 'RS256', typ: 'JWT', ...(id !== undefined && { kid: id }) }, claims].map(base64url).join('.');
  const assertion = `${text}.${sign('sha256', Buffer.from(text), privateKey(key)).toString('base64url')}`;
  return {
    url: new URL(url),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })),
  };
}

async function readKey(file: string): Promise<z.output<typeof keyFile>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unusable(`it cannot be read (${reasonOf(error)})`);
  }
  try {
    return keyFile.parse(JSON.parse(text));
  } catch {
    throw unusable('it is no key of a service account in JSON');
  }
}

function privateKey(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch {
    throw unusable('the private key in it cannot be read');
  }
}

function unusable(because: string): OperatorError {
  return new OperatorError([
    { code: 'config.bad-value', what: `Cannot use the file that credentials names: ${because}` },
  ]);
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

/** An Ed25519 key as minisign writes it. */
export interface SignerKey {
  /** Eight bytes that a signature names its key by, hex. */
  readonly id: string;
  readonly key: KeyObject;
}

/**
 * Reads a minisign public key: base64 of `Ed`, eight bytes of key id, 32 bytes of Ed25519 key.
 *
 * @returns `undefined` for any other text.
 */
export function readPublicKey(text: string): SignerKey | undefined {
  const bytes = fromBase64(text, 42);
  if (bytes === undefined || bytes.toString('latin1', 0, 2) !== 'Ed') return undefined;
  const key = createPublicKey({
    key: Buffer.concat([SPKI_ED25519, bytes.subarray(10)]),
    format: 'der',
    type: 'spki',
  });
  return { id: bytes.toString('hex', 2, 10), key };
}

/**
 * Holds a file against its `.minisig`, which has four lines: an untrusted comment; base64 of algorithm, key id and
 * signature; a trusted comment; base64 of the signature over signature and trusted comment. The algorithm is `ED`
 * (BLAKE2b-512 of the file is signed) or, of old, `Ed` (the file itself). See the minisign manual, "Signature format".
 *
 * @returns why the signature is refused, or `undefined`.
 */
export function refuseSignature(file: Buffer, signature: string, keys: readonly SignerKey[]): string | undefined {
  const lines = signature.split(/\r?\n/);
  const [untrusted = '', signed = '', trusted = '', global = ''] = lines;
  const body = fromBase64(signed, 74);
  const globalSignature = fromBase64(global, 64);
  const isFormed =
    untrusted.startsWith('untrusted comment:') &&
    trusted.startsWith(TRUSTED) &&
    lines.slice(4).every((it) => it === '');
  if (!isFormed || body === undefined || globalSignature === undefined) return 'its signature is not of minisign';
  const algorithm = body.toString('latin1', 0, 2);
  if (algorithm !== 'ED' && algorithm !== 'Ed') return 'its signature is of an algorithm that is not known';
  const id = body.toString('hex', 2, 10);
  const signer = keys.find((it) => it.id === id);
  if (signer === undefined) return 'it is signed with a key that geo.update.signed-by does not list';
  const message = algorithm === 'ED' ? createHash('blake2b512').update(file).digest() : file;
  const own = body.subarray(10);
  const comment = Buffer.concat([own, Buffer.from(trusted.slice(TRUSTED.length), 'utf8')]);
  const isGenuine = verify(null, message, signer.key, own) && verify(null, comment, signer.key, globalSignature);
  return isGenuine ? undefined : 'its signature does not match';
}

const TRUSTED = 'trusted comment: ';

/** SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410 section 4). */
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

/** Only as an encoder writes it: the decoder would take other texts for the same bytes. */
function fromBase64(text: string, bytes: number): Buffer | undefined {
  const decoded = Buffer.from(text, 'base64');
  return decoded.length === bytes && decoded.toString('base64') === text ? decoded : undefined;
}

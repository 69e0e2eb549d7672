import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { OperatorError, type Problem } from '../errors/problem.ts';
import type { SavedSession, SessionChanges } from '../transfers/session.ts';

const BROKEN_SEAL: Problem = {
  code: 'state.unreadable',
  what: 'An open session in the state cannot be unsealed: it was changed, or comes from another state',
  todo: 'move the state away and restore a backup, or start with a new state: the logs are then read again',
};

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals what is stored of open sessions. A session must remember the user in full, for the vendor is found by it when a
 * file is closed; but a user may be a patient, and no column of the database may hold one in clear. The key is derived
 * from the state's own, so this guards a copied table or an excerpt, not the whole state directory.
 */
export class SessionSeal {
  readonly #cipherKey: Buffer;
  readonly #nameKey: Buffer;

  /** @param secret 32 bytes, the state's masking key. */
  constructor(secret: Buffer) {
    const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `phi-egress ${purpose}`, 32));
    this.#cipherKey = derive('session state');
    this.#nameKey = derive('session name');
  }

  seal({ saved, ended }: SessionChanges): SessionChanges {
    return {
      saved: saved.map((it) => ({ ...it, key: this.#name(it.key), state: this.#encrypt([it.key, it.state]) })),
      ended: ended.map(({ source, key }) => ({ source, key: this.#name(key) })),
    };
  }

  /** The rows that were not sealed with this secret, or were changed, as they are stored. */
  broken(sealed: readonly SavedSession[]): readonly SavedSession[] {
    return sealed.filter((it) => {
      try {
        this.#decrypt(it.state);
        return false;
      } catch {
        return true;
      }
    });
  }

  /** @throws OperatorError `state.unreadable` when a row was not sealed with this secret, or was changed. */
  open(sealed: readonly SavedSession[]): readonly SavedSession[] {
    try {
      return sealed.map((it) => {
        const [key, state] = this.#decrypt(it.state);
        return { ...it, key, state };
      });
    } catch (cause) {
      throw new OperatorError([BROKEN_SEAL], { cause });
    }
  }

  #name(key: string): string {
    return createHmac('sha256', this.#nameKey).update(key).digest('base64url');
  }

  /** The nonce follows from the content, so that the same session gives the same row; content never repeats under it. */
  #encrypt(content: readonly [key: string, state: string]): string {
    const plain = Buffer.from(JSON.stringify(content));
    const nonce = createHmac('sha256', this.#nameKey).update(plain).digest().subarray(0, NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#cipherKey, nonce, { authTagLength: TAG_BYTES });
    const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final()]);
    return Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64');
  }

  #decrypt(text: string): readonly [key: string, state: string] {
    const sealed = Buffer.from(text, 'base64');
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#cipherKey, nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(plain.toString()) as [string, string];
  }
}

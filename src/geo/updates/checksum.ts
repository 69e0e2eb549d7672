import { createHash } from 'node:crypto';

/** @returns hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The hash in what `sha256sum` prints: hex, white space, the file's name. The name is not looked at: whoever renames a
 * file does not change what is in it.
 */
export function readChecksum(text: string): string | undefined {
  return /^\\?([0-9a-f]{64})(?:[ \t]+\*?\S[^\n]*)?\r?\n?$/i.exec(text)?.[1]?.toLowerCase();
}

import { createHash } from 'node:crypto';
import type { Pieces } from './pieces.ts';

const PIECE_BYTES = 256 * 1024;

/** Hex. */
export function* sha256Of(bytes: Uint8Array): Pieces<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    hash.update(bytes.subarray(at, at + PIECE_BYTES));
    yield;
  }
  return hash.digest('hex');
}

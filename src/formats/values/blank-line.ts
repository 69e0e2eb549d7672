import type { Reading } from '../format.ts';
import { skipped } from './reading.ts';

export const BLANK_LINE: Reading = skipped('blank line');
export const COMMENT: Reading = skipped('comment');

/** Told by the first character of almost every line. */
export function isBlank(text: string): boolean {
  return !(text.charCodeAt(0) > 32) && text.trim() === '';
}

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** One entry of samples/truth.json. */
export interface Meant {
  readonly source: 'squid' | 'sftp';
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** ISO 8601 UTC. */
  readonly time: string;
  readonly story: string;
  readonly kind: 'transfer' | 'access' | 'upload' | 'denied' | 'failed-login';
  readonly vendor: string | null;
  readonly receiver: { readonly ip?: string; readonly host?: string; readonly user?: string };
  readonly country?: string;
  readonly bytes?: number;
  readonly claim?: 'delivered' | 'attempted' | 'accessed' | null;
  readonly rule: string | null;
  readonly because: string;
}

export function sampleText(file: string): string {
  return readFileSync(`${ROOT}/samples/${file}`, 'utf8');
}

/** Lines without the terminator; a last line without one would show as a cut line. */
export function sampleLines(file: string): readonly string[] {
  const lines = sampleText(file).split('\n');
  if (lines.pop() !== '') throw new Error(`${file} does not end with a line feed`);
  return lines;
}

export function meant(): readonly Meant[] {
  return JSON.parse(sampleText('truth.json')).entries;
}

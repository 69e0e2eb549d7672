import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const INTEGRATIONS = join(import.meta.dirname, '../../integrations');

/** The text of a file that is shipped, by its path in `integrations`. */
export function packText(path: string): string {
  return readFileSync(join(INTEGRATIONS, path), 'utf8');
}

export function packJson<T>(path: string): T {
  return JSON.parse(packText(path)) as T;
}

export function packJsonLines<T>(path: string): readonly T[] {
  return packText(path)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

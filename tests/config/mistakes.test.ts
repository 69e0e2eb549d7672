import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadSettings } from '../../src/config/load.ts';
import { OperatorError } from '../../src/errors/problem.ts';

/** Each configuration stands beside the exact messages that it earns. */
const directory = fileURLToPath(new URL('mistakes/', import.meta.url));
const names = readdirSync(directory).filter((name) => name.endsWith('.yaml'));

test.each(names)('%s earns the messages beside it', async (name) => {
  const error: unknown = await loadSettings(`${directory}${name}`).catch((thrown: unknown) => thrown);
  if (!(error instanceof OperatorError)) throw new Error(`no problem was found in ${name}`, { cause: error });
  const expected = readFileSync(`${directory}${name.replace(/yaml$/, 'txt')}`, 'utf8');
  expect(`${error.message}\n`.replaceAll(directory, '')).toBe(expected);
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '../command.ts';
import { install, keptIn, noticesIn, runUntilIdle, SQUID } from './installation.ts';

const SECONDS = 5;
const A_SECOND = 1_000;

/** Of a thousand lines a second 600 go to the vendor, 399 to a host nobody knows, and one comes from the vendor's. */
function line(second: number, at: number): string {
  const time = (1_795_442_400 + second + at / A_SECOND).toFixed(3);
  const client = `10.1.${at % 7}.${1 + (at % 200)}`;
  const host = at < 600 ? 'upload.abroad.example' : 'sink.nobody.example';
  const method = at === 999 ? 'GET' : 'PUT';
  return `${time}    151 ${client} TCP_MISS/201 312 ${method} https://${host}/fhir/R4/Patient/${at} - HIER_DIRECT/192.0.2.9 application/fhir+json\n`;
}

test('a thousand findings a second are two alerts, a few dozen notices, and no finding is missing in the numbers', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  const lines = Array.from({ length: SECONDS }, (_, second) =>
    Array.from({ length: A_SECOND }, (_, at) => line(second, at)).join(''),
  );
  await writeFile(join(dir.path, 'access.log'), lines.join(''));
  await runUntilIdle(config);

  const { alerts, status } = keptIn(dir.path);
  const inNumbers = alerts.map(({ rule, count, firstSeen, lastSeen }) => ({ rule, count, firstSeen, lastSeen }));
  expect(inNumbers.sort((one, other) => other.count - one.count)).toEqual([
    {
      rule: 'phi-outside-territory',
      count: 3_000,
      firstSeen: '2026-11-23T14:00:00.000Z',
      lastSeen: '2026-11-23T14:00:04.599Z',
    },
    {
      rule: 'phi-to-unregistered-endpoint',
      count: 1_995,
      firstSeen: '2026-11-23T14:00:00.600Z',
      lastSeen: '2026-11-23T14:00:04.998Z',
    },
  ]);
  expect(status.findings).toBe(4_995);
  // 1, 2, 4 ... 2048 and the rest; 1, 2, 4 ... 1024 and the rest.
  const told = await noticesIn(join(dir.path, 'alerts.ndjson'));
  expect(told.map(({ count }) => count).sort((one, other) => one - other)).toEqual([
    ...Array.from({ length: 11 }, (_, power) => [2 ** power, 2 ** power]).flat(),
    1_995,
    2_048,
    3_000,
  ]);
});

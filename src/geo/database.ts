import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Reader, type Response } from 'maxmind';
import { OperatorError } from '../errors/problem.ts';
import type { Address } from '../net/address.ts';
import { type Network, networkOf } from '../net/network.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';
import type { Evidence } from './location.ts';
import { findMetadata, findTreeDamage } from './mmdb-damage.ts';
import { inTurns } from './pieces.ts';
import { readRecord, type Statement } from './record.ts';
import { sha256Of } from './sha256.ts';
import { type Weights, weightOf } from './weights.ts';

export interface DatabaseInfo {
  /** The file's name. */
  readonly name: string;
  readonly path: string;
  /** The file's own `database_type`. Not unique: two makers may write the same. */
  readonly edition: string;
  /** ms since the epoch. */
  readonly builtMs: number;
  /** Of the whole file, hex. */
  readonly sha256: string;
  /** `embedded`: came with the program. `operator`: put into `geo.directory`. */
  readonly origin: 'embedded' | 'operator';
  /** False where the edition holds no locations but other facts (ASN, anonymous IP and the like). */
  readonly tellsCountry: boolean;
  /** How much its word on a country counts, 0 to 1. */
  readonly weight: number;
}

/** What a database said about one address. */
export interface Answer extends Statement {
  readonly database: DatabaseInfo;
  /** The network that the record holds for; absent where there is no record. */
  readonly network?: Network;
  readonly evidence: Evidence;
}

export interface Database {
  readonly info: DatabaseInfo;
  /** Never throws: a record that cannot be read counts as none, and the answer says so. */
  readonly ask: (address: Address) => Answer;
}

/**
 * Reads an mmdb file into memory. Not mapped: whoever replaces a mapped file under the program ends it.
 *
 * @throws OperatorError `geo.database-missing`, `geo.database-damaged`
 */
export async function openDatabase(
  path: string,
  origin: DatabaseInfo['origin'],
  weights: Weights = {},
): Promise<Database> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause);
  });
  const sha256 = await inTurns(sha256Of(bytes));
  const reader = await openReader(path, bytes, origin);
  const { databaseType, buildEpoch } = reader.metadata;
  const name = basename(path);
  const info: DatabaseInfo = {
    name,
    path,
    edition: databaseType,
    builtMs: buildEpoch.getTime(),
    sha256,
    origin,
    tellsCountry: LOCATES.test(databaseType) || !OTHER_SUBJECTS.test(databaseType),
    weight: weightOf(name, databaseType, weights),
  };
  return { info, ask: asker(reader, info) };
}

/** `GeoLite2-City`, `DBIP-Country-Lite`, `ipinfo country_asn.mmdb`: located, whatever else they tell. */
const LOCATES = /country|city|location|enterprise/i;

/** `GeoLite2-ASN`, `GeoIP2-ISP`, `GeoIP2-Anonymous-IP`, `ipinfo standard_privacy.mmdb`, `IP2PROXY-...`. */
const OTHER_SUBJECTS =
  /asn|isp|anonymous|proxy|privacy|connection-type|domain|carrier|company|static-ip|user-count|ip-risk/i;

function asker(reader: Reader<Response>, database: DatabaseInfo): Database['ask'] {
  const { name: source, edition, sha256, tellsCountry } = database;
  const step = tellsCountry ? 'database' : 'network';
  const built = new Date(database.builtMs).toISOString();
  // Thousands of networks share a few hundred records, which the reader's cache makes the same object.
  const statements = new WeakMap<object, Statement>();

  return (address) => {
    const { record, length } = findRecord(reader, address);
    if (record === null || record === UNREADABLE) {
      const statement = record === null ? NO_ENTRY : UNREADABLE_ENTRY;
      return { ...statement, database, evidence: { step, source, edition, built, sha256, said: statement.said } };
    }
    const statement = statementOf(record);
    const network = networkOf(address, length);
    const { said } = statement;
    const evidence: Evidence = { step, source, edition, built, sha256, network: network.text, said };
    return { ...statement, database, network, evidence };
  };

  function statementOf(record: object): Statement {
    const known = statements.get(record);
    if (known !== undefined) return known;
    const read = readRecord(record);
    const statement = tellsCountry ? read : withoutCountry(read);
    statements.set(record, statement);
    return statement;
  }
}

/** An edition for other facts may name a country too, say that of a company: it is not one of the address. */
function withoutCountry({ country: _, ownership, ...statement }: Statement): Statement {
  return { ...statement, said: ownership ?? 'nothing of interest' };
}

const UNREADABLE: unique symbol = Symbol('unreadable');

interface Found {
  readonly record: object | null | typeof UNREADABLE;
  readonly length: number;
}

function findRecord(reader: Reader<Response>, address: Address): Found {
  if (address.family === 6 && reader.metadata.ipVersion === 4) return { record: null, length: 0 };
  try {
    const [record, length] = reader.getWithPrefixLength(address.text);
    return { record: typeof record === 'object' ? record : UNREADABLE, length };
  } catch {
    return { record: UNREADABLE, length: 0 };
  }
}

const NO_ENTRY: Statement = { usMilitary: false, anycast: false, hosting: false, said: 'no entry' };

const UNREADABLE_ENTRY: Statement = { ...NO_ENTRY, said: 'an entry that cannot be read: the file is damaged' };

/** There are some 250 countries; a City record is some hundred bytes. */
const DECODED_RECORDS = 1_024;

async function openReader(path: string, bytes: Buffer, origin: DatabaseInfo['origin']): Promise<Reader<Response>> {
  if (findMetadata(bytes) === -1) throw damaged(path, origin, 'the metadata at its end are missing');
  let reader: Reader<Response>;
  try {
    reader = new Reader<Response>(bytes, { cache: new LeastRecentlyUsed(DECODED_RECORDS) });
  } catch (cause) {
    throw damaged(path, origin, 'its metadata cannot be read', cause);
  }
  const damage = findMetadataDamage(reader) ?? (await inTurns(findTreeDamage(bytes, reader.metadata)));
  if (damage !== undefined) throw damaged(path, origin, damage);
  return reader;
}

function findMetadataDamage({ metadata }: Reader<Response>): string | undefined {
  const { binaryFormatMajorVersion, ipVersion, databaseType, buildEpoch } = metadata;
  if (binaryFormatMajorVersion !== 2) return `it is of format version ${binaryFormatMajorVersion}, not 2`;
  if (ipVersion !== 4 && ipVersion !== 6) return `it is of IP version ${ipVersion}, neither 4 nor 6`;
  if (typeof databaseType !== 'string' || Number.isNaN(buildEpoch.getTime())) return 'its metadata are incomplete';
  return undefined;
}

function unreadable(path: string, cause: NodeJS.ErrnoException): OperatorError {
  return new OperatorError(
    [
      {
        code: 'geo.database-missing',
        what: `Cannot read the geo database (${cause.code ?? cause.message})`,
        where: { file: path },
        todo: 'make the file readable for the user that runs phi-egress, or remove it',
      },
    ],
    { cause },
  );
}

function damaged(path: string, origin: DatabaseInfo['origin'], because: string, cause?: unknown): OperatorError {
  return new OperatorError(
    [
      {
        code: 'geo.database-damaged',
        what: `This is no sound mmdb file: ${because}`,
        where: { file: path },
        todo:
          origin === 'embedded'
            ? 'run "npm ci" to install it anew'
            : 'unpack it if it is compressed, download it again, or remove it',
      },
    ],
    cause === undefined ? undefined : { cause },
  );
}

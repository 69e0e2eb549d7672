import { type Zone, zoneNamed } from '../../time/zone.ts';
import type { ReadContext, ReaderOptions, Reading } from '../format.ts';
import type { Endpoint, LogRecord, RecordKind } from '../record.ts';
import { type AddressReader, rememberingAddressReader } from '../values/address-text.ts';
import { decimalOf } from '../values/decimal.ts';
import { digitsOf } from '../values/digits.ts';
import { type HttpTarget, hostName, readHttpTarget } from '../values/http-target.ts';
import type { LogTime } from '../values/log-time.ts';
import { skipped, unreadable } from '../values/reading.ts';
import { typeAndSubtype } from '../values/type-and-subtype.ts';
import { firstTold, type Lookup, nothingWords, tellingLookup } from './lookup.ts';

/** The names under which a line may tell a value, the best first. */
export type Names = readonly string[];

export interface EndpointNames {
  readonly ip?: Names;
  readonly port?: Names;
  readonly host?: Names;
  readonly user?: Names;
}

/** What a product's own words say beyond the columns; `skip` for a line that tells nothing we need, with the reason. */
export type Remarks = { readonly skip: string } | Readonly<RemarksDraft>;

/** While it is being put together: conditional spreads would read nicer, but this runs for every line. */
export type RemarksDraft = {
  -readonly [Key in keyof RemarkedKeys]?: RemarkedKeys[Key];
};

type RemarkedKeys = Required<
  Pick<
    LogRecord,
    'kind' | 'bytesToServer' | 'bytesToClient' | 'method' | 'file' | 'auth' | 'outcome' | 'dlp' | 'reached'
  >
>;

/**
 * A product's log as a table: under which names its lines tell what a LogRecord holds. Any engine that finds values by
 * name can stand before it. A name that is not there, or says nothing, leaves its key out.
 */
export interface RecordTable {
  readonly kind: RecordKind;
  /** Words that stand for nothing. */
  readonly nothing: readonly string[];
  readonly time: readonly LogTime[];
  readonly client?: EndpointNames;
  readonly server?: EndpointNames;
  readonly bytesToServer?: Names;
  readonly bytesToClient?: Names;
  readonly duration?: { readonly names: Names; readonly unit: keyof typeof UNITS };
  readonly method?: Names;
  /** Whole, or put together from its parts. */
  readonly url?: Names | ((lookup: Lookup) => string | undefined);
  readonly status?: Names;
  readonly contentType?: Names;
  readonly session?: Names;
  readonly agent?: Names;
  readonly referrer?: Names;
  readonly dlp?: { readonly engine: Names; readonly rule?: Names };
  readonly proxyResult?: Names;
  readonly remarks?: (lookup: Lookup) => Remarks;
}

/** Milliseconds in one. */
const UNITS = { seconds: 1_000, milliseconds: 1, microseconds: 1e-3, nanoseconds: 1e-6 } as const;

/** Makes a record of what an engine found in a line. */
export type TableReader = (lookup: Lookup, context: ReadContext) => Reading;

export function compileTable(table: RecordTable, { timezone }: ReaderOptions): TableReader {
  const zone = zoneNamed(timezone);
  const addressText = rememberingAddressReader();
  const nothing = nothingWords(table.nothing);
  const urlOf = urlReader(table.url);

  return (found, { writtenBeforeMs }) => {
    const lookup = tellingLookup(found, nothing);
    const remarks = table.remarks?.(lookup) ?? {};
    if ('skip' in remarks) return skipped(remarks.skip);
    const timeMs = timeOf(table.time, lookup, zone, writtenBeforeMs);
    if (timeMs === undefined) return NO_TIME;
    if (Number.isNaN(timeMs)) return BAD_TIME;

    const counts = new Counts(lookup);
    const sent = counts.of(table.bytesToServer);
    const received = counts.of(table.bytesToClient);
    const status = counts.of(table.status);
    const clientPort = counts.of(table.client?.port);
    const serverPort = counts.of(table.server?.port);
    if (counts.badName !== undefined) return unreadable(`something else than a number stands under ${counts.badName}`);

    const url = urlOf(lookup);
    const target = url === undefined ? undefined : readHttpTarget(url);
    const client = endpointOf(lookup, table.client, clientPort, addressText);
    const server = serverOf(endpointOf(lookup, table.server, serverPort, addressText), target, remarks, addressText);
    const bytesToServer = remarks.bytesToServer ?? sent;
    const bytesToClient = remarks.bytesToClient ?? received;
    const durationMs = durationOf(lookup, table.duration);
    const method = remarks.method ?? told(lookup, table.method);
    const contentType = typeAndSubtype(told(lookup, table.contentType));
    const session = told(lookup, table.session);
    const agent = told(lookup, table.agent);
    const referrer = told(lookup, table.referrer);
    const dlp = remarks.dlp ?? dlpOf(lookup, table.dlp);
    const proxyResult = told(lookup, table.proxyResult);

    const record: Draft = { kind: remarks.kind ?? table.kind, timeMs };
    if (client !== undefined) record.client = client;
    if (server !== undefined) record.server = server;
    if (bytesToServer !== undefined) record.bytesToServer = bytesToServer;
    if (bytesToClient !== undefined) record.bytesToClient = bytesToClient;
    if (durationMs !== undefined) record.durationMs = durationMs;
    if (method !== undefined) record.method = method;
    if (url !== undefined) record.url = target?.url ?? url;
    if (status !== undefined && status > 0) record.status = status;
    if (contentType !== undefined) record.contentType = contentType;
    if (remarks.file !== undefined) record.file = remarks.file;
    if (remarks.auth !== undefined) record.auth = remarks.auth;
    if (session !== undefined) record.session = session;
    if (remarks.outcome !== undefined) record.outcome = remarks.outcome;
    if (agent !== undefined) record.agent = agent;
    if (referrer !== undefined) record.referrer = referrer;
    if (dlp !== undefined) record.dlp = dlp;
    if (proxyResult !== undefined) record.proxyResult = proxyResult;
    if (remarks.reached !== undefined) record.reached = remarks.reached;
    return { kind: 'record', record };
  };
}

/** Conditional spreads would read nicer; this runs for every line. */
type Draft = { -readonly [K in keyof LogRecord]: LogRecord[K] };
type EndpointDraft = { -readonly [K in keyof Endpoint]: Endpoint[K] };

function told(lookup: Lookup, names: Names | undefined): string | undefined {
  return names === undefined ? undefined : firstTold(lookup, names);
}

function timeOf(times: readonly LogTime[], lookup: Lookup, zone: Zone, writtenBeforeMs: number): number | undefined {
  for (const time of times) {
    const timeMs = time(lookup, zone, writtenBeforeMs);
    if (timeMs !== undefined) return timeMs;
  }
  return undefined;
}

/** Reads counts, and keeps the name of one that is none: then the columns are not what the table takes them for. */
class Counts {
  badName: string | undefined;
  readonly #lookup: Lookup;

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  of(names: Names | undefined): number | undefined {
    if (names === undefined) return undefined;
    for (const name of names) {
      const text = this.#lookup(name);
      if (text === undefined) continue;
      const count = digitsOf(text, 0, text.length);
      if (!Number.isNaN(count)) return count;
      this.badName = name;
      return undefined;
    }
    return undefined;
  }
}

/** Not so important that a line were worth less for one that cannot be read. */
function durationOf(lookup: Lookup, duration: RecordTable['duration']): number | undefined {
  const text = told(lookup, duration?.names);
  if (duration === undefined || text === undefined) return undefined;
  const durationMs = Math.round(decimalOf(text) * UNITS[duration.unit]);
  return Number.isSafeInteger(durationMs) ? durationMs : undefined;
}

function urlReader(url: RecordTable['url']): (lookup: Lookup) => string | undefined {
  if (typeof url === 'function') return url;
  return (lookup) => told(lookup, url);
}

function endpointOf(
  lookup: Lookup,
  names: EndpointNames | undefined,
  port: number | undefined,
  addressText: AddressReader,
): EndpointDraft | undefined {
  if (names === undefined) return undefined;
  const endpoint: EndpointDraft = {};
  const address = told(lookup, names.ip);
  const ip = address === undefined ? undefined : addressText(address);
  // Products that look names up write them where the address stood.
  const host = told(lookup, names.host) ?? (ip === undefined ? address : undefined);
  const user = told(lookup, names.user);
  if (ip !== undefined) endpoint.ip = ip;
  if (port !== undefined && port > 0 && port <= HIGHEST_PORT) endpoint.port = port;
  if (host !== undefined) setHost(endpoint, host, addressText);
  if (user !== undefined) endpoint.user = user;
  return ip === undefined && endpoint.host === undefined && user === undefined ? undefined : endpoint;
}

/** Where a host is an address, the client named one; that it was reached says no more than that. */
function setHost(endpoint: EndpointDraft, text: string, addressText: AddressReader): void {
  const literal = addressText(text);
  if (literal === undefined) {
    if (isHostName(text)) endpoint.host = hostName(text);
  } else endpoint.ip ??= literal;
}

/** What its own columns say of the server, and what they leave out from the URL. A parent proxy's address is not its. */
function serverOf(
  columns: EndpointDraft | undefined,
  target: HttpTarget | undefined,
  remarks: Exclude<Remarks, { skip: string }>,
  addressText: AddressReader,
): Endpoint | undefined {
  const server: EndpointDraft = columns ?? {};
  if (remarks.reached === 'parent-proxy') delete server.ip;
  if (target !== undefined) {
    if (server.host === undefined) {
      const observed = server.ip;
      setHost(server, target.host, addressText);
      if (observed === undefined && remarks.reached === 'nobody') delete server.ip;
    }
    if (server.port === undefined && target.port !== undefined) server.port = target.port;
  }
  return server.ip === undefined && server.host === undefined ? undefined : server;
}

/** Letters, digits, dots, hyphens and what else names hold in practice; RFC 1035 section 2.3.4 has the length. */
function isHostName(text: string): boolean {
  return text.length <= LONGEST_NAME && (/^[\w*.-]+$/.test(text) || /^[\p{L}\p{N}_*.-]+$/u.test(text));
}

function dlpOf(lookup: Lookup, names: RecordTable['dlp']): LogRecord['dlp'] {
  const engine = told(lookup, names?.engine);
  if (engine === undefined) return undefined;
  const rule = told(lookup, names?.rule);
  return rule === undefined ? { engine } : { engine, rule };
}

const NO_TIME = unreadable('the line does not tell its time where it should');
const BAD_TIME = unreadable('no time stands where one should');
const LONGEST_NAME = 253;
const HIGHEST_PORT = 65_535;

import { join } from 'node:path';
import { unpackDatabase } from './archive.ts';
import { readChecksum, sha256Of } from './checksum.ts';
import { type FileFacts, factsOf } from './facts.ts';
import type { Feed } from './feeds.ts';
import { type Failed, fetchDocument, type Transport, type Validators } from './fetch.ts';
import { type Installed, install } from './install.ts';

/** Sizes in bytes beyond which a file is not what it claims to be. GeoIP2 Enterprise has some 400 MB unpacked. */
export interface Limits {
  readonly packed: number;
  readonly unpacked: number;
  readonly ranges: number;
}

export const LIMITS: Limits = { packed: 256 << 20, unpacked: 640 << 20, ranges: 64 << 20 };

/** What is remembered of a feed between updates. */
export interface KnownFeed extends Validators {
  /** Where the file came from, without query. */
  readonly url: string;
  /** Of the file as it stands in the directory, hex: the validators hold for that one alone. */
  readonly sha256: string;
}

export type Refreshed =
  | { readonly kind: 'unchanged'; readonly facts: FileFacts }
  | (Extract<Installed, { kind: 'updated' | 'unchanged' }> & { readonly remember: KnownFeed })
  | Failed;

/** Asks once for one file, and installs it where it is new and sound. */
export async function refresh(
  feed: Feed,
  directory: string,
  known: KnownFeed | undefined,
  transport: Transport & { readonly limits: Limits },
  signal: AbortSignal,
): Promise<Refreshed> {
  const { limits } = transport;
  const url = await urlOf(feed, transport, signal);
  if (!(url instanceof URL)) return url;
  const place = url.origin + url.pathname;
  const present = await factsOf(join(directory, feed.file), feed.content);
  const isKnown = known?.url === place && 'sha256' in present && present.sha256 === known.sha256;

  const mostBytes = feed.content === 'mmdb' ? limits.packed : limits.ranges;
  const wanted = { url, mostBytes, ...authorizationFor(feed), ...(isKnown && { validators: known }) };
  const fetched = await fetchDocument(transport, wanted, signal);
  if (fetched.kind === 'unchanged') return 'sha256' in present ? { kind: 'unchanged', facts: present } : UNASKED;
  if (fetched.kind !== 'content') return fetched;

  const refusal = await refuseChecksum(feed, fetched.bytes, transport, signal);
  if (refusal !== undefined) return refusal;
  const unpacked = await unpack(feed, fetched.bytes, limits);
  if ('because' in unpacked) return { kind: 'never', because: unpacked.because };
  const installed = await install(directory, {
    name: feed.file,
    content: feed.content,
    subject: feed.subject,
    bytes: unpacked.bytes,
  });
  if (installed.kind === 'refused') return { ...installed, kind: 'never' };
  return { ...installed, remember: { url: place, sha256: installed.facts.sha256, ...fetched.validators } };
}

const UNASKED: Failed = { kind: 'again', because: 'the server says that nothing changed, and was not asked that' };

/** A page is read for the link alone; where it has none, its publisher has changed it. */
async function urlOf({ place }: Feed, transport: Transport, signal: AbortSignal): Promise<URL | Failed> {
  if (place.kind === 'file') return place.url;
  const page = await fetchDocument(transport, { url: place.url, mostBytes: MOST_PAGE_BYTES }, signal);
  if (page.kind === 'unchanged') return UNASKED;
  if (page.kind !== 'content') return page;
  const [link] = place.link.exec(page.bytes.toString('latin1')) ?? [];
  if (link !== undefined) return new URL(link);
  return {
    kind: 'never',
    because: 'the download page does not name the file any more',
    todo: 'download it by hand, and hand it over through geo.update.drop or geo.update.mirror',
  };
}

const MOST_PAGE_BYTES = 8 << 20;
const MOST_CHECKSUM_BYTES = 4_096;

/** The key is needed here and nowhere before: a configuration without it still loads. */
function authorizationFor({ account }: Feed): { readonly authorization?: string } {
  if (account === undefined) return {};
  const pair = `${account.account.reveal()}:${account.key.reveal()}`;
  return { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
}

/** A new edition can come out between the two requests: then the next try finds both of it. */
async function refuseChecksum(
  feed: Feed,
  bytes: Buffer,
  transport: Transport,
  signal: AbortSignal,
): Promise<Failed | undefined> {
  const { checksumUrl: url } = feed;
  if (url === undefined) return undefined;
  const wanted = { url, mostBytes: MOST_CHECKSUM_BYTES, ...authorizationFor(feed) };
  const fetched = await fetchDocument(transport, wanted, signal);
  if (fetched.kind === 'unchanged') return UNASKED;
  if (fetched.kind !== 'content') return { ...fetched, because: `its SHA-256 cannot be had: ${fetched.because}` };
  const told = readChecksum(fetched.bytes.toString('latin1'));
  if (told === undefined) return { kind: 'again', because: 'what stands in place of its SHA-256 is none' };
  return told === sha256Of(bytes)
    ? undefined
    : { kind: 'again', because: 'its SHA-256 is not the one that is published' };
}

async function unpack(
  { content }: Feed,
  bytes: Buffer,
  { unpacked }: Limits,
): Promise<{ readonly bytes: Buffer } | { readonly because: string }> {
  return content === 'mmdb' ? unpackDatabase(bytes, unpacked) : { bytes };
}

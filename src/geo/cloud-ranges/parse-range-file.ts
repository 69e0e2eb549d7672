import type { Problem } from '../../errors/problem.ts';
import { atOnce, type Pieces } from '../pieces.ts';
import { AWS } from './aws.ts';
import { AZURE } from './azure.ts';
import { gather } from './gather.ts';
import { GCP } from './gcp.ts';
import { ORACLE } from './oracle.ts';
import type { Publication } from './publication.ts';
import type { RangeFile } from './range-file.ts';

export type RangeFileReading =
  | { readonly kind: 'ranges'; readonly file: RangeFile }
  | { readonly kind: 'problem'; readonly problem: Problem };

const PUBLICATIONS: readonly Publication[] = [AWS, AZURE, GCP, ORACLE];

/** The largest, Azure's, has about 4 MB. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Reads a file of address ranges as a cloud provider publishes it. Which provider's it is shows in the content, whatever
 * the file's name. Never throws.
 *
 * @returns the ranges, or a problem without a place, for the caller knows where the bytes came from:
 * `geo.ranges-unknown` for sound JSON that is no provider's, `geo.ranges-damaged` for all else.
 */
export function parseRangeFile(bytes: Uint8Array): RangeFileReading {
  return atOnce(readRangeFile(bytes));
}

/** As `parseRangeFile`, in pieces, but for the JSON itself, which is read in one. */
export function* readRangeFile(bytes: Uint8Array): Pieces<RangeFileReading> {
  if (bytes.length > MOST_BYTES) return damaged(`it has more than ${MOST_BYTES} bytes`);
  const document = readObject(bytes);
  yield;
  if (document === undefined)
    return damaged('it is no JSON object: the download may be cut off, or a page in its place');
  const publication = PUBLICATIONS.find(({ recognises }) => recognises(document));
  if (publication === undefined) return UNKNOWN;
  const published = publication.read(document);
  if ('because' in published) return damaged(published.because);
  const { rows, ...edition } = published;
  const ranges = yield* gather(rows);
  if ('because' in ranges) return damaged(ranges.because);
  return { kind: 'ranges', file: { provider: publication.provider, ...edition, ranges } };
}

function readObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const document: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof document === 'object' && document !== null && !Array.isArray(document) ? { ...document } : undefined;
  } catch {
    return undefined;
  }
}

const UNKNOWN: RangeFileReading = {
  kind: 'problem',
  problem: {
    code: 'geo.ranges-unknown',
    what: 'This is no file of cloud ranges that is known: ip-ranges.json (AWS), ServiceTags_*.json (Azure), cloud.json (Google) and public_ip_ranges.json (Oracle) are',
    todo: 'download it from its provider as it is published',
  },
};

function damaged(because: string): RangeFileReading {
  const problem: Problem = {
    code: 'geo.ranges-damaged',
    what: `This is no sound file of cloud ranges: ${because}`,
    todo: 'download it again from its provider, or remove it',
  };
  return { kind: 'problem', problem };
}

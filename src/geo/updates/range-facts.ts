/** What a file of address ranges says of itself. */
export interface RangeFacts {
  readonly provider: string;
  /** What the provider tells its editions apart by. */
  readonly edition: string;
  /** ms since the epoch; absent where the file does not tell. */
  readonly builtMs?: number;
}

type Document = Readonly<Record<string, unknown>>;

/** Reads a provider's file as far as it must be read to be told from a page in its place, or a half of it. */
export function rangeFacts(bytes: Buffer): RangeFacts | { readonly because: string } {
  const document = readObject(bytes);
  const facts =
    document === undefined ? undefined : PROVIDERS.map((read) => read(document)).find((it) => it !== undefined);
  return facts ?? { because: 'This is no sound file of cloud ranges' };
}

const PROVIDERS: readonly ((document: Document) => RangeFacts | undefined)[] = [
  ({ syncToken, createDate, prefixes }) =>
    typeof syncToken === 'string' && createDate !== undefined && isFilled(prefixes)
      ? { provider: 'aws', edition: syncToken, builtMs: Number(syncToken) * 1000 }
      : undefined,
  ({ syncToken, creationTime, prefixes }) =>
    typeof syncToken === 'string' && creationTime !== undefined && isFilled(prefixes)
      ? { provider: 'gcp', edition: syncToken, builtMs: Number(syncToken) }
      : undefined,
  ({ changeNumber, cloud, values }) =>
    typeof changeNumber === 'number' && cloud !== undefined && isFilled(values)
      ? { provider: 'azure', edition: `${String(cloud)} ${changeNumber}` }
      : undefined,
  ({ last_updated_timestamp: edition, regions }) =>
    typeof edition === 'string' && isFilled(regions)
      ? { provider: 'oracle', edition, builtMs: Date.parse(`${edition.replace(/Z$/, '')}Z`) }
      : undefined,
];

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function readObject(bytes: Buffer): Document | undefined {
  try {
    const document: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof document === 'object' && document !== null && !Array.isArray(document) ? { ...document } : undefined;
  } catch {
    return undefined;
  }
}

import { type Endpoint, type LogRecord, printRecord } from '../formats/record.ts';
import type { Masker } from '../phi/masking.ts';
import type { Cell } from './layout.ts';

/** What was read from a line, by the names of `phi-egress parse`, as it may be shown: identifiers are masked. */
export function recordRows(record: LogRecord, masker: Masker): readonly (readonly Cell[])[] {
  const { kind: _, time: __, ...fields } = JSON.parse(printRecord(masked(record, masker))) as Record<string, unknown>;
  return Object.entries(fields).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([inner, it]) => [`${key}.${inner}`, String(it)])
      : [[key, String(value)]],
  );
}

/** In the order of the record. Names of programs and referring pages are free text: they are left out. */
function masked({ agent: _, referrer: __, ...record }: LogRecord, masker: Masker): LogRecord {
  const { client, server, method, url, contentType, file } = record;
  return {
    ...record,
    ...(client !== undefined && { client: maskedEndpoint(client, masker) }),
    ...(server !== undefined && { server: maskedEndpoint(server, masker) }),
    ...(method !== undefined && { method: masker.maskMethod(method) }),
    ...(url !== undefined && { url: masker.maskUrl(url) }),
    ...(contentType !== undefined && { contentType: masker.maskMediaType(contentType) }),
    ...(file !== undefined && {
      file: {
        ...file,
        path: masker.maskPath(file.path),
        ...(file.to !== undefined && { to: masker.maskPath(file.to) }),
      },
    }),
  };
}

function maskedEndpoint(endpoint: Endpoint, masker: Masker): Endpoint {
  const { host, user } = endpoint;
  return {
    ...endpoint,
    ...(host !== undefined && { host: masker.maskHost(host) }),
    ...(user !== undefined && { user: masker.maskUser(user) }),
  };
}

import type { LogRecord } from '../formats/record.ts';
import type { Line } from '../sources/line.ts';
import type { Activity, Protocol } from './transfer.ts';

/** One record with the line it was read from. */
export interface Origin {
  readonly line: Line;
  readonly record: LogRecord;
}

/** What every activity carries: where it was seen and when. */
export function observed<Part extends Activity['part']>({ line, record }: Origin, part: Part, protocol: Protocol) {
  return {
    source: line.source,
    place: line.place,
    part,
    timeMs: record.timeMs,
    protocol,
    ...(record.session !== undefined && { session: record.session }),
  };
}

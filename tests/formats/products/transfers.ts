import type { LogRecord } from '../../../src/formats/record.ts';
import type { FormatChoice } from '../../../src/sources/settings.ts';
import { readingsOf } from '../fixtures.ts';

/** A transfer in short, so that records of several formats and rows of a truth table can be held against each other. */
export interface Move {
  readonly way: 'upload' | 'download';
  readonly bytes: number;
  readonly path: string;
  readonly ip: string;
  readonly user: string;
}

export function recordsOf(path: string, choice: FormatChoice, timezone = 'UTC'): readonly LogRecord[] {
  return readingsOf(path, choice, timezone).flatMap((reading) => (reading.kind === 'record' ? [reading.record] : []));
}

/** The files that moved, in the order of the log. Of each, exactly one direction has a count. */
export function movesOf(records: readonly LogRecord[]): readonly Move[] {
  return records.flatMap(({ file, client, bytesToClient, bytesToServer }): Move[] => {
    if (file?.operation !== 'read' && file?.operation !== 'write') return [];
    const isUpload = file.operation === 'write';
    if ((isUpload ? bytesToClient : bytesToServer) !== undefined) throw new Error(`${file.path} has bytes both ways`);
    const bytes = (isUpload ? bytesToServer : bytesToClient) ?? Number.NaN;
    return [
      { way: isUpload ? 'upload' : 'download', bytes, path: file.path, ip: client?.ip ?? '', user: client?.user ?? '' },
    ];
  });
}

/** Lines that should have given a record and did not. */
export function unreadableIn(path: string, choice: FormatChoice): readonly unknown[] {
  return readingsOf(path, choice).filter(({ kind }) => kind === 'unreadable');
}

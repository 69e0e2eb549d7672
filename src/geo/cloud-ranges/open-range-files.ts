import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { OperatorError } from '../../errors/problem.ts';
import { listFiles } from '../directory.ts';
import { inTurns } from '../pieces.ts';
import { sha256Of } from '../sha256.ts';
import type { OpenedRangeFile } from './cloud-ranges.ts';
import { readRangeFile } from './parse-range-file.ts';

/**
 * Opens the range files in a directory, whatever their names, as long as these end in `.json`. JSON that is no
 * provider's is passed over; of several editions the latest holds.
 *
 * @throws OperatorError `geo.database-missing` for what cannot be read, `geo.ranges-damaged`
 */
export async function openRangeFiles(directory: string | undefined): Promise<readonly OpenedRangeFile[]> {
  const latest = new Map<string, OpenedRangeFile>();
  for (const path of await listFiles(directory, '.json')) {
    const opened = await openRangeFile(path);
    if (opened === undefined) continue;
    const { series, serial } = opened.info;
    const other = latest.get(series);
    if (other === undefined || other.info.serial < serial) latest.set(series, opened);
  }
  return [...latest.values()];
}

async function openRangeFile(path: string): Promise<OpenedRangeFile | undefined> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause);
  });
  const reading = await inTurns(readRangeFile(bytes));
  if (reading.kind === 'problem') {
    if (reading.problem.code === 'geo.ranges-unknown') return undefined;
    throw new OperatorError([{ ...reading.problem, where: { file: path } }]);
  }
  const { ranges, ...file } = reading.file;
  const sha256 = await inTurns(sha256Of(bytes));
  const unplaced = new Set(ranges.flatMap(({ place, said }) => (place.kind === 'untold' ? [said] : [])));
  const counts = { networks: ranges.length, unplaced: [...unplaced].sort() };
  return { info: { name: basename(path), path, ...file, sha256, ...counts }, ranges };
}

function unreadable(path: string, cause: NodeJS.ErrnoException): OperatorError {
  return new OperatorError(
    [
      {
        code: 'geo.database-missing',
        what: `Cannot read the file of cloud ranges (${cause.code ?? cause.message})`,
        where: { file: path },
        todo: 'make the file readable for the user that runs phi-egress, or remove it',
      },
    ],
    { cause },
  );
}

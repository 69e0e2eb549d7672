import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../errors/problem.ts';

/**
 * The files of `geo.directory` whose names end so, by name. A missing directory counts as empty. Names with a leading dot
 * are downloads that are not finished.
 *
 * @throws OperatorError `geo.database-missing` where the directory cannot be read
 */
export async function listFiles(directory: string | undefined, ending: string): Promise<readonly string[]> {
  if (directory === undefined) return [];
  const names = await readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw unreadableDirectory(directory, cause);
  });
  return names
    .filter((name) => name.endsWith(ending) && !name.startsWith('.'))
    .sort()
    .map((name) => join(directory, name));
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

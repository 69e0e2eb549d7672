import { readArchive, readStream } from '../sources/file/archive.ts';
import type { Line } from '../sources/line.ts';

/** The lines of a file, or of standard input when there is none, in batches. */
export function linesOf(
  file: string | undefined,
  source: string,
  stdin: NodeJS.ReadableStream,
): AsyncGenerator<readonly Line[], void, undefined> {
  if (file !== undefined) return readArchive(file, source);
  return readStream(stdin as AsyncIterable<Buffer>, { source, path: '(standard input)', writtenBeforeMs: Date.now() });
}

import { readArchive, readStream } from '../sources/file/archive.ts';
import type { Line } from '../sources/line.ts';

type Input = AsyncIterable<Buffer | string> | Iterable<Buffer>;

/** The lines of a file, or of what a stream brings, in batches. What has no file was written before now. */
export async function* linesOf(
  input: string | Input,
  source: string,
): AsyncGenerator<readonly Line[], void, undefined> {
  const pieces =
    typeof input === 'string'
      ? readArchive(input, source)
      : readStream(buffers(input), { source, path: '(input)', writtenBeforeMs: Date.now() });
  for await (const { lines } of pieces) yield lines;
}

async function* buffers(input: Input): AsyncGenerator<Buffer> {
  for await (const chunk of input) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

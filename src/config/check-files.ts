import path from 'node:path';
import type { Problem } from '../errors/problem.ts';
import { globMatcher } from '../sources/file/glob.ts';
import type { Path } from './document.ts';
import { lineOf, type Placed, problemAt } from './mistake.ts';
import type { Sections } from './sections.ts';

/** A file that the agent writes, by its absolute path. */
interface Written {
  readonly file: string;
  readonly by: Placed<unknown>;
  readonly below: Path;
}

/** Files that two parts would write, and logs that the agent would write to while it reads them. */
export function checkFiles(sections: Sections, directory: string): readonly Problem[] {
  const written = writtenFiles(sections, directory);
  return written.flatMap((it, at) => [...sharedWith(written.slice(0, at), it), ...readBy(sections, directory, it)]);
}

/** Whatever is dropped is taken away from there, and what is in use must not be. */
export function checkDrop({ geo }: Sections, directory: string): readonly Problem[] {
  const drop = geo?.value.update?.drop;
  if (geo === undefined || drop === undefined) return [];
  if (path.resolve(directory, drop) !== path.resolve(directory, geo.value.directory)) return [];
  const what = 'Files are taken away from here, and this is the directory that they are put into';
  return [problemAt(geo, ['update', 'drop'], 'config.clash', what, 'name another directory')];
}

function writtenFiles({ agent, sinks }: Sections, directory: string): readonly Written[] {
  const ownLog = agent?.value.log.file ?? undefined;
  return [
    ...(agent && ownLog !== undefined
      ? [{ file: path.resolve(directory, ownLog), by: agent, below: ['log', 'file'] }]
      : []),
    ...sinks.flatMap((by) =>
      by.value.type === 'file' ? [{ file: path.resolve(directory, by.value.path), by, below: ['path'] }] : [],
    ),
  ];
}

function sharedWith(earlier: readonly Written[], { file, by, below }: Written): readonly Problem[] {
  const other = earlier.find((it) => it.file === file);
  if (other === undefined) return [];
  const what = `This file is written to by ${lineOf(other.by, other.below)} too`;
  return [problemAt(by, below, 'config.clash', what, 'give each its own file')];
}

function readBy({ sources }: Sections, directory: string, { file, by, below }: Written): readonly Problem[] {
  const readers = sources.flatMap((source) =>
    source.value.type === 'file' ? source.value.paths.map((glob, at) => ({ source, glob, at })) : [],
  );
  const reader = readers.find(({ glob }) => {
    const pattern = path.resolve(directory, glob);
    return path.dirname(pattern) === path.dirname(file) && globMatcher(path.basename(pattern))(path.basename(file));
  });
  if (reader === undefined) return [];
  const what = `This file is read as a log by ${lineOf(reader.source, ['paths', reader.at])}, and would grow by its own alerts`;
  return [problemAt(by, below, 'config.clash', what, 'write to another file')];
}

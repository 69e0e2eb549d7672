import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { quote } from '../errors/field.ts';
import { OperatorError, type Problem } from '../errors/problem.ts';
import { globMatcher } from '../sources/file/glob.ts';
import type { SourceSettings } from '../sources/settings.ts';

export interface AwaitedPath {
  readonly source: string;
  readonly path: string;
}

/**
 * Opens every log that the sources name, once, so that a wrong permission is told at the start and not never.
 *
 * @returns the paths that nothing matches yet: those are waited for.
 * @throws OperatorError naming every log that is there and cannot be read.
 */
export async function checkSources(sources: readonly SourceSettings[]): Promise<readonly AwaitedPath[]> {
  const problems: Problem[] = [];
  const awaited: AwaitedPath[] = [];
  for (const [at, { name, paths }] of sources.entries())
    for (const [pathAt, pattern] of paths.entries()) {
      const found = await matching(pattern);
      if (found.length === 0) awaited.push({ source: name, path: pattern });
      for (const path of found) {
        const problem = await unreadable(path);
        if (problem === undefined) continue;
        problems.push({ ...problem, where: { file: path, key: `sources.${at}.paths.${pathAt}` } });
      }
    }
  if (problems.length > 0) throw new OperatorError(problems);
  return awaited;
}

async function matching(pattern: string): Promise<readonly string[]> {
  const folder = dirname(pattern);
  const matches = globMatcher(basename(pattern));
  const names = await readdir(folder).catch(() => []);
  return names.filter(matches).map((name) => join(folder, name));
}

async function unreadable(path: string): Promise<Problem | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      if ((await file.stat()).isDirectory()) return problem(path, 'it is a directory', `write ${path}/*.log`);
    } finally {
      await file.close();
    }
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'ENOENT') return undefined;
    return problem(
      path,
      code,
      'let the account that runs phi-egress read it, for instance through the group of the file',
    );
  }
}

function problem(path: string, why: string, todo: string): Problem {
  return { code: 'source.unreadable', what: `Cannot read the log ${quote(path)}: ${why}`, todo };
}

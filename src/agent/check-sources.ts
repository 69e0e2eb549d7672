import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { quote } from '../errors/field.ts';
import { OperatorError, type Problem } from '../errors/problem.ts';
import { globMatcher } from '../sources/file/glob.ts';
import { journalTrouble } from '../sources/journald/check.ts';
import type { FileSourceSettings, JournaldSourceSettings, SourceSettings } from '../sources/settings.ts';
import { checkTlsMaterial } from '../sources/syslog/tls-material.ts';

export interface AwaitedPath {
  readonly source: string;
  readonly path: string;
}

/**
 * Opens what the sources read from, once, so that a wrong permission is told at the start and not never. Listens nowhere.
 *
 * @returns the paths that nothing matches yet: those are waited for.
 * @throws OperatorError naming every log, journal and certificate that is there and cannot be read.
 */
export async function checkSources(sources: readonly SourceSettings[]): Promise<readonly AwaitedPath[]> {
  const problems: Problem[] = [];
  const awaited: AwaitedPath[] = [];
  for (const [at, source] of sources.entries()) {
    const key = `sources.${at}`;
    if (source.type === 'file') {
      const found = await checkPaths(source, key);
      problems.push(...found.problems);
      awaited.push(...found.awaited);
    } else if (source.type === 'journald') problems.push(...(await checkJournal(source, key)));
    else if (source.type === 'syslog' && source.listen.protocol === 'tls')
      problems.push(...(await checkTlsMaterial(source.listen, `${key}.listen`)));
  }
  if (problems.length > 0) throw new OperatorError(problems);
  return awaited;
}

async function checkPaths({ name, paths }: FileSourceSettings, key: string) {
  const problems: Problem[] = [];
  const awaited: AwaitedPath[] = [];
  for (const [at, pattern] of paths.entries()) {
    const found = await matching(pattern);
    if (found.length === 0) awaited.push({ source: name, path: pattern });
    for (const path of found) {
      const problem = await unreadable(path);
      if (problem !== undefined) problems.push({ ...problem, where: { file: path, key: `${key}.paths.${at}` } });
    }
  }
  return { problems, awaited };
}

const JOURNAL_REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'install systemd, whose journalctl it runs, and name a directory that exists',
  EACCES: 'add the account that runs phi-egress to the group systemd-journal',
};

async function checkJournal({ directory }: JournaldSourceSettings, key: string): Promise<readonly Problem[]> {
  const code = await journalTrouble(directory);
  if (code === undefined) return [];
  const journal = directory === undefined ? 'the journal' : `the journal in ${quote(directory)}`;
  const what = `Cannot read ${journal}: ${code}`;
  const todo = JOURNAL_REMEDIES[code] ?? 'see what journalctl says when the account that runs phi-egress calls it';
  const where = { file: directory ?? 'journalctl', key: directory === undefined ? `${key}.type` : `${key}.directory` };
  return [{ code: 'source.unreadable', what, where, todo }];
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

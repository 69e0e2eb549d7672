import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { quote } from '../errors/field.ts';
import { OperatorError, type Place } from '../errors/problem.ts';
import { globMatcher, isGlob } from '../sources/file/glob.ts';
import { type ConfigDocument, readDocument, valueAt } from './document.ts';
import { type Configuration, parseConfig } from './parse.ts';
import { DEFAULT_VENDORS } from './schema.ts';
import { notesOnSecrets, readSecrets } from './secrets.ts';
import type { Settings } from './settings.ts';

/**
 * The settings in a configuration file and the vendor files that it names. A relative path starts from the working
 * directory here, and from the directory of the configuration file inside it.
 *
 * @throws OperatorError with every problem there is
 */
export async function loadSettings(file: string): Promise<Settings> {
  return (await loadConfiguration(file)).settings;
}

/** As `loadSettings`, with notes for whoever checks the configuration. */
export async function loadConfiguration(file: string): Promise<Configuration> {
  const main = await readConfigFile(file);
  const names = await vendorFileNames(main.document);
  const vendorFiles = await Promise.all(names.map((it) => readConfigFile(it, main.document.placeOf(['vendors']))));
  const documents = vendorFiles.map(({ document }) => document);
  const secrets = await readSecrets(main.document, process.env);
  const configuration = parseConfig(main.document, documents, {
    file: path.resolve(file),
    hostName: hostname(),
    secrets,
    sha256: sha256(`${[main, ...vendorFiles].map((it) => it.sha256).join('\n')}\n`),
  });
  return { ...configuration, notes: [...configuration.notes, ...notesOnSecrets(secrets)] };
}

interface ConfigFile {
  readonly document: ConfigDocument;
  readonly sha256: string;
}

async function readConfigFile(file: string, namedAt?: Place): Promise<ConfigFile> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw unreadable(file, error, namedAt);
  });
  return { document: readDocument(file, decode(file, bytes)), sha256: sha256(bytes) };
}

/** The vendor files that the main file names, in the order of their names; none where the vendors stand in place. */
async function vendorFileNames({ file, value, placeOf }: ConfigDocument): Promise<readonly string[]> {
  const written = valueAt(value, ['vendors']);
  if (written !== undefined && typeof written !== 'string') return [];
  const pattern = path.join(...fromDirectory(file, written ?? DEFAULT_VENDORS));
  const directory = path.dirname(pattern);
  const base = path.basename(pattern);
  if (!isGlob(base)) return [pattern];

  const entries = await readdir(directory).catch((error: unknown) => {
    if (written === undefined && codeOf(error) === 'ENOENT') return [];
    throw unreadable(directory, error, placeOf(['vendors']));
  });
  const names = entries.filter(globMatcher(base)).sort();
  if (names.length === 0 && written !== undefined) {
    throw new OperatorError([
      {
        code: 'config.unreadable',
        what: `No file matches ${quote(written)}`,
        where: placeOf(['vendors']),
        todo: 'name the files that list vendors, or write [] for none',
      },
    ]);
  }
  return names.map((name) => path.join(directory, name));
}

function fromDirectory(file: string, written: string): readonly string[] {
  return path.isAbsolute(written) ? [written] : [path.dirname(file), written];
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new OperatorError(
      [{ code: 'config.syntax', what: 'The file is not UTF-8 text', where: { file }, todo: 'save it as UTF-8' }],
      { cause: error },
    );
  }
}

function unreadable(file: string, error: unknown, where?: Place): OperatorError {
  const code = codeOf(error);
  if (code === undefined) throw error;
  const [reason, todo] = REASONS[code] ?? [code, 'check the file'];
  const what = `Cannot read ${quote(file)}: ${reason}`;
  return new OperatorError([{ code: 'config.unreadable', what, todo, ...(where && { where }) }], { cause: error });
}

const REASONS: Readonly<Record<string, readonly [reason: string, todo: string]>> = {
  ENOENT: ['it does not exist', 'name a file that does'],
  EACCES: ['permission denied', 'let the user that runs phi-egress read it'],
  EISDIR: ['it is a directory', 'name a file'],
  ENOTDIR: ['a part of the path is no directory', 'name a file that exists'],
};

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

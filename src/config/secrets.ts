import { readFile } from 'node:fs/promises';
import { quote } from '../errors/field.ts';
import { describeProblem } from '../errors/problem.ts';
import { readSecretReference, Secret, type SecretFound, type SecretReference } from '../errors/secret.ts';
import type { ConfigDocument, Path } from './document.ts';

/** What each reference of a document points to, by its text. */
export type Secrets = ReadonlyMap<string, SecretFound>;

/**
 * Reads every secret that a document refers to, once. What cannot be read is told when it is needed, and noted by
 * `validate`: the process that checks a configuration may lack what the daemon has.
 */
export async function readSecrets(
  { value, placeOf }: ConfigDocument,
  environment: NodeJS.ProcessEnv,
): Promise<Secrets> {
  const found = new Map<string, SecretFound>();
  for (const { reference, path } of referencesIn(value)) {
    if (found.has(reference.text)) continue;
    const read = await readOne(reference, environment);
    if ('value' in read) found.set(reference.text, read);
    else
      found.set(reference.text, {
        problem: { code: 'config.secret-missing', what: read.because, where: placeOf(path), todo: read.todo },
      });
  }
  return found;
}

/** The secret that a reference names, whether it could be read or not. */
export function secretOf({ text }: SecretReference, secrets: Secrets): Secret {
  const what = `The secret ${text} was not read`;
  return new Secret(secrets.get(text) ?? { problem: { code: 'config.secret-missing', what } });
}

/** A line for each secret that could not be read. */
export function notesOnSecrets(secrets: Secrets): readonly string[] {
  return [...secrets.values()].flatMap((it) => ('problem' in it ? [describeProblem(it.problem)] : []));
}

function referencesIn(
  value: unknown,
  path: Path = [],
): readonly { readonly reference: SecretReference; readonly path: Path }[] {
  if (typeof value === 'string') {
    const reference = readSecretReference(value);
    return reference === undefined ? [] : [{ reference, path }];
  }
  if (Array.isArray(value)) return value.flatMap((entry, at) => referencesIn(entry, [...path, at]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => referencesIn(entry, [...path, key]));
}

type Read = { readonly value: string } | { readonly because: string; readonly todo: string };

function readOne({ from, name }: SecretReference, environment: NodeJS.ProcessEnv): Promise<Read> | Read {
  return from === 'file' ? readFileOf(name) : readVariable(name, environment[name]);
}

function readVariable(name: string, value: string | undefined): Read {
  if (value !== undefined && value !== '') return { value };
  return {
    because: `The environment has no ${name}`,
    todo: 'set it where phi-egress is started, in the unit through EnvironmentFile=',
  };
}

/** An editor ends the line, which is not part of the secret. */
async function readFileOf(path: string): Promise<Read> {
  const because = (why: string) => `Cannot read the secret in ${quote(path)}: ${why}`;
  try {
    const value = (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
    if (value !== '' && value.length <= LONGEST && !/[\r\n]/.test(value)) return { value };
    return {
      because: because('it is empty, or more than one line'),
      todo: 'write the secret into it and nothing else',
    };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { because: because(code), todo: 'let the user that runs phi-egress read it, and nobody else' };
  }
}

const LONGEST = 4_096;

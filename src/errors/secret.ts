import * as z from 'zod';
import { refusal } from './field.ts';
import { OperatorError, type Problem } from './problem.ts';

/** A secret as the configuration names it: where it stands, never itself. */
export interface SecretReference {
  /** As written: `${env:MAXMIND_KEY}`. */
  readonly text: string;
  readonly from: 'env' | 'file';
  /** Name of the variable, or the file's path. */
  readonly name: string;
}

/** What was found where a reference points. */
export type SecretFound = { readonly value: string } | { readonly problem: Problem };

/**
 * A value that is never shown: neither JSON nor a template nor a debugger's view has it. Where it could not be read, that
 * is told to whoever needs it, and not to a command that does not.
 */
export class Secret {
  readonly #found: SecretFound;

  constructor(found: SecretFound) {
    this.#found = found;
  }

  /** @throws OperatorError `config.secret-missing` */
  reveal(): string {
    if ('problem' in this.#found) throw new OperatorError([this.#found.problem]);
    return this.#found.value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }
}

const HIDDEN = '[secret]';

/** @returns `undefined` for text that is no reference. */
export function readSecretReference(text: string): SecretReference | undefined {
  const [, from, name] = REFERENCE.exec(text) ?? [];
  return from === undefined || name === undefined ? undefined : { text, from: from as 'env' | 'file', name };
}

/** A name as POSIX has it (IEEE Std 1003.1, 3.282), or an absolute path. */
const REFERENCE = /^\$\{(env|file):([A-Za-z_][A-Za-z0-9_]*|\/[^\0}]+)\}$/;

const HINTS = {
  type: 'string',
  pattern: '^\\$\\{(env:[A-Za-z_][A-Za-z0-9_]*|file:/.+)\\}$',
  examples: [`\${env:NAME}`, `\${file:/etc/phi-egress/key}`],
} as const;

/** A secret in the configuration. Written in the clear it is refused, and not repeated in the message. */
export const secretReference = z
  .unknown()
  .meta({ ...HINTS, examples: [...HINTS.examples] })
  .transform((input, context): SecretReference => {
    const reference = typeof input === 'string' ? readSecretReference(input) : undefined;
    if (reference !== undefined && (reference.from === 'file') === reference.name.startsWith('/')) return reference;
    if (input === undefined) context.issues.push({ code: 'invalid_type', expected: 'string', input });
    else if (typeof input === 'string' && input.startsWith('${'))
      context.addIssue(refusal('This names no secret', WRITE));
    else context.addIssue(refusal('A secret stands here in the clear', `${WRITE}, and change the secret`));
    return z.NEVER;
  });

const WRITE = `write \${env:NAME} or \${file:/absolute/path}`;

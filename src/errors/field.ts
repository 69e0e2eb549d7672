import * as z from 'zod';

/** Says why a value is refused: what was found, and what to write instead. Its result is never used. */
export type Refuse = (what: string, todo: string) => never;

/** What an editor is told about a text. */
export interface Hints {
  readonly examples?: string[];
  /** Regular expression, as JSON Schema has it. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

/** Text in the configuration that means something else: a duration, a network, a country. */
export function field<T>(read: (text: string, refuse: Refuse) => T, hints: Hints = {}) {
  return z
    .string()
    .meta({ ...hints })
    .transform(
      (text, context): T =>
        read(text, (what, todo) => {
          context.addIssue(refusal(what, todo));
          return z.NEVER;
        }),
    );
}

/** The issue by which a schema of ours says what was found and what to write; `path` is from the checked value. */
export function refusal(what: string, todo: string, path: PropertyKey[] = []) {
  return { code: 'custom' as const, message: what, params: { todo }, path };
}

/** A value as it is shown in a message: in quotes, and not without end. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text);
}

/** Text for people. */
export const words = field((text, refuse) =>
  text.trim() === '' ? refuse('Found empty text', 'write what it should say') : text.trim(),
);

/** What other keys, commands and alerts call a thing by. */
export const name = field((text, refuse) =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text)
    ? text
    : refuse(
        `${quote(text)} cannot be a name`,
        'write letters, digits, dots, hyphens or underscores, at most 63, a letter or digit first',
      ),
);

const MAX_SHOWN = 80;

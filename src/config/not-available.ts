import { type Path, valueAt } from './document.ts';
import type { Mistake } from './mistake.ts';

interface NotAvailable {
  /** Key from the top. Any value but null and the empty list asks for it. */
  readonly key: string;
  readonly todo: string;
}

/**
 * What the configuration's vocabulary has and this version does not act on. Whoever writes one of these relies on it,
 * so it is refused rather than passed over.
 */
const NOT_AVAILABLE: readonly NotAvailable[] = [{ key: 'evidence.seal-to', todo: 'remove the key or write []' }];

/** A function that is not there, and the part of the document that need not be judged because of it. */
export interface Missing {
  readonly mistake: Mistake;
  readonly around: Path;
}

/** Every value of the main file that asks for what this version has not. */
export function findNotAvailable(config: unknown): readonly Missing[] {
  return NOT_AVAILABLE.flatMap(({ key, todo }) => {
    const path = key.split('.');
    if (!isSet(valueAt(config, path))) return [];
    const what = `${path.at(-1)} is not available in this version`;
    return [{ mistake: { code: 'config.not-available', path, what, todo }, around: path }];
  });
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

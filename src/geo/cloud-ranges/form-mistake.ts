import type { ZodError } from 'zod';
import type { Flaw } from './gather.ts';

/** The first thing that is wrong with the form of what stands at `at`: `prefixes[3].region has not ...`. */
export function formMistake({ issues: [issue] }: ZodError, at = ''): Flaw {
  const path = (issue?.path ?? [])
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('');
  return { because: `${`${at}${path}`.replace(/^\./, '')} has not the published form` };
}

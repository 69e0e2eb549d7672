import type { ZodError } from 'zod';

/** The first thing that is wrong with a file's form: `prefixes[3].region: Invalid input: expected string ...`. */
export function formMistake({ issues: [issue] }: ZodError): string {
  if (issue === undefined) return 'its form is not the published one';
  const path = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return `${path.replace(/^\./, '')} has not the published form`;
}

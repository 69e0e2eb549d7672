import * as z from 'zod';
import { refusal, words } from '../errors/field.ts';
import type { FormatChoice, OperatorForms } from './settings.ts';

/** Every form in which an operator describes a format, and what stands behind it. */
const forms = {
  squid: words.optional().meta({ description: 'A Squid logformat string' }),
} satisfies Record<keyof OperatorForms, z.ZodType>;

const FORM_NAMES = Object.keys(forms);

/** A name, or exactly one of the forms. */
export const formatSchema = z
  .union([
    words,
    z
      .strictObject(forms)
      .superRefine((written, context) => {
        const found = FORM_NAMES.filter((form) => form in written);
        if (found.length === 1) return;
        const what = found.length === 0 ? 'Found no format' : `Found ${found.join(' and ')}`;
        context.addIssue(refusal(what, `write one of ${FORM_NAMES.join(', ')}`));
      })
      .meta({ minProperties: 1, maxProperties: 1 }),
  ])
  .meta({ description: 'A name from `phi-egress formats`, or { squid: "<logformat string>" }' });

/** What was written, as the settings have it: the schema made sure that it is exactly one form. */
export function formatChoice(written: z.output<typeof formatSchema>): FormatChoice {
  return typeof written === 'string' ? written : (written as FormatChoice);
}

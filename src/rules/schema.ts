import * as z from 'zod';
import { field, quote } from '../errors/field.ts';
import { suggest } from '../errors/nearest.ts';
import { RULES } from './catalogue.ts';
import type { RuleId } from './finding.ts';
import { SEVERITIES, type Severity } from './severity.ts';

export const severity = z.enum(SEVERITIES);

const ruleSchema = z.strictObject({
  enabled: z.boolean().default(true),
  severity: severity.optional().meta({ description: "Takes the place of the rule's own severity" }),
});

/** Settings by rule. */
export const rulesSchema = z
  .strictObject(
    Object.fromEntries(
      RULES.map(({ id, description }) => [id, ruleSchema.optional().meta({ description })] as const),
    ) as Record<RuleId, z.ZodOptional<typeof ruleSchema>>,
  )
  .meta({ description: 'Settings of single rules' });

const undetermined = field(
  (text, refuse): Severity => {
    const known = SEVERITIES.find((it) => it === text);
    if (known !== undefined) return known;
    return text === 'off'
      ? refuse(
          'A location that is not known is never a pass, so "off" is refused',
          `write one of ${SEVERITIES.join(', ')}`,
        )
      : refuse(`Found ${quote(text)}`, suggest(text, SEVERITIES));
  },
  { enum: SEVERITIES },
).prefault('medium');

/** The part of `residency` that says how grave it is not to know. It cannot be turned off. */
export const undeterminedKeys = {
  'on-disputed': undetermined.meta({
    enum: SEVERITIES,
    description: 'Severity of a finding where the databases disagree',
  }),
  'on-unknown': undetermined.meta({
    enum: SEVERITIES,
    description: 'Severity of a finding where no location can be told',
  }),
};

export type DeclaredRules = z.output<typeof rulesSchema>;

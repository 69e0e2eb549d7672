import * as z from 'zod';
import { severity } from '../rules/schema.ts';
import { durationMs } from '../time/fields.ts';
import type { ConditionId } from './condition.ts';

const anyCondition = {
  enabled: z.boolean().default(true),
  severity: severity.optional().meta({ description: "Takes the place of the condition's own severity" }),
};

/** The part of `rules` that is about the watch itself. */
export const conditionKeys = {
  'source-silent': z
    .strictObject(anyCondition)
    .prefault({})
    .meta({ description: 'No line has come from a source for as long as its `silence` says.' }),
  'coverage-gap': z
    .strictObject({
      ...anyCondition,
      shortest: durationMs.prefault('1m').meta({
        description: 'Downtime, clock jumps and unreadable files shorter than this are recorded, and raise no alert',
      }),
    })
    .prefault({})
    .meta({ description: 'Something of a source was not seen, or may not have been.' }),
  'format-mismatch': z
    .strictObject({
      ...anyCondition,
      share: z.number().gt(0).lt(1).default(0.5).meta({
        description: 'Opens when more than this share of the latest lines cannot be read; ends below half of it',
      }),
      'least-lines': z
        .int()
        .min(1)
        .max(1000)
        .default(20)
        .meta({ description: 'Lines that must have come before anything is said' }),
    })
    .prefault({})
    .meta({ description: "Most of a source's lines cannot be read in the format that it is configured with." }),
  'geo-database-stale': z
    .strictObject(anyCondition)
    .prefault({})
    .meta({ description: 'A database or range file is older than geo.stale-after.' }),
  'vendor-endpoint-moved': z
    .strictObject(anyCondition)
    .prefault({})
    .meta({ description: "A vendor's domain answers from outside its terms (geo.watch)." }),
  'sink-failing': z
    .strictObject({
      ...anyCondition,
      after: durationMs.prefault('5m').meta({
        description:
          'How long a sink may fail before it is told; one that waits for you to mend something is told at once',
      }),
    })
    .prefault({})
    .meta({ description: 'A sink takes no alerts.' }),
  'alerts-refused': z.strictObject(anyCondition).prefault({}).meta({
    description: 'A destination refused alerts for good, and they wait for you (phi-egress sinks dead-letters).',
  }),
  'known-answer-missing': z
    .strictObject(anyCondition)
    .prefault({})
    .meta({ description: 'A synthetic transfer was not found, or not delivered (alerts.known-answer).' }),
} satisfies Record<ConditionId, z.ZodType>;

const conditionsSchema = z.strictObject(conditionKeys);

export type DeclaredConditions = z.output<typeof conditionsSchema>;

import * as z from 'zod';
import { alertsSchema } from '../alerts/schema.ts';
import { conditionKeys } from '../conditions/schema.ts';
import { words } from '../errors/field.ts';
import { geoSchema, residencyKeys } from '../geo/schema.ts';
import { phiSchema } from '../phi/schema.ts';
import { rulesSchema, undeterminedKeys } from '../rules/schema.ts';
import { sinkSchema, sizeBytes } from '../sinks/schema.ts';
import { sourceSchema } from '../sources/schema.ts';
import { durationMs } from '../time/fields.ts';
import { exceptionSchema, vendorSchema } from '../vendors/schema.ts';
import { DEFAULT_HTTP_LISTEN, httpListen } from './http-listen.ts';

/** Without the key: whatever is there. */
export const DEFAULT_VENDORS = 'vendors.d/*.yaml';

const agentSchema = z
  .strictObject({
    name: words.optional().meta({ description: "Stands in every alert as gateway; without it, the host's name" }),
    state: words
      .prefault('/var/lib/phi-egress')
      .meta({ description: 'Directory of the database, created with mode 0700' }),
    'on-corrupt-state': z.enum(['stop', 'from-start', 'from-end']).default('stop').meta({
      description:
        'When the stored state is damaged: stop and say so, or begin a new one beside it and read the logs from their start, or from their end on',
    }),
    outbox: sizeBytes.prefault('512MiB').meta({
      description:
        'Bytes that alerts may take while they wait for their sinks. Beyond, the oldest info goes first, then low, medium, high; critical never',
    }),
    log: z
      .strictObject({
        level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
        file: words.nullable().default(null).meta({ description: 'null: standard error' }),
      })
      .prefault({})
      .meta({ description: "The agent's own log, JSON" }),
    http: z
      .strictObject({
        listen: httpListen
          .prefault(DEFAULT_HTTP_LISTEN)
          .meta({ description: 'An address and port, or the path of a unix socket' }),
      })
      .nullable()
      .prefault({})
      .meta({ description: '/healthz, /readyz and /metrics; null: not served' }),
  })
  .meta({ description: 'The agent itself' });

const residencySchema = z
  .strictObject({ ...residencyKeys, ...undeterminedKeys })
  .meta({ description: 'Where data may be' });

const evidenceSchema = z
  .strictObject({
    'seal-to': z
      .array(z.string())
      .max(0)
      .default([])
      .meta({ description: 'Not available in this version: an empty list, or leave it out' }),
    retain: durationMs.prefault('2192d').meta({ description: 'Kept for later: this version deletes no evidence' }),
  })
  .meta({ description: 'What is kept for later proof' });

/** The main file. Each stage's part stands beside the stage. */
export const configSchema = z.strictObject({
  agent: agentSchema.prefault({}),
  sources: z.array(sourceSchema).min(1).meta({ description: 'Logs that are read; at least one' }),
  vendors: z
    .union([words, z.array(vendorSchema)])
    .prefault(DEFAULT_VENDORS)
    .meta({
      description: 'A list of vendors, or the files that hold such lists, relative to this one: vendors.d/*.yaml',
    }),
  residency: residencySchema.prefault({}),
  phi: phiSchema.prefault({}),
  geo: geoSchema.prefault({}),
  rules: rulesSchema.extend(conditionKeys).prefault({}),
  exceptions: z.array(exceptionSchema).default([]),
  alerts: alertsSchema.prefault({}),
  sinks: z.array(sinkSchema).default([]).meta({ description: 'Where alerts go' }),
  evidence: evidenceSchema.prefault({}),
});

export type DeclaredAgent = z.output<typeof agentSchema>;
export type DeclaredResidency = z.output<typeof residencySchema>;
export type DeclaredEvidence = z.output<typeof evidenceSchema>;

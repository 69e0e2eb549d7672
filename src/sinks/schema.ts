import * as z from 'zod';
import { field, name, quote, words } from '../errors/field.ts';
import { severity } from '../rules/schema.ts';
import { ALERT_FORMAT_NAMES } from './encoders/alert-format.ts';

const BYTES_PER_UNIT = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** `100MiB` in the file, bytes past this line. Never 0. */
const sizeBytes = field(
  (text, refuse) => {
    const [, digits, unit] = /^([1-9]\d{0,5})(B|KiB|MiB|GiB)$/.exec(text) ?? [];
    if (digits === undefined)
      return refuse(`${quote(text)} is no size`, 'write a number and B, KiB, MiB or GiB: 100MiB');
    return Number(digits) * BYTES_PER_UNIT[unit as keyof typeof BYTES_PER_UNIT];
  },
  { pattern: '^[1-9][0-9]{0,5}(?:B|KiB|MiB|GiB)$', examples: ['512KiB', '100MiB'] },
);

const anySink = {
  name: name.meta({ description: 'Names the sink; unique' }),
  'min-severity': severity.default('info').meta({ description: 'Alerts below this never reach the sink' }),
};

const fileSink = z
  .strictObject({
    ...anySink,
    type: z.literal('file'),
    path: words.meta({ description: 'One alert a line is appended here' }),
    format: z.enum(ALERT_FORMAT_NAMES).default('native').meta({
      description: 'native, ecs, ocsf and cloudevents are JSON; cef for ArcSight and Sentinel, leef for QRadar',
    }),
    rotate: sizeBytes
      .nullable()
      .prefault('100MiB')
      .meta({ description: 'Size at which a new file begins; null: never' }),
    keep: z.int().min(1).max(1000).default(10).meta({ description: 'Rotated files that are kept' }),
  })
  .meta({ description: 'Alerts in a file, one a line' });

const terminalSink = z
  .strictObject({ ...anySink, type: z.literal('terminal') })
  .meta({ description: 'Alerts for people, on standard output' });

/** One sink as the operator writes it. The path may still be relative. */
export const sinkSchema = z.discriminatedUnion('type', [fileSink, terminalSink]);

export type DeclaredSink = z.output<typeof sinkSchema>;

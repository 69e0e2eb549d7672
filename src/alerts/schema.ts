import * as z from 'zod';
import { cronSchedule, durationMs } from '../time/fields.ts';

export const alertsSchema = z
  .strictObject({
    group: durationMs
      .prefault('1h')
      .meta({ description: 'Findings with one dedupe key within this time are one alert' }),
    'close-after': durationMs
      .prefault('24h')
      .meta({ description: 'An alert that saw nothing for this long is closed' }),
    heartbeat: durationMs.nullable().default(null).meta({
      description:
        'How often the sinks that programs read are told that the agent runs, with a number and the lines of each source; null: never',
    }),
    'known-answer': cronSchedule.nullable().default(null).meta({
      description:
        'When a synthetic transfer is taken all the way, from a line in a file to the sinks that programs read, with an alarm if it does not come out; null: never',
    }),
  })
  .meta({ description: 'How findings become alerts' });

export type DeclaredAlerts = z.output<typeof alertsSchema>;

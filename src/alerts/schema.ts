import * as z from 'zod';
import { durationMs } from '../time/fields.ts';

export const alertsSchema = z
  .strictObject({
    group: durationMs
      .prefault('1h')
      .meta({ description: 'Findings with one dedupe key within this time are one alert' }),
    'close-after': durationMs
      .prefault('24h')
      .meta({ description: 'An alert that saw nothing for this long is closed' }),
  })
  .meta({ description: 'How findings become alerts' });

export type DeclaredAlerts = z.output<typeof alertsSchema>;

import * as z from 'zod';
import { cronSchedule } from '../../time/fields.ts';
import { resolverKeys } from '../names/schema.ts';

export const watchSchema = z
  .strictObject({
    schedule: cronSchedule
      .prefault('41 */6 * * *')
      .meta({ description: "When it is looked, as in crontab, in the host's time zone" }),
    ...resolverKeys,
  })
  .meta({ description: "Look where the vendors' domains point, before any transfer goes there; null: never" });

import * as z from 'zod';
import { field, name, quote } from '../errors/field.ts';
import { timeZone } from '../time/fields.ts';
import { isGlob } from './file/glob.ts';
import { formatSchema } from './format-schema.ts';

/** A path whose last part may hold `*` and `?`. */
const pathGlob = field(
  (text, refuse) => {
    if (text === '' || text.endsWith('/')) return refuse(`${quote(text)} names no file`, 'write the path of a log');
    const directory = text.slice(0, text.lastIndexOf('/') + 1);
    return isGlob(directory)
      ? refuse(
          `${quote(text)} has a wildcard in its directory`,
          'use wildcards in the last part only, and list directories one by one',
        )
      : text;
  },
  { examples: ['/var/log/squid/access.log', '/var/log/squid/*.log'] },
);

/** One source as the operator writes it. Paths may still be relative. */
export const sourceSchema = z
  .strictObject({
    name: name.meta({ description: 'Names the source; unique' }),
    type: z.literal('file').meta({ description: 'Where lines come from' }),
    paths: z.array(pathGlob).min(1).meta({ description: 'Log files; the last part of a path may hold * and ?' }),
    format: formatSchema,
    inside: z.enum(['client', 'server', 'by-address']).meta({
      description:
        'Which side is ours: client (forward proxy), server (reverse proxy, SFTP server), or by-address (whichever is not on a public address)',
    }),
    timezone: timeZone.prefault('UTC').meta({ description: 'IANA zone of timestamps that carry none' }),
    start: z
      .enum(['end', 'beginning'])
      .default('end')
      .meta({ description: 'Where to begin in a file that is there when the source is first seen' }),
    silence: z.null().optional().meta({ description: 'Not available in this version: null, or leave it out' }),
  })
  .meta({ description: 'A log that is followed' });

export type DeclaredSource = z.output<typeof sourceSchema>;

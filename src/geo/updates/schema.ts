import * as z from 'zod';
import { field, quote, refusal, words } from '../../errors/field.ts';
import { readSecretReference, type SecretReference, secretReference } from '../../errors/secret.ts';
import { httpsDirectory } from '../../net/fields.ts';
import { cronSchedule, durationMs } from '../../time/fields.ts';
import { readPublicKey } from './minisign.ts';

/** As MaxMind writes them: GeoLite2-City, GeoIP2-Anonymous-IP. Part of a URL and of a file name. */
const edition = field(
  (text, refuse) =>
    /^Geo(?:Lite2?|IP2?)(?:-[A-Za-z0-9]+){1,5}$/.test(text)
      ? text
      : refuse(`${quote(text)} is no edition of MaxMind's`, 'write a name such as GeoLite2-City'),
  { pattern: '^Geo(Lite2?|IP2?)(-[A-Za-z0-9]+){1,5}$', examples: ['GeoLite2-City', 'GeoLite2-ASN'] },
);

/** A number, which is no secret, or where it stands. */
const account = z.union([z.int().positive(), z.string()]).transform((input, context): SecretReference | string => {
  const text = String(input);
  const reference = readSecretReference(text);
  if (reference !== undefined || /^\d{1,12}$/.test(text)) return reference ?? text;
  context.addIssue(refusal('This is no account', `write its number, or \${env:MAXMIND_ACCOUNT}`));
  return z.NEVER;
});

const signer = field(
  (text, refuse) =>
    readPublicKey(text) === undefined
      ? refuse(
          `${quote(text)} is no minisign public key`,
          'write the second line of minisign.pub, which begins with RW',
        )
      : text,
  { pattern: '^RW[A-Za-z0-9+/=]{54}$' },
);

export const updateSchema = z
  .strictObject({
    schedule: cronSchedule
      .nullable()
      .default(null)
      .meta({ description: "When the daemon updates, as in crontab, in the host's time zone; null: only on command" }),
    jitter: durationMs.prefault('30m').meta({ description: 'A scheduled update begins up to so much later' }),
    maxmind: z
      .strictObject({
        account: account.optional().meta({ description: 'Number of the account' }),
        key: secretReference.optional().meta({ description: 'Licence key' }),
        editions: z.array(edition).min(1).meta({ description: 'Databases to keep fresh' }),
      })
      .optional()
      .meta({ description: 'Databases of MaxMind; account and key are not needed with a mirror' }),
    'cloud-ranges': z
      .array(z.enum(['aws', 'gcp', 'azure', 'oracle']))
      .default([])
      .meta({ description: 'Address ranges that cloud providers publish' }),
    mirror: httpsDirectory
      .optional()
      .meta({ description: 'A directory of yours that holds the files under the names they are published with' }),
    drop: words.optional().meta({ description: 'A directory whose files are taken up, each with its NAME.sha256' }),
    'signed-by': z
      .array(signer)
      .default([])
      .meta({ description: 'minisign public keys: what is dropped then needs a NAME.minisig of one of them' }),
    ca: words.optional().meta({ description: 'PEM file of certificates to trust besides the usual ones' }),
  })
  .check(({ value, issues }) => {
    const { maxmind, mirror, drop, 'cloud-ranges': ranges } = value;
    if (maxmind !== undefined && mirror === undefined)
      for (const key of ['account', 'key'] as const)
        if (maxmind[key] === undefined)
          issues.push({
            ...refusal(`MaxMind is not asked without ${key === 'key' ? 'a licence key' : 'an account'}`, ADD[key], [
              'maxmind',
            ]),
            input: value,
          });
    if (maxmind === undefined && drop === undefined && ranges.length === 0)
      issues.push({
        ...refusal('This updates nothing', 'add maxmind, cloud-ranges or drop, or write null'),
        input: value,
      });
  })
  .meta({ description: 'How databases and address ranges are kept fresh' });

const ADD = {
  account: `add account: \${env:MAXMIND_ACCOUNT}, or name a mirror`,
  key: `add key: \${env:MAXMIND_KEY}, or name a mirror`,
};

export type DeclaredUpdate = z.output<typeof updateSchema>;
